"""`uhi` commands that build and judge months, from the demo city or a source."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.cli.options import (
    chosen_source,
    key_option,
    map_option,
    period_argument,
    with_map,
)
from orchestration.defs.reporting import report_run
from orchestration.screen import Screen, json_option, operator, settings
from quality.nouns import counted_noun

if TYPE_CHECKING:
    from orchestration.home.records.revisions import Revisions
    from orchestration.screen import Progress
    from orchestration.settings import Settings


@click.command()
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


@dataclass(frozen=True)
class Comparison:
    """What an intake says otherwise than published months, or why that is not known.

    The months that were judged stand all the same.
    """

    revisions: "Revisions | None" = None
    problem: Exception | None = None

    @classmethod
    def of(cls, settings: "Settings", intake: str, progress: "Progress") -> "Comparison":
        """That of an intake."""
        from orchestration import pipeline

        try:
            return cls(pipeline.compare_with_published(settings, intake, progress))
        except Exception as error:  # noqa: BLE001 - it is raised once the verdicts are told
            return cls(problem=error)

    def lines(self) -> list[str]:
        """The same for a reader; nothing where no month is published."""
        from orchestration.revisions.text import revised_lines

        if self.revisions:
            return revised_lines(self.revisions)
        return [
            f"What was judged stands, but was not compared with what is published: {self.problem}",
            "  `uhi source revisions` compares again",
        ]


@click.command()
@click.option(
    "--source",
    help=(
        "Folder with one Parquet, CSV or Excel file per table, or a database's URL "
        "[default: UHI_SOURCE]."
    ),
)
@map_option
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
    help="Who prepares it [default: UHI_OPERATOR, else the user of the operating system].",
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
    source_map: Path | None,
    periods: str,
    as_of: datetime | None,
    prepared_by: str | None,
    whole: bool,
    as_json: bool,
) -> None:
    """Extract, build and judge; exits 3 where a candidate is refused."""
    from orchestration import pipeline
    from orchestration.errors import RefusedError

    current = with_map(settings(), source_map)
    chosen = chosen_source(current, source)
    due = pipeline.due_dates(periods, as_of.date() if as_of else None)
    screen = Screen(as_json=as_json)
    intake, outcomes = pipeline.run(
        current, chosen, due, prepared_by or operator(current), screen.progress, whole=whole
    )
    tables = intake.record.tables
    read, landed = (sum(getattr(table, name) for table in tables) for name in ("rows_read", "rows"))
    deliveries = pipeline.tell(current, screen.progress)
    comparison = Comparison.of(current, intake.record.intake, screen.progress)
    report_run(current, outcomes, screen.progress)
    lines = [f"Read {counted_noun(read, 'row')}, landed {landed:,} as {intake.folder}"]
    lines += [
        f"  {table.source}: {counted_noun(table.keys_gone, 'key is', 'keys are')} "
        "gone since the intake before"
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
    lines += [*deliveries, *comparison.lines()]
    screen.result(
        lines,
        {
            "intake": intake.record.intake,
            "periods": [outcome.summary() for outcome in outcomes],
            "revisions": comparison.revisions and comparison.revisions.as_json(),
        },
    )
    if refused := [outcome.period for outcome in outcomes if not outcome.passed]:
        raise RefusedError(f"Refused: {', '.join(refused)}.")
    if comparison.problem:
        raise comparison.problem


@click.command()
@json_option
def status(*, as_json: bool) -> None:
    """Say what is landed, judged, prepared, approved and published, and how far alerts are."""
    from orchestration.state import describe, state_of
    from orchestration.watch.state import describe_watch, state_of_watch

    screen = Screen(as_json=as_json)
    current = settings()
    state = state_of(current.home)
    lines = describe(state)
    if current.has_alerts:
        from orchestration.alerts.status import describe_alerts, state_of_alerts

        alerts = state_of_alerts(current)
        lines += describe_alerts(alerts)
        state |= {"alerts": alerts}
    if watched := state_of_watch(current.home):
        lines += describe_watch(watched)
        state |= {"watch": watched}
    screen.result(lines, state)


@click.command()
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
