"""When things run: the jobs for the nightly build, for preparation and for publication, and the nightly schedule."""

from datetime import timedelta

import dagster as dg

from orchestration.periods import CITY_ZONE, Period

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


JOBS = [nightly_build, preparation_job, publication_job]
SCHEDULES = [nightly]
