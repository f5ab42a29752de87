"""A fault of Dagster that keeps the UI from launching a backfill, put right while it is served."""

from dagster._core.definitions.partitions.subset.time_window import TimeWindowPartitionsSubset


def compare_by_value() -> None:
    """Let two sets of months differ only where they are not equal.

    Before it takes a backfill, Dagster's web server asks whether assets that one step makes are
    given the same months. It asks by `!=`, for which the class has the tuple's (up to 1.13.29 at
    least): that also compares whether the months were counted yet. So months that come to some
    assets by one way and to others by several were refused as different.
    """
    TimeWindowPartitionsSubset.__ne__ = object.__ne__  # type: ignore[method-assign]
