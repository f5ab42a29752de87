"""`uhi`: a thin door to the same functions that Dagster calls.

Everything heavy is imported by the command that needs it.
"""

import getpass
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from orchestration.audit import commands as auditing
from orchestration.defs.reporting import report, report_run
from orchestration.errors import HealthIndexError, StorageError, UsageError, storage_reason
from orchestration.screen import Screen, json_option, settings
from quality.edited_files import EditedFileError

period_argument = click.argument("period")
key_option = click.option(
    "--key",
    "key_file",
    metavar="FILE",
    type=click.Path(path_type=Path),
    required=True,
    help="Their private OpenSSH key.",
)
SECTIONS = {
    "See it work": ("demo",),
    "Build and judge a month": ("run", "status", "override"),
    "Release it": ("prepare", "preview", "approve", "publish", "retract"),
    "Check what was released": ("verify", "audit", "trace", "diff", "rebuild", "ledger"),
    "Keep house": ("personal-data", "erase", "prune"),
}
LONGEST_SUMMARY = 1_000


class Commands(click.Group):
    """The commands in the order of the work.

    Errors that a user can act on become their message and exit code.
    """

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write each command with the whole of its first sentence."""
        for title, names in SECTIONS.items():
            commands = [(name, self.commands[name]) for name in names]
            with formatter.section(title):
                formatter.write_dl(
                    [
                        (name, command.get_short_help_str(LONGEST_SUMMARY))
                        for name, command in commands
                    ]
                )

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401
        """Run a command; exit with the contract's code where it fails."""
        try:
            return super().invoke(ctx)
        except HealthIndexError as error:
            click.echo(f"uhi: {error}", err=True)
            ctx.exit(error.exit_code)
        except EditedFileError as error:
            click.echo(f"uhi: {error}", err=True)
            ctx.exit(UsageError.exit_code)
        except Exception as error:
            reason = storage_reason(error)
            if reason is None:
                raise
            click.echo(f"uhi: {StorageError(reason)}", err=True)
            ctx.exit(StorageError.exit_code)


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="union-health-index")
def main() -> None:
    """Health index of private-enterprise unions: extract, build, judge, release.

    What lasts lies under UHI_HOME (default ./data).
    """


def operator() -> str:
    """Name of the operating system's user, or its number where it has none."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"


@main.command()
@json_option
def demo(*, as_json: bool) -> None:
    """Make the demo city, run October to December 2020, and publish 2020-12."""
    from orchestration.demo.demonstration import demonstrate

    screen = Screen(as_json=as_json)
    current = settings()
    release, headline = demonstrate(current, screen.progress)
    page = release / "public" / "index.html"
    keys = current.home.demo / "keys" / "allowed_signers"
    lines = [
        f"Published 2020-12 of the synthetic demo city: {release}",
        *(f"  {name}: {value}" for name, value in headline.items()),
        f"Look at it: open {page} in a browser; check it: uhi verify {release} --keys {keys}",
    ]
    screen.result(lines, {"release": str(release), "page": str(page), **headline})


@main.command()
@click.option(
    "--source",
    help=(
        "Folder with one Parquet, CSV or Excel file per table, or a database's URL "
        "[default: UHI_SOURCE]."
    ),
)
@click.option(
    "--period", "periods", required=True, help="Month YYYY-MM, or a range YYYY-MM..YYYY-MM."
)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    help="As-of date in the (last) period, up to yesterday [default: its end, or yesterday].",
)
@click.option(
    "--as",
    "prepared_by",
    metavar="NAME",
    help="Who prepares it [default: the user of the operating system].",
)
@click.option(
    "--whole",
    is_flag=True,
    help="Read a database whole, not its changes alone; finds what was deleted.",
)
@json_option
def run(
    *,
    source: str | None,
    periods: str,
    as_of: datetime | None,
    prepared_by: str | None,
    whole: bool,
    as_json: bool,
) -> None:
    """Extract, build and judge; exits 3 where a candidate is refused."""
    from orchestration import pipeline
    from orchestration.errors import RefusedError, UsageError

    current = settings()
    chosen = source or current.source
    if not chosen:
        raise UsageError("No source: give --source or set UHI_SOURCE.")
    due = pipeline.due_dates(periods, as_of.date() if as_of else None)
    screen = Screen(as_json=as_json)
    intake, outcomes = pipeline.run(
        current, chosen, due, prepared_by or operator(), screen.progress, whole=whole
    )
    tables = intake.record.tables
    read, landed = (sum(getattr(table, name) for table in tables) for name in ("rows_read", "rows"))
    report_run(current.home, outcomes, screen.progress)
    lines = [f"Read {read:,} rows, landed {landed:,} as {intake.folder}"]
    lines += [
        f"  {table.source}: {table.keys_gone:,} keys are gone since the intake before"
        for table in tables
        if table.keys_gone
    ]
    lines += [
        f"  {table.source}: columns beyond the contract ignored: {', '.join(table.ignored_columns)}"
        for table in tables
        if table.ignored_columns
    ]
    for outcome in outcomes:
        lines += outcome.lines()
    screen.result(
        lines,
        {"intake": intake.record.intake, "periods": [outcome.summary() for outcome in outcomes]},
    )
    if refused := [outcome.period for outcome in outcomes if not outcome.passed]:
        raise RefusedError(f"Refused: {', '.join(refused)}.")


@main.command()
@period_argument
@click.option("--check", required=True, help="The check that did not pass.")
@click.option(
    "--reason", required=True, help="Why it is released all the same; shown in the release."
)
@click.option(
    "--as",
    "by",
    metavar="NAME",
    required=True,
    help="Who answers for it, as the allowed signers name them.",
)
@key_option
@json_option
def override(
    *, period: str, check: str, reason: str, by: str, key_file: Path, as_json: bool
) -> None:
    """Sign an exception for one check of PERIOD's candidate that allows one."""
    from orchestration.periods import Period
    from orchestration.release import verdicts

    entry = verdicts.override(settings().home, Period.parse(period), check, reason, by, key_file)
    Screen(as_json=as_json).result([f"Overridden: {check} of {period} by {by}"], entry.as_json())


@main.command()
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
    report(current.home, month, ["prepared"], screen.progress)
    screen.result([f"Prepared {period}: {folder}"], {"period": period, "prepared": str(folder)})


@main.command()
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


@main.command()
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
    entry = preparation.approve(current.home, month, by, key_file)
    report(current.home, month, ["approvals"], screen.progress)
    screen.result([f"Approved {period}, by {by}"], entry.as_json())


@main.command()
@period_argument
@json_option
def publish(*, period: str, as_json: bool) -> None:
    """Publish what is prepared for PERIOD and has its approvals, when its time has come."""
    from orchestration import pipeline
    from orchestration.periods import Period

    screen, current, month = Screen(as_json=as_json), settings(), Period.parse(period)
    folder = pipeline.publish(current, month)
    report(current.home, month, ["published"], screen.progress)
    screen.result([f"Published {period}: {folder}"], {"period": period, "release": str(folder)})


@main.command()
@period_argument
@click.option("--reason", required=True, help="Why it is withdrawn; shown in its place.")
@click.option(
    "--as",
    "by",
    metavar="NAME",
    help="Who withdraws it [default: the user of the operating system].",
)
@json_option
def retract(*, period: str, reason: str, by: str | None, as_json: bool) -> None:
    """Withdraw the release of PERIOD that is in force; a tombstone stays in its place."""
    from orchestration.periods import Period
    from orchestration.release import retraction

    screen, current, month = Screen(as_json=as_json), settings(), Period.parse(period)
    place = retraction.retract(current.home, month, reason, by or operator())
    report(current.home, month, ["retracted"], screen.progress)
    screen.result(
        [f"Retracted {period} {place.name}: {place}"], {"period": period, "retracted": place.name}
    )


@main.command()
@click.argument("before", type=click.Path(path_type=Path))
@click.argument("after", type=click.Path(path_type=Path))
@click.option(
    "--all",
    "every",
    is_flag=True,
    help="List every difference, not only the counts and the counties.",
)
@json_option
def diff(*, before: Path, after: Path, every: bool, as_json: bool) -> None:
    """What changed from the release in BEFORE to that in AFTER, and what moved the indices."""
    from orchestration.release import comparison

    compared = comparison.compare(before, after)
    Screen(as_json=as_json).result(comparison.lines_of(compared, every=every), compared)


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--keys",
    metavar="FILE",
    type=click.Path(path_type=Path),
    help="File of allowed signers: verify the signatures too.",
)
@json_option
def verify(*, folder: Path, keys: Path | None, as_json: bool) -> None:
    """Check the release in FOLDER, or its public folder alone.

    It needs nothing but the release's own files, and the public keys where given.
    """
    from orchestration.release import bundle, public_edition
    from orchestration.signatures import approvals

    screen = Screen(as_json=as_json)
    if public_edition.is_public_edition(folder):
        edition = public_edition.verify_public(folder, keys)
        screen.result(
            public_edition.lines_of(folder, edition, keys), public_edition.summary(edition, keys)
        )
        return
    verified = bundle.verify(folder, keys)
    approvers = [entry.by for entry in approvals.approvals_in(folder)]
    overrides = [entry.by for entry in bundle.overrides_in(folder)]
    signatures = f"{len(approvers)} approvals ({', '.join(approvers)}), {len(overrides)} overrides"
    judged = f"{len(verified.files)} files of {verified.manifest.period}"
    lines = [
        f"{folder} is as it was built and judged: {judged}.",
        f"  signatures: {signatures}: " + ("verified" if keys else "not verified; give --keys"),
    ]
    content = {"period": verified.manifest.period, "files": len(verified.files), "verified": True}
    screen.result(
        lines,
        content
        | {"approvals": approvers, "overrides": overrides, "signatures_verified": keys is not None},
    )


@main.command()
@json_option
def status(*, as_json: bool) -> None:
    """Say what is landed, judged, prepared, approved and published."""
    from orchestration.state import describe, state_of

    screen = Screen(as_json=as_json)
    state = state_of(settings().home)
    screen.result(describe(state), state)


@main.command()
@click.option("--dry-run", is_flag=True, help="Only say what would be removed.")
@json_option
def prune(*, dry_run: bool, as_json: bool) -> None:
    """Remove landing that no release, candidate or retention rule (UHI_KEEP_DAYS) names."""
    from dataclasses import asdict

    from orchestration.privacy import retention

    screen = Screen(as_json=as_json)
    pruning = retention.prune(settings(), dry_run=dry_run)
    verb = "Would remove" if dry_run else "Removed"
    intakes, objects = len(pruning.intakes), len(pruning.objects)
    lines = [f"{verb} {intakes} intakes and {objects} landed files, {pruning.bytes:,} bytes."]
    screen.result(
        lines + [f"  intake {name}" for name in pruning.intakes],
        {"dry_run": dry_run, **asdict(pruning)},
    )


@main.command()
@click.option(
    "--reason", required=True, help="Why; kept in the ledger, and therefore without the person."
)
@click.option("--as", "by", metavar="NAME", required=True, help="Who answers for it.")
@click.option("--dry-run", is_flag=True, help="Only say what would be taken out.")
@json_option
def erase(*, reason: str, by: str, dry_run: bool, as_json: bool) -> None:
    """Take one person out of the landing, on their request.

    Asks for the identity number, or reads it from standard input.
    """
    from orchestration.privacy import erasure
    from orchestration.privacy.erasure_report import format_erasure

    number = identity_number()
    screen = Screen(as_json=as_json)
    erased = erasure.erase(settings(), number, by, reason, screen.progress, dry_run=dry_run)
    screen.result(format_erasure(erased), erased.as_json())


def identity_number() -> str:
    """A resident identity number, from a prompt that does not show it.

    Where standard input is no terminal, it is read from there.
    """
    if sys.stdin.isatty():
        answer: str = click.prompt("Resident identity number", hide_input=True, err=True)
        return answer
    return sys.stdin.buffer.readline().decode(errors="replace")


for command in (
    auditing.audit,
    auditing.trace,
    auditing.rebuild,
    auditing.ledger,
    auditing.personal_data,
):
    main.add_command(command)

if __name__ == "__main__":
    main()
