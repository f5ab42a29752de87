"""When things run: the jobs for the nightly build, for preparation and for publication, the nightly schedule, the sensor of what is due."""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from orchestration import ledger
from orchestration.periods import CITY_ZONE, Period
from orchestration.release.preparation import prepared_folder, prepared_periods, since_prepared
from orchestration.release.publication import lacks
from orchestration.release.standing import sums_digest
from orchestration.settings import Settings

nightly_build = dg.define_asset_job(
    "nightly_build",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("release"),
    description="Extract, build and judge a month; the running one as of the day before, provisionally.",
    executor_def=dg.in_process_executor,
)

preparation_job = dg.define_asset_job(
    "preparation",
    selection=dg.AssetSelection.assets(["release", "prepared"]),
    description="Build and judge the release of a month whose verdict passed; two people then approve it with `uhi approve`.",
    executor_def=dg.in_process_executor,
)

publication_job = dg.define_asset_job(
    "publication",
    selection=dg.AssetSelection.assets(["release", "published"]),
    description="Publish what is prepared of a month, and approved by two people.",
    executor_def=dg.in_process_executor,
)


@dg.schedule(
    job=nightly_build, cron_schedule="30 2 * * *", execution_timezone=str(CITY_ZONE), default_status=dg.DefaultScheduleStatus.STOPPED
)
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """At 02:30 the month of the day before; on the first of a month that is the whole month before, no longer provisional."""
    night = context.scheduled_execution_time.astimezone(CITY_ZONE).date()
    return dg.RunRequest(run_key=night.isoformat(), partition_key=str(Period.of(night - timedelta(days=1))))


@dg.sensor(job=publication_job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.STOPPED)
def due_publications(settings: dg.ResourceParam[Settings]) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Publish what is prepared and approved by two people, when its time has come; a run for each preparation."""
    waiting: dict[Period, list[str]] = {}
    for period in prepared_periods(settings.home):
        prepared = prepared_folder(settings.home, period)
        digest = sums_digest(prepared)
        since = since_prepared(ledger.entries(settings.home), period, digest)
        if not since:
            waiting[period] = ["the ledger does not have it"]
        elif lacking := lacks(settings, period, prepared, since[-1]):
            waiting[period] = lacking
        else:
            yield dg.RunRequest(run_key=f"{period} {digest} {since[-1][-1]['previous']}", partition_key=str(period))
    if waiting:
        yield dg.SkipReason("; ".join(f"{period}: {', '.join(lacking)}" for period, lacking in waiting.items()))


JOBS = [nightly_build, preparation_job, publication_job]
SCHEDULES = [nightly]
SENSORS = [due_publications]
