"""What all assets share: months, groups with owners, and how a step runs in a home.

A step takes its turn in the home, and fails, in one way.
"""

import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import BACKFILL_ID_TAG, PARTITION_NAME_TAG

from orchestration.contract.clock import city_zone
from orchestration.errors import (
    HealthIndexError,
    HomeBusyError,
    SourceError,
    StorageError,
    storage_reason,
)
from orchestration.home import locks
from orchestration.settings import Settings

# Code references and partitioned checks may still change; Dagster's version is pinned.
warnings.filterwarnings("ignore", category=dg.BetaWarning, message=".*CodeReference.*")
warnings.filterwarnings(
    "ignore", category=dg.PreviewWarning, message=".*partitions_def on an AssetCheckSpec.*"
)

FIRST_PERIOD = "2019-01"
MONTHS = dg.MonthlyPartitionsDefinition(
    start_date=FIRST_PERIOD, fmt="%Y-%m", timezone=str(city_zone()), end_offset=1
)
HOME_POOL = "union_health_index_home"
RUNNING = [dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.CANCELING]
TRANSIENT = (HomeBusyError, SourceError, StorageError)
OWNERS = {
    "landing": "team:data-platform",
    "methodology": "team:methodology",
    "release": "team:release",
}
CANDIDATE = dg.AssetKey(["candidate", "candidate"])
PREPARED = dg.AssetKey(["release", "prepared"])
PUBLISHED = dg.AssetKey(["release", "published"])
SettingsResource = dg.ResourceParam[Settings]
Result = dg.MaterializeResult[None] | dg.AssetCheckResult | dg.AssetObservation
StepResult = dg.MaterializeResult[None] | dg.AssetCheckResult


def owners_of(group: str) -> list[str]:
    """Who answers for the assets of a group."""
    return [OWNERS.get(group, "team:index")]


def code_reference(file: Path) -> dg.CodeReferencesMetadataValue:
    """Where an asset is defined, for its page."""
    return dg.CodeReferencesMetadataValue(
        code_references=[dg.LocalFileCodeReference(file_path=str(file), line_number=1)]
    )


@contextmanager
def step(context: dg.AssetExecutionContext, settings: Settings, *subjects: str) -> Iterator[None]:
    """Subjects of the home (`locks.held`), held for a step of a run in its turn.

    An error that a user can act on becomes dg.Failure with its message and without a stack trace.
    """
    try:
        await_earlier_months(context.instance, context.run, settings.home_wait_seconds)
        wait_seconds = settings.home_wait_seconds
        with locks.held(settings.home, *subjects, wait_seconds=wait_seconds):
            yield
    except HealthIndexError as error:
        raise failure_of(error) from None
    except Exception as error:
        if reason := storage_reason(error):
            raise failure_of(StorageError(reason)) from None
        raise


def failure_of(error: HealthIndexError) -> dg.Failure:
    """How a step fails of an error: in its words; what may pass by itself may be tried again."""
    return dg.Failure(description=str(error), allow_retries=isinstance(error, TRANSIENT))


def await_earlier_months(instance: dg.DagsterInstance, run: dg.DagsterRun, seconds: int) -> None:
    """Return once no earlier month of a run's backfill runs: a month is built on the one before.

    A pool with room for one run keeps them apart already. Raises HomeBusyError after so many
    seconds.
    """
    deadline = time.monotonic() + seconds
    while earlier := earlier_months_running(instance, run):
        if time.monotonic() > deadline:
            raise HomeBusyError(f"Earlier months of this backfill still run: {', '.join(earlier)}.")
        time.sleep(1)


def earlier_months_running(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    """The earlier months of the same backfill that have begun and not ended.

    None of a run by itself.
    """
    backfill = run.tags.get(BACKFILL_ID_TAG)
    if backfill is None:
        return []
    runs = instance.get_runs(dg.RunsFilter(tags={BACKFILL_ID_TAG: backfill}, statuses=RUNNING))
    months = {other.tags[PARTITION_NAME_TAG] for other in runs}
    return sorted(month for month in months if month < run.tags[PARTITION_NAME_TAG])


def runs_too(context: dg.AssetExecutionContext, key: dg.AssetKey) -> bool:
    """Whether the same run makes this asset too."""
    return key in context.job_def.asset_layer.selected_asset_keys
