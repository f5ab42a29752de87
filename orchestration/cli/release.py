"""`uhi` commands on the way of a release, from its preparation to its withdrawal."""

from pathlib import Path

import click

from orchestration.cli.options import key_option, period_argument
from orchestration.defs.reporting import report
from orchestration.screen import Screen, json_option, operator, settings


@click.command()
@period_argument
@click.option(
    "--kind", help="Of a release that supersedes another: revision, correction or method_change."
)
@click.option("--reason", help="Why it supersedes the other; shown in the release.")
@json_option
def prepare(*, period: str, kind: str | None, reason: str | None, as_json: bool) -> None:
    """Build and judge the whole release of PERIOD."""
    from orchestration import pipeline
    from orchestration.periods import Period

    screen, current, month = Screen(as_json=as_json), settings(), Period.parse(period)
    folder = pipeline.prepare(current, month, kind, reason, screen.progress)
    report(current, month, ["prepared"], screen.progress)
    screen.result([f"Prepared {period}: {folder}"], {"period": period, "prepared": str(folder)})


@click.command()
@period_argument
@click.option("--as", "by", metavar="NAME", required=True, help="Who looks at it.")
@click.option(
    "--reason", required=True, help="Why before its time; kept in the ledger and with the release."
)
@json_option
def preview(*, period: str, by: str, reason: str, as_json: bool) -> None:
    """Look at what is prepared for PERIOD before its time; the ledger records who and why."""
    from orchestration.periods import Period
    from orchestration.release import preparation

    folder = preparation.preview(settings().home, Period.parse(period), by, reason)
    pages = {edition: str(folder / edition / "index.html") for edition in ("public", "internal")}
    lines = [
        f"Recorded: {by} looks at {period} before its time. Open in a browser:",
        *(f"  {page}" for page in pages.values()),
    ]
    Screen(as_json=as_json).result(lines, {"period": period, "by": by, **pages})


@click.command()
@period_argument
@click.option(
    "--as",
    "by",
    metavar="NAME",
    required=True,
    help="Who approves it, as the allowed signers name them.",
)
@key_option
@json_option
def approve(*, period: str, by: str, key_file: Path, as_json: bool) -> None:
    """Sign an approval of exactly what is prepared for PERIOD."""
    from orchestration.periods import Period
    from orchestration.release import preparation

    screen, current, month = Screen(as_json=as_json), settings(), Period.parse(period)
    entry = preparation.approve(
        current.home,
        month,
        by,
        key_file,
        current.processes,
        screen.progress,
    )
    report(current, month, ["approvals"], screen.progress)
    screen.result([f"Approved {period}, by {by}"], entry.as_json())


@click.command()
@period_argument
@json_option
def publish(*, period: str, as_json: bool) -> None:
    """Publish what is prepared for PERIOD and has its approvals, when its time has come."""
    from orchestration import pipeline
    from orchestration.periods import Period

    screen, current, month = Screen(as_json=as_json), settings(), Period.parse(period)
    folder = pipeline.publish(current, month)
    report(current, month, ["published"], screen.progress)
    screen.result([f"Published {period}: {folder}"], {"period": period, "release": str(folder)})


@click.command()
@period_argument
@click.option("--reason", required=True, help="Why it is withdrawn; shown in its place.")
@click.option(
    "--as",
    "by",
    metavar="NAME",
    help="Who withdraws it [default: UHI_OPERATOR, else the user of the operating system].",
)
@json_option
def retract(*, period: str, reason: str, by: str | None, as_json: bool) -> None:
    """Withdraw the release of PERIOD that is in force; a tombstone stays in its place."""
    from orchestration.periods import Period
    from orchestration.release import retraction

    screen, current, month = Screen(as_json=as_json), settings(), Period.parse(period)
    place = retraction.retract(current.home, month, reason, by or operator(current))
    report(current, month, ["retracted"], screen.progress)
    screen.result(
        [f"Retracted {period} {place.name}: {place}"], {"period": period, "retracted": place.name}
    )
