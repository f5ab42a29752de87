"""The release calendar: when the release of each period is due, announced in advance.

Nothing is published before its time.

`release_calendar.csv` of the home (or the setting) has a row for each period: `period`; `kind`,
annual for December and monthly else; `release_time`, with its offset from UTC; `announced_on`, the
day on which that time was made known.
"""

import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator

from orchestration.contract.clock import city_zone
from orchestration.contract.tables import Month, Row, Text, day, read_table
from orchestration.errors import RefusedError, UsageError
from orchestration.home.layout import Home
from orchestration.home.records.release import Planned
from orchestration.periods import Period

MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})"
)
DECEMBER = 12


def moment(cell: str) -> str:
    """A time with its offset from UTC, checked. Raises ValueError."""
    try:
        if MOMENT.fullmatch(cell) and datetime.fromisoformat(cell).astimezone(UTC):
            return cell
    except (ValueError, OverflowError):
        pass
    raise ValueError("a time with its offset is due, such as 2021-01-20T10:00+08:00")


class PlannedRelease(Row):
    """A row of the calendar, its time with its offset and its day in ISO 8601."""

    period: Month
    kind: Text
    release_time: Annotated[str, BeforeValidator(moment)]
    announced_on: Annotated[str, BeforeValidator(lambda cell: day(cell).isoformat())]

    @property
    def due(self) -> datetime:
        """When it may be published."""
        return self.described().due

    @property
    def is_due(self) -> bool:
        """Whether its time has come."""
        return self.described().is_due

    def described(self) -> Planned:
        """The row as a release states it."""
        return Planned(**self.model_dump(exclude={"period"}))


COLUMNS = tuple(PlannedRelease.model_fields)


def read_calendar(file: Path) -> dict[str, PlannedRelease]:
    """The calendar's rows by period; none where there is no file.

    Raises UsageError naming line and column, or the period.
    """
    if not os.path.lexists(file):
        return {}
    planned: dict[str, PlannedRelease] = {}
    for row in read_table(file, PlannedRelease):
        if fault := fault_of(row) or ("it has a row already" if row.period in planned else None):
            raise UsageError(f"{file}, the row of {row.period}: {fault}.")
        planned[row.period] = row
    return dict(sorted(planned.items()))


def fault_of(row: PlannedRelease) -> str | None:
    """What is wrong with a row, in words."""
    period = Period.parse(row.period)
    kind = "annual" if period.month == DECEMBER else "monthly"
    if row.kind != kind:
        return f"the release of {period} is {kind}, not '{row.kind}'"
    due_on = row.due.astimezone(city_zone()).date()
    if due_on <= period.last_day:
        return f"the release time {row.release_time} is before the end of {period}"
    return (
        None
        if date.fromisoformat(row.announced_on) < due_on
        else "a release is announced before its day"
    )


def planned_release(home: Home, period: Period) -> PlannedRelease:
    """The calendar's row of a period. Raises RefusedError where it has none."""
    planned = read_calendar(home.calendar).get(str(period))
    if planned is None:
        raise RefusedError(
            f"{period} has no release time; announce one, with a row in "
            f"{home.calendar} ({','.join(COLUMNS)})."
        )
    return planned
