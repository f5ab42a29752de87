"""The release calendar: when the release of each period is due, announced in advance. Nothing is published before its time.

`release_calendar.csv` of the home (or the setting) has a row for each period: `period`; `kind`, annual for December and monthly else;
`release_time`, with its offset from UTC; `announced_on`, the day on which that time was made known.
"""

import csv
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import RefusedError, UsageError
from orchestration.periods import CITY_ZONE, Period
from orchestration.settings import Settings

COLUMNS = ("period", "kind", "release_time", "announced_on")
DECEMBER = 12


@dataclass(frozen=True)
class PlannedRelease:
    """A row of the calendar, its time with its offset and its day in ISO 8601."""

    period: str
    kind: str
    release_time: str
    announced_on: str

    @property
    def due(self) -> datetime:
        """When it may be published."""
        return datetime.fromisoformat(self.release_time)

    @property
    def is_due(self) -> bool:
        """Whether its time has come."""
        return datetime.now(UTC) >= self.due

    def described(self) -> dict[str, Any]:
        """The row as a release states it."""
        return {name: value for name, value in asdict(self).items() if name != "period"}


def read_calendar(file: Path) -> dict[str, PlannedRelease]:
    """The calendar's rows by period; none where there is no file. Raises UsageError naming row and column."""
    if not file.exists():
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header, *rows = list(csv.reader(lines, strict=True)) or [[]]
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(f"The release calendar {file} cannot be read: {error}.") from None
    if tuple(header) != COLUMNS:
        raise UsageError(f"The release calendar {file} must have the columns {','.join(COLUMNS)}.")
    planned: dict[str, PlannedRelease] = {}
    for number, cells in enumerate(rows, start=2):
        if len(cells) != len(COLUMNS):
            raise UsageError(f"The release calendar {file}, row {number}: {len(cells)} cells instead of {len(COLUMNS)}.")
        row = PlannedRelease(*cells)
        if fault := fault_of(row) or ("the period has a row already" if row.period in planned else None):
            raise UsageError(f"The release calendar {file}, row {number}: {fault}.")
        planned[row.period] = row
    return dict(sorted(planned.items()))


def fault_of(row: PlannedRelease) -> str | None:
    """What is wrong with a row, in words."""
    try:
        period = Period.parse(row.period)
    except UsageError as error:
        return str(error).rstrip(".")
    kind = "annual" if period.month == DECEMBER else "monthly"
    if row.kind != kind:
        return f"the release of {period} is {kind}, not '{row.kind}'"
    try:
        due = datetime.fromisoformat(row.release_time)
    except ValueError:
        due = None
    if due is None or due.tzinfo is None:
        return f"release_time is '{row.release_time}'; a time with its offset is due, for example {period.next}-20T10:00+08:00"
    try:
        announced_on = date.fromisoformat(row.announced_on)
    except ValueError:
        return f"announced_on is '{row.announced_on}'; a day is due, for example {period.last_day}"
    if due.astimezone(CITY_ZONE).date() <= period.last_day:
        return f"the release time {row.release_time} is before the end of {period}"
    return None if announced_on < due.astimezone(CITY_ZONE).date() else "a release is announced before its day"


def planned_release(settings: Settings, period: Period) -> PlannedRelease:
    """The calendar's row of a period. Raises RefusedError where it has none."""
    planned = read_calendar(settings.calendar_file).get(str(period))
    if planned is None:
        raise RefusedError(f"{period} has no release time; announce one, with a row in {settings.calendar_file} ({','.join(COLUMNS)}).")
    return planned
