"""When things run: the jobs, the nightly schedule, and the sensor of what is due.

The jobs are the nightly build, the preparation and the publication.
"""

from collections.abc import Iterator
from datetime import timedelta

import dagster as dg

from orchestration.contract.clock import city_zone
from orchestration.errors import HealthIndexError
from orchestration.home import ledger
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.release.context import sums_digest
from orchestration.release.preparation import prepared_periods
from orchestration.release.publication import publication_blockers
from orchestration.settings import Settings

nightly_build = dg.define_asset_job(
    "nightly_build",
    selection=dg.AssetSelection.all() - dg.AssetSelection.groups("release"),
    description=(
        "Extract, build and judge a month; the running one as of the day before, provisionally."
    ),
)

preparation_job = dg.define_asset_job(
    "preparation",
    selection=dg.AssetSelection.assets(["release", "prepared"]),
    description=(
        "Build and judge the release of a month whose verdict passed; "
        "people then approve it with `uhi approve`."
    ),
)

publication_job = dg.define_asset_job(
    "publication",
    selection=dg.AssetSelection.assets(["release", "published"]),
    description="Publish what is prepared of a month and has its approvals.",
)


@dg.schedule(
    job=nightly_build,
    cron_schedule="30 2 * * *",
    execution_timezone=str(city_zone()),
    default_status=dg.DefaultScheduleStatus.STOPPED,
)
def nightly(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
    """At 02:30 the month of the day before.

    On the first of a month that is the whole month before, no longer provisional.
    """
    night = context.scheduled_execution_time.astimezone(city_zone()).date()
    return dg.RunRequest(
        run_key=night.isoformat(), partition_key=str(Period.of(night - timedelta(days=1)))
    )


@dg.sensor(
    job=publication_job, minimum_interval_seconds=60, default_status=dg.DefaultSensorStatus.STOPPED
)
def due_publications(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> Iterator[dg.RunRequest | dg.SkipReason]:
    """Publish what is prepared and has its approvals, when its time has come.

    A run for each preparation.
    """
    blocked = {
        period: blockers_in_words(settings.home, period)
        for period in prepared_periods(settings.home)
    }
    due = [period for period, reasons in blocked.items() if not reasons]
    waiting = "; ".join(
        f"{period}: {', '.join(reasons)}" for period, reasons in blocked.items() if reasons
    )
    if due and waiting:
        context.log.info("Waiting: %s", waiting)
    for period in due:
        yield dg.RunRequest(run_key=run_key(settings.home, period), partition_key=str(period))
    if not due:
        yield dg.SkipReason(waiting or "Nothing is prepared.")


def blockers_in_words(home: Home, period: Period) -> list[str]:
    """Why what is prepared for a period is not published now.

    One that is damaged holds up no other.
    """
    try:
        return publication_blockers(home, period)
    except HealthIndexError as error:
        return [str(error)]
    except Exception as error:  # noqa: BLE001 - the other months are due all the same
        return [f"what is prepared is damaged ({type(error).__name__}: {error}); prepare it again"]


def run_key(home: Home, period: Period) -> str:
    """The key by which a run is asked for once: the bytes prepared, and the ledger as it stands."""
    return f"{period} {sums_digest(home.prepared(period))} {ledger.head(home)}"


JOBS = [nightly_build, preparation_job, publication_job]
SCHEDULES = [nightly]
SENSORS = [due_publications]
