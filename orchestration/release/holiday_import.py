"""`uhi calendar import`: newly announced holidays are taken into the calendar.

The calendar is a table of the project, which releases rest on: their figures count working days by
the days up to their as-of date. So an official day that a published release rests on is changed
only with a reason and a name, which the ledger keeps.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.contract import holidays
from orchestration.contract.holidays import table_text
from orchestration.contract.official_days import (
    MovedDay,
    OfficialDays,
    days_of_file,
    days_of_library,
    moved_days,
    new_calendar,
)
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import RefusedError, first_few
from orchestration.home import files, ledger
from orchestration.home.events import HolidaysChanged, Published
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.periods import Period
from orchestration.plain_text import LONGEST_NAME, LONGEST_REASON, stated_line

REASON_NEEDED = "Official days that a release rests on are changed for a stated reason"
NAME_NEEDED = "Official days that a release rests on are changed by somebody with a name"


@dataclass(frozen=True)
class Statement:
    """Why official days that releases rest on are changed, and who answers for it."""

    reason: str
    by: str

    @classmethod
    def of(cls, reason: str | None, by: str | None) -> "Statement | None":
        """What was stated; None where nothing was. Raises UsageError where one alone was."""
        if reason is None and by is None:
            return None
        return cls(
            stated_line(reason or "", REASON_NEEDED, LONGEST_REASON),
            stated_line(by or "", NAME_NEEDED, LONGEST_NAME),
        )


@dataclass(frozen=True)
class Imported:
    """What an import did, or would do.

    source: what has the official days; before, after: the calendar; moved: the days of both that
    are otherwise now; releases: the months whose releases rest on a changed official day; dry_run:
    nothing was written.
    """

    source: str
    before: WorkingDays
    after: WorkingDays
    moved: Sequence[MovedDay]
    releases: Sequence[str]
    dry_run: bool

    @property
    def is_changed(self) -> bool:
        """Whether the content of the table has changed."""
        return self.before.listed != self.after.listed

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {
            "source": self.source,
            "changed": self.is_changed,
            "dry_run": self.dry_run,
            **reach(self.after),
            "moved": [
                {"date": str(day.date), "working_day": day.is_working_day} for day in self.moved
            ],
            "releases": list(self.releases),
        }


def reach(calendar: WorkingDays) -> dict[str, str]:
    """How far a calendar reaches, as JSON."""
    return {"official_until": str(calendar.official_until), "projected_until": str(calendar.last)}


def import_holidays(
    home: Home,
    file: Path | None = None,
    statement: Statement | None = None,
    *,
    dry_run: bool = False,
) -> Imported:
    """Take the official days of a file, or of the installed chinesecalendar, into the calendar.

    The years after them are projected anew. statement: needed where an official day changes that a
    published release rests on.

    Raises SourceError where the days are no sound continuation of those that are there, UsageError
    where the calendar itself is unsound, RefusedError where a statement is needed.
    """
    official = days_of_file(file) if file else days_of_library()
    imported = planned_import(home, official, dry_run=dry_run)
    if imported.releases and statement is None:
        raise RefusedError(unstated_change(imported))
    if imported.is_changed and not dry_run:
        if imported.releases and statement:
            ledger.append(home, change_of(imported, statement))
        files.write_atomically(holidays.HOLIDAYS, table_text(imported.after.listed))
    return imported


def planned_import(home: Home, official: OfficialDays, *, dry_run: bool) -> Imported:
    """What taking these official days would change. Raises SourceError, UsageError."""
    before = WorkingDays.read()
    after = WorkingDays.of(new_calendar(before, official))
    moved = moved_days(before, after)
    changed = [day.date for day in moved if day.was_official]
    return Imported(
        source=official.source,
        before=before,
        after=after,
        moved=moved,
        releases=resting_releases(home, changed),
        dry_run=dry_run,
    )


def resting_releases(home: Home, days: Sequence[date]) -> list[str]:
    """The months with a published release that counts one of these days, in their order."""
    if not days:
        return []
    published = {event.period for event in Ledger.of(home).every(Published)}
    first = min(days)
    return sorted(month for month in published if Period.parse(month).last_day >= first)


def unstated_change(imported: Imported) -> str:
    """Why an import is refused, and what to do."""
    days = [str(day.date) for day in imported.moved if day.was_official]
    return (
        f"Official days that published releases rest on would change ({first_few(days)}; releases "
        f"of {first_few(list(imported.releases))}). If {imported.source} is right, give --reason "
        "and --as, then run those months again and release them as a correction."
    )


def change_of(imported: Imported, statement: Statement) -> HolidaysChanged:
    """The line of the ledger about a change of official days that releases rest on."""
    return HolidaysChanged(
        source=imported.source,
        days=tuple(str(day.date) for day in imported.moved if day.was_official),
        reason=statement.reason,
        by=statement.by,
    )
