"""The candidate of a period: planned, built and kept with its verdict under `candidates/`.

It is built from one intake and the stored month before. The month before is its release in force
where it has one, else its candidate: so what is published refers to what was published. The steps
are plain functions that the command line calls in one go and Dagster as assets; between them the
plan lies beside the warehouse.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.build import warehouse
from orchestration.contract.clock import yesterday
from orchestration.contract.generated_models import check_parameter_macro
from orchestration.contract.methodology import Methodology, load_methodology, same_method
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import HealthIndexError, RefusedError, UsageError
from orchestration.extract.intakes import intake_record
from orchestration.home import files, ledger, locks
from orchestration.home.events import Judged, Planned
from orchestration.home.layout import CANDIDATE, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.verdict import MethodologyIdentity, Plan, Verdict
from orchestration.home.releases import release_in_force
from orchestration.home.sums import listed_in
from orchestration.periods import Period, is_provisional
from orchestration.plain_text import LONGEST_NAME, stated_line
from orchestration.settings import DBT_PROJECT, METHODOLOGY
from quality.edited_files import EditedFileError
from quality.publication import history_tables
from quality.verdict import approvals, required_lists

Builder = Callable[[Path, dict[str, str], Callable[[warehouse.NodeResult], None]], Path]
PREPARER_NEEDED = "A candidate needs the name of who prepares it"


def planned_build(home: Home, period: str) -> Plan:
    """The plan of the period's build.

    Raises UsageError where none was made, or it is not one of this version.
    """
    file = home.plan(period)
    if not file.exists():
        raise UsageError(f"No build of {period} is planned; extract first.")
    planned = Ledger.of(home).latest(Planned, period)
    if planned is None or planned.digest != files.sha256_of(file):
        raise UsageError(
            f"The plan of the build of {period} is not the one that the ledger records; "
            "extract again."
        )
    try:
        return Plan.read(file)
    except HealthIndexError as error:
        raise UsageError(
            f"The plan of the build of {period} cannot be read: it is damaged, or of another "
            f"version; extract again. ({error})"
        ) from None


@dataclass(frozen=True)
class CandidateFiles:
    """Where a candidate's Parquet files lie: those of its tables, and those of its staging."""

    tables: Path
    staging: Path

    @classmethod
    def of_candidate(cls, folder: Path) -> "CandidateFiles":
        """Those in a candidate's folder."""
        return cls(folder / "tables", folder / "staging")

    @classmethod
    def of_release(cls, folder: Path) -> "CandidateFiles":
        """Those in the folder of a release that was made of it."""
        internal = folder / "internal"
        return cls(internal, internal / "staging")


@dataclass(frozen=True)
class StoredMonth:
    """The stored result of a month, as the next one reads it.

    name: which it is; tables, staging: folders of Parquet files; verdict: the file of its verdict;
    release: the folder of the release, None of a candidate.
    """

    name: str
    tables: Path
    staging: Path
    verdict: Path
    release: Path | None = None


def stored_month(home: Home, period: Period) -> StoredMonth | None:
    """The stored result of a month: its release in force, else its candidate; None without either.

    Raises RefusedError where the release is not there whole.
    """
    if release := release_in_force(home, period):
        verdict, internal = release / "verdict.json", release / "internal"
        if not verdict.is_file():
            raise RefusedError(
                f"{release}, in force for {period}, is not there whole; uhi verify says more."
            )
        return StoredMonth(
            f"{period}, released as {release.name}",
            internal,
            internal / "staging",
            verdict,
            release,
        )
    return candidate_month(home, period)


def candidate_month(home: Home, period: Period) -> StoredMonth | None:
    """The candidate of a month; None without one. Raises RefusedError as built_candidate."""
    folder = home.built_candidate(period).resolve()
    verdict = folder / "verdict.json"
    if not verdict.exists():
        return None
    return StoredMonth(str(period), folder / "tables", folder / "staging", verdict)


def methodology_of(period: Period) -> Methodology:
    """The methodology in force, checked. Raises UsageError."""
    return load_methodology(METHODOLOGY, period)


def check_calendar(as_of: date) -> None:
    """The calendar of public holidays is well-formed and reaches the as-of date.

    Raises UsageError.
    """
    WorkingDays.read().check_reaches(as_of)


def check_lists_of_quality() -> None:
    """The gate's lists of checks, limits and approvals can be read.

    Raises UsageError naming file, line and key.
    """
    from quality.queries import rendered_queries

    try:
        required_lists()
        approvals()
        rendered_queries()
    except EditedFileError as error:
        raise UsageError(str(error)) from None


def plan_build(
    home: Home, intake: Path, period: Period, as_of: date, prepared_by: str | None = None
) -> Plan:
    """Settle what a period is built from, and keep the plan; a warehouse of an earlier one goes.

    Raises UsageError.
    """
    preparer = prepared_by and stated_line(prepared_by, PREPARER_NEEDED, LONGEST_NAME)
    methodology = methodology_of(period)
    check_parameter_macro(DBT_PROJECT)
    check_calendar(as_of)
    check_lists_of_quality()
    record = intake_record(home, intake.name)
    tables, before, remark = stored_predecessor(home, period.previous)
    predecessor = {name: tables[name] for name in history_tables() if name in tables}
    plan = Plan(
        period=str(period),
        as_of=as_of.isoformat(),
        provisional=is_provisional(period, as_of, yesterday()),
        intake=record.intake,
        landing_digest=record.digest,
        notice=record.notice,
        methodology=methodology.identity,
        predecessor=predecessor,
        same_methodology=same_method(before, methodology.identity),
        predecessor_remark=remark,
        prepared_by=preparer,
        holidays=WorkingDays.read().digest_until(as_of),
    )
    with locks.held(home, locks.LANDING, plan.period):
        warehouse.remove(home.build(plan.period))
        keep_plan(home, plan)
    return plan


def keep_plan(home: Home, plan: Plan) -> None:
    """Write a plan to where the steps of the build find it; the ledger has which one it is."""
    plan.write(home.plan(plan.period))
    ledger.append(home, Planned(period=plan.period, digest=plan.sha256))


def stored_predecessor(
    home: Home, period: Period
) -> tuple[dict[str, str], MethodologyIdentity | None, str]:
    """The stored month before: digests of its tables, its methodology, and a remark.

    The methodology is as its verdict describes it.

    No digests and no methodology where it is not stored, or provisional. Raises RefusedError where
    its verdict is not the one that the ledger, or the list of the release, has.
    """
    stored = stored_month(home.of_months, period)
    if stored is None:
        return {}, None, f"{period} is not stored"
    check_recorded(home.of_months, period, stored)
    verdict = Verdict.read(stored.verdict)
    if verdict.provisional:
        return {}, None, f"{period} is stored as a provisional candidate only, which is no history"
    remark = f"{stored.name}, {'passed' if verdict.passed else 'refused'}"
    return verdict.tables, verdict.methodology, remark


def check_recorded(home: Home, period: Period, stored: StoredMonth) -> None:
    """A stored month's verdict, which says what its tables are, is the one that was given.

    A release's is in its list of digests, which the ledger records; a candidate's is the latest of
    the period that the ledger records. Raises RefusedError.
    """
    digest = files.sha256_of(stored.verdict)
    if stored.release:
        is_recorded = listed_in(stored.release).get(stored.verdict.name) == digest
    else:
        judged = Ledger.of(home).latest(Judged, str(period))
        is_recorded = judged is not None and judged.digest == digest
    if not is_recorded:
        raise RefusedError(
            f"{stored.verdict} is not the verdict that was given on {stored.name}: it has been "
            f"changed since. Run {period} again, or put it back from a backup."
        )


def planned_predecessor(home: Home, plan: Plan) -> StoredMonth | None:
    """The stored month before that a plan builds on; None without one.

    Raises RefusedError where its tables are not the planned ones, or its staging not its verdict's.
    """
    if not plan.predecessor:
        return None
    stored = stored_month(home.of_months, Period.parse(plan.period).previous)
    if stored:
        staging = Verdict.read(stored.verdict).staging
        if not changed(stored.tables, plan.predecessor) and not changed(stored.staging, staging):
            return stored
    raise RefusedError(
        f"The tables of the month before {plan.period} are not those that it was planned on. "
        f"Run {plan.period} again; if they are not those of their own verdict either, "
        "run or release that month again first."
    )


def changed(tables: Path, digests: dict[str, str], which: str = "") -> list[str]:
    """Which tables do not have the bytes of their digests."""
    return [
        f"the table {name} {which}has changed since it was judged"
        for name in files.changed_tables(tables, digests)
    ]


def build_warehouse(
    home: Home,
    plan: Plan,
    on_node: Callable[[warehouse.NodeResult], None],
    builder: Builder | None = None,
) -> Path:
    """Build the period's warehouse file from its landing.

    builder: what builds it, by default dbt. Raises RefusedError where a model or a test of it
    fails; then an older candidate of the period no longer counts.
    """
    build = builder or warehouse.build
    with locks.held(home, locks.LANDING, plan.period):
        check_planned(home, plan)
        try:
            built = build(home.build(plan.period), build_variables(home, plan), on_node)
        except RefusedError as error:
            discard_candidate(home, plan, str(error))
            raise
    return built


def check_planned(home: Home, plan: Plan) -> None:
    """The plan is the one that lies beside the warehouse.

    Raises UsageError where another process has planned anew since.
    """
    if planned_build(home, plan.period) != plan:
        raise UsageError(
            f"Another build of {plan.period} has been planned since this one; extract again."
        )


def build_variables(home: Home, plan: Plan) -> dict[str, str]:
    """What the dbt project is told of a build.

    Raises RefusedError where the month before has changed.
    """
    predecessor = planned_predecessor(home, plan)
    return {
        "period": plan.period,
        "as_of": plan.as_of,
        "landing": str((home.intake(plan.intake)).resolve()),
        "predecessor": str(predecessor.tables.resolve()) if predecessor else "",
        "same_methodology": ""
        if plan.same_methodology is None
        else str(plan.same_methodology).lower(),
    }


def assemble(home: Home, plan: Plan) -> Path:
    """Write the candidate's tables, not yet judged, into a folder of its own; returns it.

    Raises UsageError where no warehouse is built.
    """
    check_planned(home, plan)
    built = home.build(plan.period) / warehouse.FILE
    if not built.exists():
        raise UsageError(
            f"The warehouse of {plan.period} is not built, or its build failed; build it first."
        )
    folder = home.candidates / f".{plan.period}-{next_number(home, plan.period)}"
    with files.fresh_folder(folder):
        warehouse.export(built, folder / "tables", folder / "staging")
    return folder


def next_number(home: Home, period: str) -> int:
    """A number for a new folder of the period that the one in force does not have."""
    built = home.built_candidate(period).name
    return int(built.rpartition("-")[2]) % 2 + 1 if CANDIDATE.fullmatch(built) else 1


def put_in_force(home: Home, period: str, folder: Path, verdict: Verdict) -> None:
    """Store a judged candidate: from here on it is the period's stored result."""
    verdict.write(folder / "verdict.json")
    files.sync_tree(folder)
    files.point_to(home.candidate(period), folder)


def discard_candidate(home: Home, plan: Plan, reason: str) -> None:
    """Record that a build gave no candidate.

    An older one of the period no longer stands for it, for the source has changed since.
    """
    home.candidate(plan.period).unlink(missing_ok=True)
    event = Judged(period=plan.period, passed=False, provisional=plan.provisional, reason=reason)
    ledger.append(home, event)
