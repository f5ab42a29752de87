"""The judged candidate: a check for each family of the verdict's checks, by month.

Failures come first.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg
import pyarrow.parquet as pq

from orchestration import pipeline
from orchestration.build import candidate, gate, warehouse
from orchestration.defs.graph import (
    CANDIDATE,
    HOME_POOL,
    MONTHS,
    SettingsResource,
    StepResult,
    code_reference,
    owners_of,
    step,
)
from orchestration.home import locks
from orchestration.home.layout import Home
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period
from quality.check_entries import check_groups
from quality.nouns import counted_noun
from quality.publication import published_tables
from quality.verdict import REQUIRED, Check, required_checks

VERDICT = "verdict"
MOST_NAMED = 10


def family_of(check: str) -> str:
    """The family that a check belongs to: its name up to the first dot."""
    return check.partition(".")[0]


def described_families() -> dict[str, str]:
    """What each family of required checks is about: a published table, or a question to several.

    Raises KeyError for a family that is no group of checks.
    """
    groups = check_groups()
    families = dict.fromkeys(map(family_of, required_checks()))
    return {family: groups[family].about for family in families}


CHECK_SPECS = [
    dg.AssetCheckSpec(name, asset=CANDIDATE, description=description, partitions_def=MONTHS)
    for name, description in {
        VERDICT: "Whether the candidate may be released.",
        **described_families(),
    }.items()
]


@dg.asset(
    key=CANDIDATE,
    group_name="candidate",
    kinds={"parquet"},
    deps=[
        *(["publication", name] for name in published_tables()),
        *(relation.split(".") for relation, _ in warehouse.ACCOUNTS.values()),
    ],
    partitions_def=MONTHS,
    pool=HOME_POOL,
    owners=owners_of("candidate"),
    metadata={"dagster/code_references": code_reference(REQUIRED)},
    check_specs=CHECK_SPECS,
)
def judged_candidate(
    context: dg.AssetExecutionContext, settings: SettingsResource
) -> Iterator[StepResult]:
    """The exact bytes to be judged, and the verdict on them; a refused one fails the step."""
    with step(context, settings, locks.LANDING, context.partition_key):
        verdict = pipeline.judge(
            settings, candidate.planned_build(settings.home, context.partition_key)
        )
        yield from candidate_results(settings.home, Period.parse(context.partition_key))
        if not verdict.passed:
            raise refusal(verdict)


def refusal(verdict: Verdict) -> dg.Failure:
    """How the step of a refused candidate fails: by the checks that stop it, in words."""
    stopping = [
        check
        for check in failures_first(verdict.checks)
        if not check.passed and check.severity == "stop"
    ]
    named = [f"{check.name}: {in_words(check)}" for check in stopping[:MOST_NAMED]]
    more = [f"and {len(stopping) - MOST_NAMED} more"] if len(stopping) > MOST_NAMED else []
    return dg.Failure(
        description=f"{verdict.period} is refused by {counted_noun(len(stopping), 'check')}: "
        + "; ".join([*named, *more])
        + ".",
        metadata={"failed_checks": check_list(stopping)},
        allow_retries=False,
    )


def candidate_results(home: Home, period: Period) -> Iterator[StepResult]:
    """What the candidate of a period is, and its verdict's checks by family.

    The verdict, not this, is what publication reads.
    """
    verdict = gate.read_verdict(home, period)
    tables = home.built_candidate(period) / "tables"
    yield dg.MaterializeResult(
        asset_key=CANDIDATE,
        metadata={
            "as_of": verdict.as_of,
            "provisional": verdict.provisional,
            "rows": dg.MetadataValue.md(row_table(tables)),
        },
    )
    yield verdict_result(verdict)
    for family in described_families():
        members = [
            check for check in verdict.checks if check.required and family_of(check.name) == family
        ]
        yield family_result(family, members)


def verdict_result(verdict: Verdict) -> dg.AssetCheckResult:
    """Whether the candidate passed, and every check that did not."""
    not_passed = [check for check in failures_first(verdict.checks) if not check.passed]
    return dg.AssetCheckResult(
        asset_key=CANDIDATE,
        check_name=VERDICT,
        passed=verdict.passed,
        metadata={"checks": len(verdict.checks), "not_passed": check_list(not_passed)},
    )


def family_result(family: str, members: Sequence[Check]) -> dg.AssetCheckResult:
    """A family of checks: passed where all are; an error where one that stops is not."""
    failed = [check for check in members if not (check.succeeded)]
    stops = any(check.severity == "stop" for check in failed)
    return dg.AssetCheckResult(
        asset_key=CANDIDATE,
        check_name=family,
        passed=not failed,
        severity=dg.AssetCheckSeverity.ERROR if stops or not failed else dg.AssetCheckSeverity.WARN,
        description=f"{len(members) - len(failed)} of {counted_noun(len(members), 'check')} passed",
        metadata={"checks": check_list(failures_first(members))},
    )


def failures_first(checks: Sequence[Check]) -> Sequence[Check]:
    """Checks in order: those that failed and stop, those that failed and warn, the others."""
    return sorted(checks, key=lambda check: (check.passed, check.severity != "stop", check.name))


def check_list(checks: Sequence[Check]) -> dg.MarkdownMetadataValue:
    """Checks in Markdown, a line each."""
    lines = []
    for check in checks:
        outcome = "passed" if check.passed else check.severity
        lines.append(f"- {outcome} `{check.name}`: {in_words(check)}")
    return dg.MetadataValue.md("\n".join(lines) or "none")


def in_words(check: Check) -> str:
    """What a check observed, without the keys and figures that it lists.

    The month may be under embargo.
    """
    observed, _, _ = check.observed.partition(": ")
    return observed if check.executed else f"{observed} (not executed)"


def row_table(tables: Path) -> str:
    """The rows of each table in Markdown; no figure, for a candidate may be under embargo."""
    counted = {
        name: pq.read_metadata(tables / f"{name}.parquet").num_rows
        for name in sorted(published_tables())
    }
    return "\n".join(
        [
            "| table | rows |",
            "| --- | --- |",
            *(f"| {name} | {rows:,} |" for name, rows in counted.items()),
        ]
    )
