"""The way from source to release, step by step, and in one go from source to verdict (`uhi run`).

Each step finishes what an interrupted one left, does its work, and reports it to the endpoint of
OpenLineage events, if any. `uhi` and Dagster's assets call the same steps.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.alerts.listing import format_kept_out
from orchestration.alerts.records import Evaluated, PassedOver
from orchestration.build import candidate, gate
from orchestration.build.warehouse import NodeResult, counting
from orchestration.contract.clock import yesterday
from orchestration.errors import HealthIndexError, HomeBusyError, RefusedError
from orchestration.extract.intakes import intake_record
from orchestration.extract.landing import Intake, extract, open_keyed_source
from orchestration.home import locks
from orchestration.home.records.revisions import Revisions
from orchestration.home.records.verdict import Plan, Verdict
from orchestration.lineage.sending import reported
from orchestration.periods import Period, as_of_date, parse_range
from orchestration.privacy.replacement import finish_erasure
from orchestration.release import preparation, publication
from orchestration.release.retraction import finish_retractions
from orchestration.revisions.comparing import revisions_of
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.signatures.people import person_name
from quality.verdict import Check

TELLING_SECONDS = 60.0
LEFT = (
    "  sending took more than {:.0f} s; `uhi alert send` sends what is left, as the next run does"
)


@dataclass(frozen=True)
class Outcome:
    """What became of a period.

    verdict, evaluation: on its candidate and of its alerts; None where its warehouse is not sound,
    for a reason.
    """

    period: str
    verdict: Verdict | None
    evaluation: Evaluated | PassedOver | None = None
    reason: str | None = None

    @property
    def passed(self) -> bool:
        """Whether the candidate may be prepared."""
        return self.verdict is not None and self.verdict.passed

    def failed_checks(self) -> list[Check]:
        """Checks that did not pass, of either severity."""
        checks = self.verdict.checks if self.verdict else ()
        return [check for check in checks if not check.passed]

    def lines(self) -> list[str]:
        """The outcome for a reader."""
        if self.verdict is None:
            return [f"{self.period}: refused", f"  {self.reason}"]
        provisional = ", provisional" if self.verdict.provisional else ""
        outcome = "passed" if self.passed else "refused"
        lines = [f"{self.period} as of {self.verdict.as_of}{provisional}: {outcome}"]
        lines += [
            f"  {check.severity} {check.name}: {check.observed}" for check in self.failed_checks()
        ]
        if isinstance(self.evaluation, Evaluated):
            lines += format_kept_out(self.evaluation.kept_out)
        return lines

    def summary(self) -> dict[str, Any]:
        """The outcome as JSON."""
        return {
            "period": self.period,
            "passed": self.passed,
            "reason": self.reason,
            "not_passed": [check.model_dump() for check in self.failed_checks()],
        }


def due_dates(range_text: str, stated: date | None) -> list[tuple[Period, date]]:
    """Periods of a range with their as-of dates; a stated one is that of the last.

    Raises UsageError, before anything is read.
    """
    periods = parse_range(range_text)
    business_date = yesterday()
    dates = [
        (period, as_of_date(period, stated if period == periods[-1] else None, business_date))
        for period in periods
    ]
    for period, as_of in dates:
        candidate.methodology_of(period)
        candidate.check_calendar(as_of)
    candidate.check_lists_of_quality()
    return dates


def land(settings: Settings, source: str, progress: Progress, *, whole: bool = False) -> Intake:
    """Extract the source into the landing (`extract`), once an interrupted erasure is finished."""
    with (
        reported(settings, "extraction") as report,
        locks.held(settings.home, locks.LANDING),
    ):
        finish_erasure(settings.home)
        intake = extract(settings, source, progress, whole=whole)
        report(intake.record.tables)
    return intake


def build(settings: Settings, plan: Plan, on_node: Callable[[NodeResult], None]) -> Path:
    """Build the warehouse of a plan (`candidate.build_warehouse`)."""
    with reported(settings, "build", plan.period) as report:
        built = candidate.build_warehouse(settings.home, plan, on_node)
        tables = intake_record(settings.home, plan.intake).tables
        report(tables, plan.methodology.sha256, plan.predecessor)
    return built


def judge(settings: Settings, plan: Plan) -> Verdict:
    """Assemble and judge the candidate of a plan (`gate.judge`)."""
    with reported(settings, "verdict", plan.period) as report:
        verdict = gate.judge(settings.home, plan)
        report(verdict)
    return verdict


def prepare(
    settings: Settings,
    period: Period,
    kind: str | None = None,
    reason: str | None = None,
    progress: Progress = lambda _: None,
) -> Path:
    """Prepare the release of a period (`preparation.prepare`), once retractions are finished.

    Its cases of alerts are first written anew from their log, for nothing vouches for their files.
    """
    from orchestration.alerts.snapshots import renew_snapshot

    with reported(settings, "preparation", str(period)) as report:
        finish_retractions(settings.home)
        renew_snapshot(settings, period)
        prepared = preparation.prepare(settings, period, kind, reason, progress)
        report(prepared)
    return prepared


def publish(settings: Settings, period: Period) -> Path:
    """Publish what is prepared (`publication.publish`), once retractions are finished."""
    with reported(settings, "publication", str(period)) as report:
        finish_retractions(settings.home)
        release = publication.publish(settings.home, period)
        report(release)
    return release


def run(
    settings: Settings,
    source: str,
    periods: list[tuple[Period, date]],
    prepared_by: str | None,
    progress: Progress,
    *,
    whole: bool = False,
    on_outcome: Callable[[Outcome], None] = lambda _: None,
) -> tuple[Intake, list[Outcome]]:
    """Extract once, then build and judge each period in order.

    Goes on after a refused period; returns the intake and each outcome. on_outcome: called with
    each before the next period is built.
    """
    person = person_name(prepared_by) if prepared_by else None
    with open_keyed_source(settings, source):
        progress(f"reading the source for {periods[0][0]} to {periods[-1][0]}")
    with locks.held(settings.home, locks.LANDING):
        intake = land(settings, source, progress, whole=whole)
        outcomes = []
        for period, as_of in periods:
            outcome = build_and_judge(settings, intake, period, as_of, person, progress)
            on_outcome(outcome)
            outcomes.append(outcome)
    return intake, outcomes


def compare_with_published(settings: Settings, intake: str, progress: Progress) -> Revisions:
    """Hold an intake against published months (`revisions_of`), no erasure being unfinished."""
    with locks.held(settings.home, locks.LANDING):
        finish_erasure(settings.home)
        return revisions_of(settings, intake, progress)


def tell(settings: Settings, progress: Progress, seconds: float = TELLING_SECONDS) -> list[str]:
    """Send the notices that wait; returns what became of them, nothing where nobody is named.

    What cannot be sent waits, and fails no run; so does what is left after so many seconds, or
    while another process sends.
    """
    if not settings.home.notify.exists():
        return []
    from orchestration.alerts.sending import deliver, format_deliveries

    progress("sending notices of alerts")
    deadline = time.monotonic() + seconds

    def is_late() -> bool:
        return time.monotonic() > deadline

    def rest(pause: float) -> None:
        time.sleep(min(pause, max(deadline - time.monotonic(), 0)))

    try:
        lines = format_deliveries(deliver(settings, sleep=rest, is_interrupted=is_late))
    except HomeBusyError:
        return ["Another process sends notices now; `uhi alert send` sends what it leaves."]
    except HealthIndexError as error:
        return [f"Notices wait: {error}"]
    return [*lines, LEFT.format(seconds)] if is_late() else lines


def build_and_judge(
    settings: Settings,
    intake: Intake,
    period: Period,
    as_of: date,
    prepared_by: str | None,
    progress: Progress,
) -> Outcome:
    """Build a period's warehouse and candidate, judge it, and evaluate its alerts."""
    from orchestration.alerts.evaluating import evaluate

    plan = candidate.plan_build(settings.home, intake.folder, period, as_of, prepared_by)
    try:
        build(settings, plan, counting(progress, f"{period}: models and tests built"))
    except RefusedError as error:
        return Outcome(str(period), None, reason=str(error))
    progress(f"{period}: judging the candidate")
    verdict = judge(settings, plan)
    progress(f"{period}: {'passed' if verdict.passed else 'refused'}; evaluating its alerts")
    return Outcome(str(period), verdict, evaluate(settings, period))
