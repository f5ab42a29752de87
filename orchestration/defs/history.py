"""Events of what was done outside Dagster, as its assets' own steps would have yielded them."""

from collections.abc import Callable, Iterable, Sequence

import dagster as dg
from dagster import _check as check
from dagster._core.instance import RUNLESS_RUN_ID
from dagster._core.storage.event_log.schema import AssetCheckExecutionsTable
from dagster._core.storage.event_log.sql_event_log import SqlEventLogStorage

from orchestration.defs.alerts import case_results, desk_results, report_desk
from orchestration.defs.graph import Result
from orchestration.defs.instance import opened_instance
from orchestration.defs.judgement import candidate_results
from orchestration.defs.landing import landing_results
from orchestration.defs.models import built_results
from orchestration.defs.release import (
    approval_results,
    prepared_results,
    publication_results,
    retraction_results,
)
from orchestration.defs.revisions import revision_results
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.settings import Settings

Results = Callable[[Settings, Period], Iterable[Result]]


def of_home(results: Callable[[Home, Period], Iterable[Result]]) -> Results:
    """Results that follow from what lies in the home."""
    return lambda settings, period: results(settings.home, period)


STAGES: dict[str, Results] = {
    "landing": of_home(landing_results),
    "revisions": of_home(revision_results),
    "models": of_home(built_results),
    "candidate": of_home(candidate_results),
    "cases": case_results,
    "prepared": of_home(prepared_results),
    "approvals": of_home(approval_results),
    "published": of_home(publication_results),
    "retracted": of_home(retraction_results),
}
Event = dg.AssetMaterialization | dg.AssetObservation | dg.AssetCheckEvaluation


def tell(settings: Settings, period: Period, stages: Sequence[str]) -> None:
    """Add to the history of the home's instance what it now holds of a period."""
    with opened_instance(settings.home.dagster) as instance:
        for stage in stages:
            for result in STAGES[stage](settings, period):
                add_event(instance, event_of(result, str(period)))
        if "cases" in stages:
            for desk in desk_results(settings.home):
                report_desk(instance, desk)


def add_event(instance: dg.DagsterInstance, event: Event) -> None:
    """Add an event to the history; an evaluation takes the place of the one there without a run."""
    if isinstance(event, dg.AssetCheckEvaluation):
        forget_evaluation(instance, event)
    instance.report_runless_asset_event(event)


def forget_evaluation(instance: dg.DagsterInstance, event: dg.AssetCheckEvaluation) -> None:
    """Make room for an evaluation: of a check and month Dagster keeps one that is of no run.

    A second one is an IntegrityError there, also where the month was judged anew since.
    """
    evaluations = AssetCheckExecutionsTable
    earlier = evaluations.delete().where(
        evaluations.c.asset_key == event.asset_key.to_string(),
        evaluations.c.check_name == event.check_name,
        evaluations.c.run_id == RUNLESS_RUN_ID,
        evaluations.c.partition == event.partition,
    )
    storage = check.inst(instance.event_log_storage, SqlEventLogStorage)
    with storage.index_connection() as connection:
        connection.execute(earlier)


def event_of(result: Result, partition: str) -> Event:
    """A result of a step as an event without a run."""
    if isinstance(result, dg.AssetObservation):
        return result
    if isinstance(result, dg.AssetCheckResult):
        return dg.AssetCheckEvaluation(
            asset_key=check.not_none(result.asset_key),
            check_name=check.not_none(result.check_name),
            passed=result.passed,
            metadata=result.metadata,
            severity=result.severity,
            description=result.description,
            partition=partition,
        )
    return dg.AssetMaterialization(
        asset_key=check.not_none(result.asset_key), partition=partition, metadata=result.metadata
    )
