"""What `uhi calendar` and `uhi status` say of the calendar of public holidays."""

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

from orchestration.contract.official_days import MovedDay
from orchestration.contract.parameters import parameters
from orchestration.contract.working_days import WorkingDays
from orchestration.release.holiday_import import Imported
from quality.nouns import counted_noun

NEXT_HOLIDAYS = 10
REMEDY = (
    "once the State Council has announced the next year, run uhi calendar import, with a newer "
    "release of chinesecalendar or a file of the official days"
)
WORDS = {True: "a working day", False: "a day off"}
STATUS = {True: "official", False: "projected"}


def reach_on(today: date) -> dict[str, Any]:
    """How far the calendar is official and projected, and whether that is a warning, as JSON.

    Raises UsageError where the calendar is unsound.
    """
    calendar = WorkingDays.read()
    days_left = (calendar.official_until - today).days
    return {
        "official_until": str(calendar.official_until),
        "projected_until": str(calendar.last),
        "official_days_left": max(days_left, 0),
        "ends_soon": days_left <= parameters().calendar_warning_days,
    }


def format_reach(found: dict[str, Any]) -> Iterator[str]:
    """The same in lines."""
    yield (
        f"Holidays: official until {found['official_until']}, "
        f"projected until {found['projected_until']}"
    )
    if warning := warning_of(found):
        yield f"  warning: {warning}"


def warning_of(found: dict[str, Any]) -> str | None:
    """That the official days end soon, and what to do; None while they do not."""
    if not found["ends_soon"]:
        return None
    left = found["official_days_left"]
    days = counted_noun(left, "official day is", "official days are")
    return f"{days} left of the calendar of holidays; {REMEDY}"


def calendar_from(today: date) -> dict[str, Any]:
    """How far the calendar reaches, and its next holidays from a day on, as JSON."""
    calendar = WorkingDays.read()
    coming = (day for day in calendar.listed if day.date >= today)
    holidays = (day for day in coming if day.kind == "holiday")
    listed = [
        {"date": str(day.date), "status": day.status} for day in islice(holidays, NEXT_HOLIDAYS)
    ]
    return {**reach_on(today), "next_holidays": listed}


def format_calendar(found: dict[str, Any]) -> list[str]:
    """The same in lines."""
    holidays = [f"  {day['date']} {day['status']}" for day in found["next_holidays"]]
    return [*format_reach(found), "Next weekdays off:", *holidays]


def format_import(imported: Imported) -> list[str]:
    """What an import did, or would do, in lines: each day that moved is one."""
    verb = "Would take" if imported.dry_run else "Took"
    after = imported.after
    reach = f"official until {after.official_until}, projected until {after.last}"
    if not imported.is_changed:
        return [f"The calendar has the days of {imported.source} already: {reach}."]
    lines = [f"{verb} the official days of {imported.source}: {reach}."]
    lines += [f"  {format_moved(day)}" for day in imported.moved]
    if not imported.moved:
        lines.append("  no day became a working day or a day off")
    if imported.releases:
        months = ", ".join(imported.releases)
        lines.append(f"  releases rest on changed official days: {months}; run and release again")
    return lines


def format_moved(day: MovedDay) -> str:
    """A day that moved: what it is now, and what it was."""
    was = f"{WORDS[not day.is_working_day]}, {STATUS[day.was_official]}"
    now = f"{WORDS[day.is_working_day]}, {STATUS[day.is_official]}"
    return f"{day.date}: {now} (was {was})"
