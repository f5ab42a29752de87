"""What a watcher says of itself, for as long as it is at work."""

from orchestration.home.records.record import Moment, Record


class WatchState(Record):
    """`alerts/watch.json`: how far a watcher of a source is.

    source: without credentials; evaluated_at: when it last evaluated, None before the first time;
    away_since: since when the source has been away, None while it is there; problem: why the last
    changes changed no case, None where they were evaluated.
    """

    source: str
    started_at: Moment
    evaluated_at: Moment | None
    away_since: Moment | None
    problem: str | None
