"""`uhi alert`: the cases of alerts, and what is done about them."""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from orchestration.cli.alert_letters import letter
from orchestration.cli.alert_sheets import sheet
from orchestration.cli.group import Subcommands
from orchestration.cli.options import by_option, period_argument
from orchestration.screen import Screen, json_option, operator, settings
from quality.nouns import counted_noun

if TYPE_CHECKING:
    from orchestration.alerts.records import Action, Case

DAY = click.DateTime(["%Y-%m-%d"])
case_argument = click.argument("case", type=click.IntRange(min=1))


@click.group(cls=Subcommands)
def alert() -> None:
    """Cases of alerts: what is open, until when, and what was done about it."""


@alert.command("list")
@click.option("--county", metavar="CODE", help="Only the cases of a county.")
@click.option("--state", "states", multiple=True, help="Only cases in this state; repeatable.")
@click.option("--closed", "with_closed", is_flag=True, help="Closed cases too.")
@json_option
def list_cases(
    *, county: str | None, states: tuple[str, ...], with_closed: bool, as_json: bool
) -> None:
    """Show the cases by their deadline."""
    from orchestration.alerts.listing import Wanted, format_cases, listed
    from orchestration.alerts.store import opened

    wanted = Wanted(county, frozenset(states), with_closed)
    with opened(settings()) as store:
        cases = listed(store.cases(), wanted)
    Screen(as_json=as_json).result(
        format_cases(cases), {"cases": [content(each) for each in cases]}
    )


@alert.command()
@case_argument
@click.option("--acknowledged", is_flag=True, help="The county has seen it.")
@click.option("--planned", type=DAY, help="The day by which the county means to correct it.")
@click.option("--corrected", type=DAY, help="The day on which it was corrected.")
@click.option("--evidence", metavar="NUMBER", help="The number of what shows the correction.")
@click.option("--remark", help="What else there is to say; stays internal, names no person.")
@by_option
@json_option
def act(
    *,
    case: int,
    acknowledged: bool,
    planned: datetime | None,
    corrected: datetime | None,
    evidence: str | None,
    remark: str | None,
    by: str | None,
    as_json: bool,
) -> None:
    """Say what was done about CASE. The figures close it, no command does."""
    from orchestration.alerts import acting
    from orchestration.alerts.desk import refresh
    from orchestration.alerts.records import Acted
    from orchestration.alerts.store import opened
    from orchestration.signatures.people import person_name

    current = settings()
    remark, evidence = stated(remark), stated(evidence)
    action, on = stated_action(acknowledged, planned, corrected, evidence, remark)
    acted = Acted(
        case=case,
        action=action,
        by=person_name(by or operator(current)),
        door="command",
        on=on,
        evidence=evidence,
        remark=remark,
    )
    with opened(current) as store:
        changed = acting.act(store, acted)
    with opened(current) as store:
        refresh(store, current.home, [changed.county_code])
    show(changed, as_json=as_json)


def stated_action(
    acknowledged: bool,  # noqa: FBT001
    planned: datetime | None,
    corrected: datetime | None,
    evidence: str | None,
    remark: str | None,
) -> "tuple[Action, date | None]":
    """The one action that is stated, with its day. Raises UsageError."""
    from orchestration.errors import UsageError

    if evidence and not corrected:
        raise UsageError("A number of evidence needs the day of the correction: --corrected.")
    actions: list[tuple[Action, date | None]] = []
    if acknowledged:
        actions.append(("acknowledged", None))
    if planned:
        actions.append(("planned", planned.date()))
    if corrected:
        actions.append(("corrected", corrected.date()))
    if not actions and remark:
        actions.append(("remarked", None))
    if len(actions) != 1:
        raise UsageError("Give one of --acknowledged, --planned, --corrected, or a --remark alone.")
    return actions[0]


def stated(text: str | None) -> str | None:
    """A text without blanks around it; None where that is nothing."""
    return (text or "").strip() or None


@alert.command()
@case_argument
@click.option("--until", type=DAY, required=True, help="The last day on which it sends nothing.")
@click.option("--reason", required=True, help="Why; kept in the log.")
@by_option
@json_option
def silence(*, case: int, until: datetime, reason: str, by: str | None, as_json: bool) -> None:
    """Let CASE send nothing for some time; it stays in all statistics."""
    from orchestration.alerts import acting
    from orchestration.alerts.desk import refresh
    from orchestration.alerts.records import Silenced
    from orchestration.alerts.store import opened
    from orchestration.plain_text import LONGEST_REASON, stated_line
    from orchestration.signatures.people import person_name

    current = settings()
    name = person_name(by or operator(current))
    why = stated_line(reason, "A silence needs its reason", LONGEST_REASON)
    silenced = Silenced(case=case, until=until.date(), reason=why, by=name)
    with opened(current) as store:
        changed = acting.silence(store, silenced)
    with opened(current) as store:
        refresh(store, current.home, [changed.county_code])
    show(changed, as_json=as_json)


@alert.command()
@period_argument
@json_option
def evaluate(*, period: str, as_json: bool) -> None:
    """Evaluate the candidate of PERIOD, as each run does, where that could not."""
    from orchestration.alerts.evaluating import evaluate as evaluate_candidate
    from orchestration.alerts.listing import format_evaluation
    from orchestration.defs.reporting import report
    from orchestration.periods import Period

    current, screen = settings(), Screen(as_json=as_json)
    month = Period.parse(period)
    entry = evaluate_candidate(current, month)
    report(current, month, ["cases"], screen.progress)
    screen.result(format_evaluation(entry), entry.as_json())


@alert.command("send")
@json_option
def send_notices(*, as_json: bool) -> None:
    """Send the notices that wait and are due, to whom notify.toml names."""
    from dataclasses import asdict

    from orchestration.alerts.sending import deliver, format_deliveries

    deliveries = deliver(settings())
    contents = [asdict(delivery) for delivery in deliveries]
    Screen(as_json=as_json).result(format_deliveries(deliveries), {"notices": contents})


@alert.command()
@json_option
def verify(*, as_json: bool) -> None:
    """Check that the cases are those that follow from their log."""
    from orchestration.alerts.store import opened

    with opened(settings()) as store:
        entries, cases = store.check(), len(store.cases())
    followed = counted_noun(cases, "case follows", "cases follow")
    lines = [f"{followed} from {counted_noun(entries, 'entry', 'entries')} of the log"]
    Screen(as_json=as_json).result(lines, {"cases": cases, "entries": entries})


@alert.command()
@click.option(
    "--as-of",
    "day",
    type=DAY,
    help="As the last evaluation up to that day has it [default: as the last].",
)
@click.option("--write", is_flag=True, help="Write the tables to UHI_HOME/alerts/statistics too.")
@click.option(
    "--to",
    "folder",
    metavar="DIR",
    type=click.Path(path_type=Path, file_okay=False),
    help="Write them there instead, as CSV and Parquet.",
)
@json_option
def statistics(*, day: datetime | None, write: bool, folder: Path | None, as_json: bool) -> None:
    """Show by county and rule how many cases there are, how fast and how well they are corrected.

    They are internal, and enter no index.
    """
    from orchestration.alerts.statistics import History, statistics_of
    from orchestration.alerts.statistics_tables import format_statistics, write_statistics
    from orchestration.alerts.store import opened

    current = settings()
    with opened(current) as store:
        history = History.read(store.entries(), day.date() if day else None)
    found = statistics_of(history)
    lines = format_statistics(found)
    if write or folder:
        written = write_statistics(found, folder or current.home.alerts / "statistics")
        lines += ["", *(f"Written: {file}" for file in written)]
    Screen(as_json=as_json).result(lines, found.model_dump(mode="json"))


alert.add_command(sheet)
alert.add_command(letter)


def show(case: "Case", *, as_json: bool) -> None:
    """Show one case."""
    from orchestration.alerts.listing import format_cases

    Screen(as_json=as_json).result(format_cases([case]), content(case))


def content(case: "Case") -> dict[str, Any]:
    """A case as JSON, with its state."""
    return {"state": case.state} | case.model_dump(mode="json")
