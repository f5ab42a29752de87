"""From source to verdict in one go: what `uhi run` does, step by step the same functions that Dagster's assets call."""

from datetime import date
from typing import Any

from orchestration import candidate, files, gate
from orchestration.extract.landing import Intake, Progress, extract
from orchestration.periods import Period, as_of_date, parse_range, yesterday
from orchestration.settings import Settings
from orchestration.warehouse import NodeResult


def due_dates(range_text: str, stated: date | None) -> list[tuple[Period, date]]:
    """Periods of a range with their as-of dates; a stated one is that of the last. Raises UsageError, before anything is read."""
    periods = parse_range(range_text)
    business_date = yesterday()
    dates = [(period, as_of_date(period, stated if period == periods[-1] else None, business_date)) for period in periods]
    for period, as_of in dates:
        candidate.methodology_of(period)
        candidate.check_calendar(as_of)
    return dates


def run(
    settings: Settings, source: str, periods: list[tuple[Period, date]], prepared_by: str | None, progress: Progress
) -> tuple[Intake, list[dict[str, Any]]]:
    """Extract once, then build and judge each period in order. Returns the intake and a verdict for each period."""
    with files.locked(settings.home):
        intake = extract(settings, source, progress)
        verdicts = [build_and_judge(settings, intake, period, as_of, prepared_by, progress) for period, as_of in periods]
    return intake, verdicts


def build_and_judge(
    settings: Settings, intake: Intake, period: Period, as_of: date, prepared_by: str | None, progress: Progress
) -> dict[str, Any]:
    """Build a period's warehouse and candidate, and judge it."""
    plan = candidate.plan_build(settings, intake.folder, period, as_of, prepared_by)
    done = 0

    def count(node: NodeResult) -> None:
        nonlocal done
        done += 1
        progress(f"{period}: built {done} models and tests, last {node.unique_id.split('.')[2]}")

    candidate.build_warehouse(settings, plan, count)
    progress(f"{period}: judging the candidate")
    verdict = gate.judge(settings, plan)
    progress(f"{period}: {'passed' if verdict['passed'] else 'refused'}")
    return verdict
