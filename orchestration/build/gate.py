"""The gate: hands a candidate's tables to `quality`, and binds the verdict to what was judged.

The verdict is bound to the digests of all that was judged (architecture, rule 5).
"""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.build import warehouse
from orchestration.build.candidate import (
    CandidateFiles,
    assemble,
    methodology_of,
    planned_predecessor,
    put_in_force,
)
from orchestration.build.provenance import code_identity
from orchestration.build.warehouse import refused_counts_of_candidate, sql_path
from orchestration.contract.methodology import VERSION_DIGEST, is_same
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.contract.registry import person_columns, profiled_columns
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import RefusedError
from orchestration.extract.intakes import landed_file
from orchestration.home import files, ledger, locks
from orchestration.home.events import Judged
from orchestration.home.layout import Home
from orchestration.home.records.verdict import LandingIdentity, Plan, Verdict
from orchestration.periods import Period
from quality.holidays import judge_holidays
from quality.publication import history_tables, published_tables
from quality.verdict import (
    REQUIRED,
    CheckResult,
    approval_of,
    decide,
    overridable_checks,
    required_checks,
)

if TYPE_CHECKING:
    from quality.evidence import BuildContext, Connection, EvidenceFiles

TESTS = "warehouse."
LANDING = "landing.unchanged"


def judge(home: Home, plan: Plan) -> Verdict:
    """Assemble and judge the period's candidate, store it with its verdict; return the verdict."""
    with locks.held(home, locks.LANDING, plan.period):
        folder = assemble(home, plan)
        verdict = verdict_on(home, folder, plan)
        put_in_force(home, plan.period, folder, verdict)
        event = Judged(
            period=plan.period,
            passed=verdict.passed,
            provisional=plan.provisional,
            failed=tuple(check.name for check in verdict.checks if not check.passed),
            digest=files.sha256_of(folder / "verdict.json"),
        )
        ledger.append(home, event)
    return verdict


def verdict_on(home: Home, folder: Path, plan: Plan) -> Verdict:
    """The verdict on a candidate's folder: every check, and the digests of what it judged.

    The profile of the source, which the next month is compared with, is stored beside it.
    """
    candidate = CandidateFiles.of_candidate(folder)
    judged = judge_files(home, candidate, plan, keeps_profile=True)
    tests = warehouse.data_tests(home.build(plan.period))
    results = [*judged, *map(result_of_test, tests), *judge_plan(home, plan)]
    passed, checks = decide(results, required_checks(), overridable_checks())
    return Verdict(
        passed=passed,
        period=plan.period,
        as_of=plan.as_of,
        provisional=plan.provisional,
        prepared_by=plan.prepared_by,
        notice=plan.notice,
        checks=checks,
        refused_rows=refused_counts_of_candidate(candidate.staging),
        tables=digests_of_tables(candidate.tables),
        staging=digests_of_staging(candidate.staging),
        methodology=plan.methodology,
        landing=LandingIdentity(intake=plan.intake, sha256=plan.landing_digest),
        required_checks=files.sha256_of(REQUIRED),
        predecessor=plan.predecessor,
        code=code_identity(),
        holidays=plan.holidays,
    )


def digests_of_tables(folder: Path) -> dict[str, str]:
    """SHA-256 of each published table of a candidate."""
    return {name: files.sha256_of(folder / f"{name}.parquet") for name in published_tables()}


def digests_of_staging(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a candidate's staging."""
    stored = sorted(folder.glob("*.parquet"))
    return {file.stem: files.sha256_of(file) for file in stored}


def evidence_of(home: Home, candidate: CandidateFiles, plan: Plan) -> "Connection":
    """What a candidate is judged by, as views (`quality.evidence`).

    Raises RefusedError where the month before has changed.
    """
    from quality.evidence import open_evidence

    return open_evidence(*evidence_files(home, candidate, plan))


def evidence_files(
    home: Home,
    candidate: CandidateFiles,
    plan: Plan,
) -> "tuple[EvidenceFiles, BuildContext]":
    """Where what a candidate is judged by lies, and what it was built for."""
    from quality.evidence import BuildContext, EvidenceFiles

    period = Period.parse(plan.period)
    before = planned_predecessor(home, plan)
    given = EvidenceFiles(
        tables=candidate.tables,
        staging=candidate.staging,
        before_tables=before.tables if before else None,
        before_staging=before.staging if before else None,
        landing=home.intake(plan.intake),
        methodology=methodology_of(period).tables,
        methodology_columns=COLUMNS,
        columns={table.name: table.columns for table in published_tables().values()},
        history=history_tables(),
        profiled=profiled_columns(),
        person_tables=list(person_columns()),
    )
    build = BuildContext(
        period=plan.period,
        as_of=date.fromisoformat(plan.as_of),
        first_day=period.first_day,
        last_day=period.last_day,
        provisional=plan.provisional,
        same_methodology=bool(plan.same_methodology),
    )
    return given, build


def store_profile(evidence: "Connection", staging: Path) -> None:
    """Store the profile of the source among a candidate's staging."""
    file = sql_path(staging / "source_profile.parquet")
    evidence.execute(f"copy source_profile to '{file}' (format parquet, compression zstd)")


def judge_files(
    home: Home, candidate: CandidateFiles, plan: Plan, *, keeps_profile: bool = False
) -> list[CheckResult]:
    """Run every check of a candidate that its files alone decide.

    Each table by itself is judged while the others' queries run, in a thread of its own.

    keeps_profile: whether the profile of the source is stored among the candidate's staging. Raises
    RefusedError where the month before has changed.
    """
    from quality.queries import judge_queries

    with ThreadPoolExecutor(max_workers=1) as beside:
        of_each_table = beside.submit(judge_each_table, candidate.tables)
        with evidence_of(home, candidate, plan) as evidence:
            if keeps_profile:
                store_profile(evidence, candidate.staging)
            of_all = list(judge_queries(evidence))
        return [*of_each_table.result(), *of_all]


def judge_each_table(folder: Path) -> list[CheckResult]:
    """Run the checks of each published table by itself; folder: of their files."""
    from quality.connection import connect
    from quality.suites import judge_tables

    with connect() as connection:
        frames = {
            name: connection.from_parquet(str(folder / f"{name}.parquet")).df()
            for name in published_tables()
        }
    return list(judge_tables(frames))


def judge_plan(home: Home, plan: Plan) -> Iterator[CheckResult]:
    """Run every check of what a candidate was planned on, as it is now."""
    landing = home.intake(plan.intake)
    landed = {
        file.stem: files.sha256_of(landed_file(landing, file.stem))
        for file in landing.glob("[!.]*.parquet")
    }
    is_unchanged = files.digest_of(landed) == plan.landing_digest
    yield CheckResult(LANDING, is_unchanged, f"intake {plan.intake}")
    methodology = methodology_of(Period.parse(plan.period))
    yield CheckResult("methodology.approved", *approval_of(methodology.version_digest))
    yield CheckResult(
        "methodology.unchanged",
        is_same(VERSION_DIGEST, methodology.identity, plan.methodology),
        f"methodology {methodology.name}",
    )
    yield CheckResult("predecessor.stored", bool(plan.predecessor), plan.predecessor_remark)
    yield from judge_working_days(plan)


def judge_working_days(plan: Plan) -> Iterator[CheckResult]:
    """Run every check of the calendar by which a candidate counts working days, as it is now."""
    as_of = date.fromisoformat(plan.as_of)
    working_days = WorkingDays.read()
    yield from judge_holidays(as_of, working_days.official_until, provisional=plan.provisional)
    is_unchanged = plan.holidays in {None, working_days.digest_until(as_of)}
    yield CheckResult("holidays.unchanged", is_unchanged, f"holidays up to {as_of}")


def result_of_test(test: warehouse.NodeResult) -> CheckResult:
    """What a data test of the warehouse found."""
    return CheckResult(
        name=f"{TESTS}{test.unique_id.split('.')[2]}",
        passed=test.status == "pass",
        observed=test.message,
        executed=test.status in ("pass", "warn"),
    )


def read_verdict(home: Home, period: Period) -> Verdict:
    """The verdict of a period's candidate, as its file has it.

    Raises RefusedError where there is none, or where it cannot be read.
    """
    file = home.verdict(period)
    if not file.exists():
        raise RefusedError(f"{period} has no judged candidate; run it first.")
    try:
        return Verdict.read(file, RefusedError)
    except RefusedError as damaged:
        raise RefusedError(f"{damaged} Without one, run {period} again.") from None
