"""Judging a candidate again: whether its bytes bear out what its verdict says.

A verdict and its line in the ledger lie in the home, where whoever may write can make them say
anything. So whoever builds on a verdict, or signs what was made by it, first lets the checks run
again: over the tables, the landing that they are recounted from, the month before and the
methodology. What is left to the verdict alone are the data tests of the warehouse, which is not
kept, and the words of a finding, which another version of the code may put otherwise.
"""

from collections.abc import Iterator

from orchestration.build.candidate import CandidateFiles, changed, stored_predecessor
from orchestration.build.gate import LANDING, TESTS, judge_files, judge_plan
from orchestration.contract.methodology import same_method
from orchestration.extract.intakes import intake_record
from orchestration.home.layout import Home
from orchestration.home.records.verdict import MethodologyIdentity, Plan, ReleaseVerdict, Verdict
from orchestration.periods import Period
from quality.verdict import Check, CheckResult, decide, overridable_checks, required_checks


def plan_of(verdict: Verdict, methodology_before: MethodologyIdentity | None) -> Plan:
    """The plan of the build that a verdict is on.

    methodology_before: of the month before; None where that is not stored.
    """
    predecessor = verdict.check("predecessor.stored")
    return Plan(
        period=verdict.period,
        as_of=verdict.as_of,
        provisional=verdict.provisional,
        intake=verdict.landing.intake,
        landing_digest=verdict.landing.sha256,
        notice=verdict.notice,
        methodology=verdict.methodology,
        predecessor=verdict.predecessor,
        same_methodology=same_method(methodology_before, verdict.methodology),
        predecessor_remark=predecessor.observed if predecessor else "",
        prepared_by=verdict.prepared_by,
        holidays=verdict.holidays,
    )


def contradictions(home: Home, verdict: Verdict, candidate: CandidateFiles) -> list[str]:
    """What a candidate's bytes are, or its checks find, otherwise than its verdict says, in words.

    Raises RefusedError where the month before is not the one that it was built on.
    """
    landed = intake_record(home, verdict.landing.intake)
    moments = landed.erased_since(verdict.landing.sha256)
    if moments:
        return [f"rows about persons were erased from its intake ({', '.join(moments)})"]
    differing = [
        *changed(candidate.tables, verdict.tables),
        *changed(candidate.staging, verdict.staging),
    ]
    if differing:
        return differing
    _, methodology_before, _ = stored_predecessor(home, Period.parse(verdict.period).previous)
    plan = plan_of(verdict, methodology_before)
    planned_on = list(judge_plan(home, plan))
    lost = [result for result in planned_on if result.name == LANDING and not result.passed]
    if lost:
        return [f"the landing is not the one that it was judged on ({lost[0].observed})"]
    judged = judge_files(home, candidate, plan)
    results = [*judged, *planned_on, *tests_of(verdict)]
    _, checks = decide(results, required_checks(), overridable_checks())
    return list(differing_checks(verdict, checks))


def tests_of(verdict: Verdict) -> Iterator[CheckResult]:
    """What the data tests of the warehouse found, as a verdict has it."""
    for check in verdict.checks:
        if check.name.startswith(TESTS):
            yield CheckResult(check.name, check.passed, check.observed, check.executed)


def differing_checks(verdict: Verdict | ReleaseVerdict, checks: tuple[Check, ...]) -> Iterator[str]:
    """Each check of which a verdict says otherwise, but for the words of what it observed."""
    said = {check.name: check for check in verdict.checks}
    for check in checks:
        stated = said.pop(check.name, None)
        if stated != check.model_copy(update={"observed": stated.observed if stated else ""}):
            yield (
                f"the check {check.name} finds otherwise than its verdict says: {check.observed}"
            )
    for name in said:
        yield f"its verdict has a check {name} that there is not"
