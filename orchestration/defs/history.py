"""Events of what was done outside Dagster, as its assets' own steps would have yielded them."""

from collections.abc import Callable, Iterable, Sequence

import dagster as dg
from dagster import _check as check

from orchestration.defs.alerts import case_results, desk_results, report_desk
from orchestration.defs.graph import Result
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
    with dg.DagsterInstance.from_config(str(settings.home.dagster)) as instance:
        for stage in stages:
            for result in STAGES[stage](settings, period):
                instance.report_runless_asset_event(event_of(result, str(period)))
        if "cases" in stages:
            for desk in desk_results(settings.home):
                report_desk(instance, desk)


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
