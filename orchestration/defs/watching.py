"""The sensor that watches the source: a run of the running month when its watermarks moved."""

from datetime import datetime

import dagster as dg

from orchestration.contract.clock import yesterday
from orchestration.defs.operations import nightly_build
from orchestration.errors import SourceError, UsageError
from orchestration.extract.watermarks import (
    Windows,
    read_marks,
    watched_location,
    windows_since,
)
from orchestration.home.records.record import Digest, Moment, Part, TableName
from orchestration.periods import Period
from orchestration.settings import Settings
from orchestration.watch.rounds import latest_intake

SECONDS = 30
NO_SOURCE = "No source is set (UHI_SOURCE)."
NO_INTAKE = "Nothing of the source is landed yet; run a month first."


class Seen(Part):
    """What the sensor saw last: the digest of the watermarks, from when on by table."""

    digest: Digest
    since: dict[TableName, Moment | None]

    @property
    def windows(self) -> Windows:
        """From when on the watermarks were read."""
        return {
            table: datetime.fromisoformat(since) if since else None
            for table, since in self.since.items()
        }


@dg.sensor(
    job=nightly_build,
    minimum_interval_seconds=SECONDS,
    default_status=dg.DefaultSensorStatus.STOPPED,
)
def moved_source(
    context: dg.SensorEvaluationContext, settings: dg.ResourceParam[Settings]
) -> dg.SensorResult | dg.SkipReason:
    """Run the running month when the source's watermarks moved.

    A run for each state of the source that was seen, the first one too. A source that cannot be
    watched, or not now, is said as the reason of a skip.
    """
    if settings.source is None:
        return dg.SkipReason(NO_SOURCE)
    try:
        location = watched_location(settings, settings.source)
    except (SourceError, UsageError) as error:
        return dg.SkipReason(str(error))
    latest = latest_intake(settings.home, location)
    if latest is None:
        return dg.SkipReason(NO_INTAKE)
    before = Seen.model_validate_json(context.cursor) if context.cursor else None
    try:
        if before and see(settings, settings.source, before.windows) == before:
            return dg.SkipReason("The source has not moved.")
        seen = see(settings, settings.source, windows_since(settings, latest[1]))
    except SourceError as error:
        return dg.SkipReason(str(error))
    month = Period.of(yesterday())
    request = dg.RunRequest(run_key=seen.digest, partition_key=str(month))
    return dg.SensorResult(run_requests=[request], cursor=seen.model_dump_json())


def see(settings: Settings, source: str, windows: Windows) -> Seen:
    """The watermarks of a source in some windows. Raises SourceError."""
    marks = read_marks(settings, source, windows)
    since = {table: moment.isoformat() if moment else None for table, moment in windows.items()}
    return Seen(digest=marks.digest, since=since)
