"""The gate: hands a candidate's tables to `quality`, and binds the verdict to what was judged.

The verdict is bound to the digests of all that was judged (architecture, rule 5). A refused verdict
can be released only where a person signed an override of each check that refused it.
"""

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.build import warehouse
from orchestration.build.candidate import (
    assemble,
    changed,
    methodology_of,
    planned_predecessor,
    put_in_force,
    stored_month,
    stored_predecessor,
)
from orchestration.build.provenance import code_identity
from orchestration.build.warehouse import refused_counts_of_candidate, sql_path
from orchestration.contract.clock import city_date
from orchestration.contract.methodology import VERSION_DIGEST, is_same
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.contract.registry import person_columns, profiled_columns
from orchestration.errors import RefusedError, UsageError
from orchestration.home import files, ledger, locks
from orchestration.home.events import Judged, Overridden
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.signed import Override
from orchestration.home.records.verdict import LandingIdentity, Plan, Verdict
from orchestration.periods import Period
from orchestration.signatures.overrides import (
    as_overrides,
    faults,
    make_override,
    not_overridden,
    releasable,
)
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
    from quality.evidence import Build, Given


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
        {file.stem: files.sha256_of(file) for file in given.landing.glob("[!.]*.parquet")}
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
) -> "tuple[Given, Build]":
    """What a candidate is judged by. Raises RefusedError where the month before has changed."""
    from quality.evidence import Build, Given

    period, before = Period.parse(plan.period), planned_predecessor(home, plan)
    given = Given(
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
    build = Build(
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


def sound_verdict(home: Home, period: Period) -> Verdict:
    """The verdict of a period's candidate, read again and held against the bytes as they are now.

    Raises RefusedError with the reasons.
    """
    verdict = read_verdict(home, period)
    entries = overrides_of(home, period)
    reasons = [
        f"the check {check.name} did not pass: {check.observed}"
        for check in not_overridden(verdict, entries)
    ]
    if not releasable(verdict, entries):
        reasons.append("its verdict is not passed")
    reasons += reasons_against(home, period, verdict)
    reasons += override_faults(home, period, verdict, entries)
    if reasons:
        raise RefusedError(
            f"{period} cannot be released: " + "; ".join(dict.fromkeys(reasons)) + "."
        )
    return verdict


def reasons_against(home: Home, period: Period, verdict: Verdict) -> list[str]:
    """Why a verdict, whatever it says, cannot be released.

    It is not on the period's candidate as its bytes are now, or not one for a release.
    """
    recorded = Ledger.of(home).latest(Judged, str(period))
    digest = files.sha256_of(home.verdict(period))
    is_latest = recorded is not None and recorded.digest == digest
    reasons = [] if is_latest else ["its verdict is not the latest one that the ledger records"]
    tables = home.candidate(period) / "tables"
    reasons += judged_early(period, recorded)
    return (
        reasons
        + erased(home, verdict)
        + outdated(home, period, verdict)
        + changed(tables, verdict.tables)
    )


def erased(home: Home, verdict: Verdict) -> list[str]:
    """That rows about persons were erased since from the landing that a verdict is on."""
    landing = verdict.landing
    record = home.intake(landing.intake) / "intake.json"
    if not record.exists():
        return []
    moments = IntakeRecord.read(record).erased_since(landing.sha256)
    if not moments:
        return []
    return [f"rows about persons were erased from its intake ({', '.join(moments)}); run it again"]


def outdated(home: Home, period: Period, verdict: Verdict) -> list[str]:
    """Why a verdict, on whatever candidate, is not one for a release of the period as of now."""
    missing = sorted(set(required_checks()) - {check.name for check in verdict.checks})
    grounds = {
        f"its verdict is of {verdict.period}": verdict.period != str(period),
        f"it is provisional, as of {verdict.as_of}": verdict.provisional,
        "the list of required checks has changed": verdict.required_checks
        != files.sha256_of(REQUIRED),
        f"its verdict lacks the required check {', '.join(missing)}": bool(missing),
        "the methodology has changed": not is_same(
            VERSION_DIGEST, verdict.methodology, methodology_of(period).identity
        ),
        "its verdict is of other tables": set(verdict.tables) != set(published_tables()),
    }
    reasons = [ground for ground, holds in grounds.items() if holds]
    return reasons + stale_history(home, period, verdict)


def stale_history(home: Home, period: Period, verdict: Verdict) -> list[str]:
    """Why the month before is not the one that a verdict was built on.

    A release of the same tables is the same.
    """
    stored = stored_month(home, period.previous)
    tables, _, remark = stored_predecessor(home, period.previous)
    if tables != verdict.predecessor:
        return [f"the month before is not the one it was built on ({remark}); run {period} again"]
    return changed(stored.tables, tables, "of the month before ") if stored else []


def judged_early(period: Period, recorded: Judged | None) -> list[str]:
    """That a verdict, as the ledger records it, was given before its period was over."""
    if not recorded or period.is_over_on(city_date(datetime.fromisoformat(recorded.at))):
        return []
    return [f"it was judged at {recorded.at}, before {period} was over; run it again"]


def override(
    home: Home, period: Period, check: str, reason: str, by: str, key_file: Path
) -> Override:
    """Record a signed override of one check of the period's verdict; returns it.

    Raises UsageError, and RefusedError with the reasons.
    """
    stated = " ".join(reason.split())
    if not stated or not stated.isprintable():
        raise UsageError("An override needs its reason, in plain text.")
    with locks.held(home, str(period)):
        verdict = read_verdict(home, period)
        if reasons := reasons_against(home, period, verdict):
            raise RefusedError(f"{period} cannot be overridden: " + "; ".join(reasons) + ".")
        entry = make_override(
            period, check, stated, by, files.sha256_of(home.verdict(period)), key_file
        )
        if found := override_faults(home, period, verdict, [*overrides_of(home, period), entry]):
            raise RefusedError(f"{period} cannot be overridden: " + "; ".join(found) + ".")
        ledger.append(home, Overridden(**entry.as_json()))
    return entry


def overrides_of(home: Home, period: Period) -> list[Override]:
    """The overrides that the ledger records of the period's verdict as its bytes are now."""
    digest = files.sha256_of(home.verdict(period))
    return as_overrides(Ledger.of(home).overrides(str(period), digest))


def override_faults(
    home: Home, period: Period, verdict: Verdict, entries: list[Override]
) -> list[str]:
    """Why overrides of the period's verdict do not hold, by the allowed signers of now."""
    digest = files.sha256_of(home.verdict(period))
    recorded = Ledger.of(home).latest(Judged, str(period))
    judged_at = recorded.at if recorded else None
    return faults(verdict, digest, entries, home.signers, judged_at)
