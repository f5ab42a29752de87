"""Evaluates a candidate: from its judged tables to the log of alerts.

A candidate counts by the verdict that the ledger records, and is evaluated over exactly the bytes
that were judged. One that is not sound changes no case, and the log says why.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.alerts.deadlines import Deadlines
from orchestration.alerts.desk import refresh
from orchestration.alerts.evaluation import SoundCandidate, evaluation_of
from orchestration.alerts.naming import names_in
from orchestration.alerts.notices import notices_of
from orchestration.alerts.outbox import put
from orchestration.alerts.recipients import read_notify
from orchestration.alerts.records import Evaluated, Finding, PassedOver
from orchestration.alerts.rectification.reading import NAME as RECTIFICATION
from orchestration.alerts.rectification.taking import take
from orchestration.alerts.snapshots import keep_snapshot
from orchestration.alerts.store import Store, opened
from orchestration.build.candidate import (
    StoredMonth,
    candidate_month,
    changed,
    check_recorded,
    methodology_of,
)
from orchestration.contract.clock import today
from orchestration.errors import RefusedError
from orchestration.extract.intakes import further_file, intake_record
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period
from orchestration.settings import Settings
from quality.release_files import read_rows

FINDINGS = """
    select
        alerts.union_id,
        unions.name_zh,
        unions.county_code,
        alerts.rule,
        alerts.dimension,
        alerts.level,
        alerts.observed,
        alerts.threshold
    from read_parquet($alerts) as alerts
    inner join read_parquet($unions) as unions using (union_id)
    order by all
"""
COUNTIES = "select distinct county_code from read_parquet($unions)"
MEASURED = "select union_id from read_parquet($unions)"


@dataclass(frozen=True)
class Recorded:
    """What came of a candidate, before it is shown.

    entry: of the log; verdict: the candidate's file of it; counties: of which there is something
    new, None where all are to be shown anew.
    """

    entry: Evaluated | PassedOver
    verdict: Path
    counties: frozenset[str] | None


def evaluate(settings: Settings, period: Period) -> Evaluated | PassedOver:
    """Evaluate the candidate of a period and show what came of it; returns the entry of the log.

    Raises as `record` does.
    """
    recorded = record(settings, period)
    show(settings, recorded)
    return recorded.entry


def record(settings: Settings, period: Period, judged_in: Home | None = None) -> Recorded:
    """Evaluate the candidate of a period: write the entry of the log, and the notices due by it.

    judged_in: the home of a watcher's round, where that has the candidate. The log has no entry of
    a round that brings nothing new since the last evaluation of the day.

    Raises RefusedError where there is no candidate, or it is not the one that was judged,
    UsageError where a rule has no deadline, AlertsError where the database cannot be used.
    """
    stored = judged_candidate(judged_in or settings.home, period)
    deadlines = Deadlines.read()
    notify = read_notify(settings.home.notify)
    names = names_in(settings.home, str(period))
    if notify:
        notify.check_counties({*names.counties, *counties_of_unions(stored)})
    rows = platform_rows(judged_in or settings.home, stored)
    with opened(settings) as store:
        entry = entry_on(stored, store, deadlines, rows)
        is_new_day = is_first_of_day(entry, store.last_evaluated())
        acted_on = store.acted_on_since_evaluation()
        if judged_in and not (is_new_day or acted_on or brings_news(entry)):
            return Recorded(entry, stored.verdict, frozenset())
        changed = store.append(entry)
        if isinstance(entry, Evaluated) and notify:
            cases = {case.number: case for case in store.open_cases()} | changed
            put(store, notices_of(entry, cases, deadlines.steps, notify, names), datetime.now(UTC))
    concerned = frozenset(case.county_code for case in [*changed.values(), *acted_on])
    shows_only_news = judged_in and not is_new_day
    return Recorded(entry, stored.verdict, concerned if shows_only_news else None)


def show(settings: Settings, recorded: Recorded) -> None:
    """Write the desks anew: within a watcher's day those of which there is something new.

    And of a closed month the cases as its release shows them.
    """
    if recorded.counties == frozenset():
        return
    with opened(settings) as store:
        refresh(store, settings.home, recorded.counties)
        keep_snapshot(store, settings.home, recorded.verdict)


def is_first_of_day(entry: Evaluated | PassedOver, last: Evaluated | None) -> bool:
    """Whether no figures of the month as of the same day were evaluated last."""
    return last is None or (last.period, last.as_of) != (entry.period, entry.as_of)


def brings_news(entry: Evaluated | PassedOver) -> bool:
    """Whether an entry says anything that the one before did not."""
    return isinstance(entry, PassedOver) or entry.has_changes or bool(entry.kept_out)


def counties_of_unions(stored: StoredMonth) -> set[str]:
    """The codes of the counties of a candidate's unions, also where the city has no such county."""
    unions = stored.tables / "union_index.parquet"
    return {county for (county,) in read_rows(COUNTIES, unions=unions)}


def judged_candidate(home: Home, period: Period) -> StoredMonth:
    """The candidate of a period, whose tables are those that were judged. Raises RefusedError."""
    stored = candidate_month(home, period)
    if stored is None:
        raise RefusedError(f"{period} has no judged candidate; run it first.")
    check_recorded(home, period, stored)
    if differing := changed(stored.tables, Verdict.read(stored.verdict).tables):
        raise RefusedError(f"The candidate of {period}: {differing[0]}. Run {period} again.")
    return stored


def platform_rows(home: Home, stored: StoredMonth) -> Path | None:
    """What the platform says that counties did, as a candidate's intake has it; None without.

    Raises RefusedError where it was changed since it was landed.
    """
    intake = Verdict.read(stored.verdict).landing.intake
    if not home.intake(intake).exists():
        return None
    return further_file(home, intake_record(home, intake), RECTIFICATION)


def entry_on(
    stored: StoredMonth, store: Store, deadlines: Deadlines, rows: Path | None = None
) -> Evaluated | PassedOver:
    """What the log is to say of a judged candidate, once the platform's rows are taken."""
    verdict = Verdict.read(stored.verdict)
    digest = files.sha256_of(stored.verdict)
    reason = reason_to_pass_over(verdict, digest, store.last_evaluated())
    if reason:
        return PassedOver(
            period=verdict.period, as_of=date.fromisoformat(verdict.as_of), reason=reason
        )
    candidate = sound_candidate(stored, verdict, digest)
    deadlines.check_rules(sorted(candidate.rules))
    kept_out = take(store, rows, today()) if rows else ()
    entry = evaluation_of(candidate, store.known(), deadlines)
    return entry.model_copy(update={"kept_out": kept_out}) if kept_out else entry


def reason_to_pass_over(verdict: Verdict, digest: str, last: Evaluated | None) -> str | None:
    """Why a candidate changes no case; None where it may.

    digest: SHA-256 of its verdict; last: the last evaluation.
    """
    if not verdict.passed:
        failed = [
            check.name for check in verdict.checks if check.severity == "stop" and not check.passed
        ]
        return f"it was refused by {', '.join(failed)}"
    if last and last.as_of > date.fromisoformat(verdict.as_of):
        return f"figures as of {last.as_of} were evaluated before"
    if last and last.verdict == digest:
        return "it was evaluated before"
    return None


def sound_candidate(stored: StoredMonth, verdict: Verdict, digest: str) -> SoundCandidate:
    """What a sound candidate says, from its tables. Raises UsageError."""
    period = Period.parse(verdict.period)
    measures = {row["rule"]: row["measure"] for row in methodology_of(period).tables["alert_rules"]}
    unions = stored.tables / "union_index.parquet"
    return SoundCandidate(
        period=verdict.period,
        as_of=date.fromisoformat(verdict.as_of),
        is_provisional=verdict.provisional,
        verdict=digest,
        findings=findings_of(stored.tables, measures),
        measured=frozenset(union for (union,) in read_rows(MEASURED, unions=unions)),
        rules=frozenset(measures),
    )


def findings_of(tables: Path, measures: dict[str, str]) -> list[Finding]:
    """The rules that hold for unions, of a folder of tables; measures: by rule."""
    rows = read_rows(
        FINDINGS,
        alerts=tables / "alert.parquet",
        unions=tables / "union_index.parquet",
    )
    return [
        Finding(
            union_id=union,
            union_name=name,
            county_code=county,
            rule=rule,
            dimension=dimension,
            level=level,
            measure=measures[rule],
            observed=observed,
            threshold=threshold,
        )
        for union, name, county, rule, dimension, level, observed, threshold in rows
    ]
