"""The cases of alerts: what an evaluation of a judged candidate changed, and what is open.

The desk of a county is a partition of an asset that each evaluation writes. Of it only the place is
shown: Dagster's pages have no login, and the month may be under embargo.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import dagster as dg

from orchestration import pipeline
from orchestration.alerts import desk, evaluating
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
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.settings import Settings

CASES = dg.AssetKey(["alerts", "cases"])
DESKS = dg.AssetKey(["alerts", "desks"])
COUNTIES = dg.DynamicPartitionsDefinition(name="counties")
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
) -> Iterator[dg.MaterializeResult[None]]:
    """What is open of the alerts, by state and age, once the judged candidate is evaluated.

    Whoever only looks at months of the past changes no case: an older candidate is passed over.
    """
    period = Period.parse(context.partition_key)
    with step(context, settings):
        entry = evaluating.evaluate(settings, period)
        told = pipeline.tell(settings, context.log.info)
        context.log.info("\n".join([*format_evaluation(entry), *told]))
        yield from case_results(settings, period)
    for result in desk_results(settings.home):
        report_desk(context.instance, result)


DESK_SPEC = dg.AssetSpec(
    DESKS,
    group_name=GROUP,
    kinds={"html"},
    deps=[dg.AssetDep(CASES, partition_mapping=dg.AllPartitionMapping())],
    partitions_def=COUNTIES,
    owners=owners_of(GROUP),
    description="The page of open cases of each county, written at each evaluation.",
    metadata={"dagster/code_references": code_reference(Path(desk.__file__))},
)


def case_results(settings: Settings, period: Period) -> Iterator[dg.MaterializeResult[None]]:
    """What became of the last evaluation of a period, and what is open now.

    Nothing of a period whose candidate was neither evaluated nor passed over.
    """
    with opened(settings) as store:
        entry = store.last_about(str(period))
        cases, notices = store.open_cases(), counts(store)
    if entry is None:
        return
    yield dg.MaterializeResult(
        asset_key=CASES,
        metadata={
            "evaluation": format_evaluation(entry)[0],
            "open_cases": len(cases),
            "notices_waiting": notices.get("waiting", 0),
            "notices_dead": notices.get("dead", 0),
            "cases": dg.MetadataValue.md(age_table(cases)),
        },
    )


def desk_results(home: Home) -> Iterator[dg.AssetMaterialization]:
    """The desk of each county that has or had a case."""
    for county, page in desk.pages_in(home).items():
        metadata = {"page": dg.MetadataValue.path(page)}
        yield dg.AssetMaterialization(DESKS, partition=county, metadata=metadata)


def report_desk(instance: dg.DagsterInstance, result: dg.AssetMaterialization) -> None:
    """Add the desk of a county to an instance's history; its county is a partition from then on."""
    instance.add_dynamic_partitions(str(COUNTIES.name), [str(result.partition)])
    instance.report_runless_asset_event(result)


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
