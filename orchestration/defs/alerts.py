"""The cases of alerts: what an evaluation of a judged candidate changed, and what is open."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import dagster as dg

from orchestration import pipeline
from orchestration.alerts import evaluating
from orchestration.alerts.listing import STATES, format_evaluation
from orchestration.alerts.outbox import counts
from orchestration.alerts.records import Case
from orchestration.alerts.store import opened
from orchestration.contract.clock import today
from orchestration.defs.graph import (
    CANDIDATE,
    MONTHS,
    SettingsResource,
    code_reference,
    owners_of,
    step,
)
from orchestration.periods import Period

CASES = dg.AssetKey(["alerts", "cases"])
GROUP = "alerts"
WEEK = 7
AGES = {"up to a week": WEEK, "up to 4 weeks": 4 * WEEK, "up to 13 weeks": 13 * WEEK}
OLDER = "longer"


@dg.asset(
    key=CASES,
    group_name=GROUP,
    deps=[CANDIDATE],
    partitions_def=MONTHS,
    owners=owners_of(GROUP),
    metadata={"dagster/code_references": code_reference(Path(evaluating.__file__))},
)
def alert_cases(
    context: dg.AssetExecutionContext, settings: SettingsResource
) -> dg.MaterializeResult[None]:
    """What is open of the alerts, by state and age, once the judged candidate is evaluated.

    Whoever only looks at months of the past changes no case: an older candidate is passed over.
    """
    with step(context, settings):
        entry = evaluating.evaluate(settings, Period.parse(context.partition_key))
        told = pipeline.tell(settings, context.log.info)
        with opened(settings) as store:
            cases, notices = store.open_cases(), counts(store)
    lines = [*format_evaluation(entry), *told]
    context.log.info("\n".join(lines))
    return dg.MaterializeResult(
        metadata={
            "evaluation": lines[0],
            "open_cases": len(cases),
            "notices_waiting": notices.get("waiting", 0),
            "notices_dead": notices.get("dead", 0),
            "cases": dg.MetadataValue.md(age_table(cases)),
        }
    )


def age_table(cases: Sequence[Case]) -> str:
    """Open cases in Markdown: a row for each state, a column for each age since it opened."""
    counts = Counter((case.state, age_of(case)) for case in cases)
    columns = [*AGES, OLDER]
    header = " | ".join(["open for", *columns])
    lines = [f"| {header} |", "| --- |" + " ---: |" * len(columns)]
    for state, name in STATES.items():
        numbers = [counts[state, age] for age in columns]
        if any(numbers):
            cells = " | ".join([name, *(f"{number:,}" for number in numbers)])
            lines.append(f"| {cells} |")
    return "\n".join(lines)


def age_of(case: Case) -> str:
    """How long ago a case opened, by the days of `AGES`."""
    days = (today() - case.opened_on).days
    return next((name for name, most in AGES.items() if days <= most), OLDER)
