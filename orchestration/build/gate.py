"""The gate: hands a candidate's tables to `quality`, and binds the verdict to what was judged.

The verdict is bound to the digests of all that was judged (architecture, rule 5).
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.build import warehouse
from orchestration.build.candidate import (
    assemble,
    methodology_of,
    planned_predecessor,
    put_in_force,
)
from orchestration.build.provenance import code_identity
from orchestration.build.warehouse import refused_counts_of_candidate, sql_path
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.contract.registry import person_columns, profiled_columns
from orchestration.errors import RefusedError
from orchestration.extract.intakes import landed_file
from orchestration.home import files, ledger, locks
from orchestration.home.events import Judged
from orchestration.home.layout import Home
from orchestration.home.records.verdict import LandingIdentity, Plan, Verdict
from orchestration.periods import Period
from quality.publication import published_tables
from quality.verdict import (
    REQUIRED,
    CheckResult,
    approval_of,
    decide,
    overridable_checks,
    required_checks,
)

if TYPE_CHECKING:
    from orchestration.contract.methodology import Methodology
    from quality.evidence import BuildContext, EvidenceFiles


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
    """The verdict on a candidate's folder: every check, and the digests of what it judged."""
    from quality.evidence import open_evidence
    from quality.queries import judge_queries
    from quality.suites import judge_tables

    tables = {
        name: files.sha256_of(folder / "tables" / f"{name}.parquet") for name in published_tables()
    }
    methodology = methodology_of(Period.parse(plan.period))
    given, build = evidence_of(home, folder, plan, methodology)
    landed = files.digest_of(
        {
            file.stem: files.sha256_of(landed_file(given.landing, file.stem))
            for file in given.landing.glob("[!.]*.parquet")
        }
    )
    with open_evidence(given, build) as evidence:
        profile = sql_path(folder / "staging" / "source_profile.parquet")
        evidence.execute(f"copy source_profile to '{profile}' (format parquet, compression zstd)")
        judged = [
            *judge_tables({name: evidence.table(name).df() for name in tables}),
            *judge_queries(evidence),
        ]
    tests = warehouse.data_tests(home.build(plan.period))
    results = [
        *judged,
        *(
            CheckResult(
                check_name(test),
                test.status == "pass",
                test.message,
                executed=test.status in ("pass", "warn"),
            )
            for test in tests
        ),
        CheckResult("landing.unchanged", landed == plan.landing_digest, f"intake {plan.intake}"),
        CheckResult("methodology.approved", *approval_of(methodology.version_digest)),
        CheckResult(
            "methodology.unchanged",
            methodology.identity == plan.methodology,
            f"methodology {methodology.name}",
        ),
        CheckResult("predecessor.stored", bool(plan.predecessor), plan.predecessor_remark),
    ]
    passed, checks = decide(results, required_checks(), overridable_checks())
    staging = sorted((folder / "staging").glob("*.parquet"))
    return Verdict(
        passed=passed,
        period=plan.period,
        as_of=plan.as_of,
        provisional=plan.provisional,
        prepared_by=plan.prepared_by,
        notice=plan.notice,
        checks=checks,
        refused_rows=refused_counts_of_candidate(folder / "staging"),
        tables=tables,
        staging={file.stem: files.sha256_of(file) for file in staging},
        methodology=plan.methodology,
        landing=LandingIdentity(intake=plan.intake, sha256=plan.landing_digest),
        required_checks=files.sha256_of(REQUIRED),
        predecessor=plan.predecessor,
        code=code_identity(),
    )


def evidence_of(
    home: Home, folder: Path, plan: Plan, methodology: "Methodology"
) -> "tuple[EvidenceFiles, BuildContext]":
    """What a candidate is judged by. Raises RefusedError where the month before has changed."""
    from quality.evidence import BuildContext, EvidenceFiles

    period, before = Period.parse(plan.period), planned_predecessor(home, plan)
    given = EvidenceFiles(
        candidate=folder,
        before_tables=before.tables if before else None,
        before_staging=before.staging if before else None,
        landing=home.intake(plan.intake),
        methodology=methodology.tables,
        methodology_columns=COLUMNS,
        columns={table.name: table.columns for table in published_tables().values()},
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


def check_name(test: warehouse.NodeResult) -> str:
    """The name under which the verdict lists a data test of the warehouse."""
    return f"warehouse.{test.unique_id.split('.')[2]}"


def read_verdict(home: Home, period: Period) -> Verdict:
    """The verdict of a period's candidate, as its file has it.

    Raises RefusedError where there is none.
    """
    file = home.verdict(period)
    if not file.exists():
        raise RefusedError(f"{period} has no judged candidate; run it first.")
    return Verdict.read(file)
