"""Where the calendar's days come from, and what changes by taking them.

The official days are those of the installed release of `chinesecalendar`, or of a file that is
handed in; the years after them are projected by the `holidays` package.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path

from orchestration.contract.holidays import (
    OFFICIAL,
    PROJECTED,
    SATURDAY,
    ExceptionalDay,
    ListedDay,
    read_days,
)
from orchestration.contract.parameters import parameters
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import SourceError

LIBRARY = "chinesecalendar"


@dataclass(frozen=True)
class OfficialDays:
    """Official days of whole years, in their order, and what has them."""

    source: str
    days: Sequence[ExceptionalDay]

    @property
    def years(self) -> range:
        """The years that they cover."""
        return range(self.days[0].date.year, self.days[-1].date.year + 1)


@dataclass(frozen=True)
class MovedDay:
    """A day that both calendars have, which is a working day by one alone.

    was_official, is_official: whether it was announced by the one before, and is by the new one.
    """

    date: date
    is_working_day: bool
    was_official: bool
    is_official: bool


def days_of_library() -> OfficialDays:
    """The official days of the installed release of chinesecalendar."""
    import chinese_calendar

    announced = chinese_calendar.constants.holidays
    day, last = date(min(announced).year, 1, 1), date(max(announced).year, 12, 31)
    found = []
    while day <= last:
        is_worked = chinese_calendar.is_workday(day)
        if is_worked != (day.weekday() < SATURDAY):
            kind = "working_day" if is_worked else "holiday"
            found.append(ExceptionalDay.model_validate({"date": str(day), "kind": kind}))
        day += timedelta(days=1)
    return OfficialDays(f"{LIBRARY} {version(LIBRARY)}", found)


def days_of_file(file: Path) -> OfficialDays:
    """The official days of a CSV file with the columns date and kind, which covers whole years.

    Raises SourceError naming file, line and column, or the statutory holiday that is missing.
    """
    found = OfficialDays(str(file), read_days(file, ExceptionalDay, SourceError))
    listed = {day.date for day in found.days if day.kind == "holiday"}
    for year in found.years:
        for day, name in statutory_weekdays(year, with_substitutes=False):
            if day not in listed:
                raise SourceError(
                    f"{file}: {day}, {name}, is a weekday and is not listed as a holiday; list "
                    f"all days of {year} that the State Council has announced."
                )
    return found


def statutory_weekdays(year: int, *, with_substitutes: bool) -> Iterator[tuple[date, str]]:
    """The statutory holidays of a year that are weekdays, in their order, and what they are called.

    with_substitutes: also the weekdays off for those that fall on a weekend.
    """
    import holidays

    found = holidays.country_holidays("CN", years=year, observed=with_substitutes, language="en_US")
    for day in sorted(found):
        if day.year == year and day.weekday() < SATURDAY:
            yield day, found[day]


def projected_days(year: int) -> list[ListedDay]:
    """The days of a year by the rule: statutory holidays, and no make-up working days."""
    return [
        ListedDay.model_validate({"date": str(day), "kind": "holiday", "status": PROJECTED})
        for day, _ in statutory_weekdays(year, with_substitutes=True)
    ]


def new_calendar(now: WorkingDays, official: OfficialDays) -> list[ListedDay]:
    """The days of the calendar once it has these official ones, which those after are projected to.

    The years before them stay. Raises SourceError where they end before those that are there, or
    where a year between is missing.
    """
    years, last_year = official.years, now.official_until.year
    if years[-1] < last_year:
        raise SourceError(
            f"{official.source} ends with {years[-1]}; the calendar already has the official days "
            f"up to {last_year}. Give them all."
        )
    if years[0] > last_year + 1:
        raise SourceError(
            f"{official.source} begins with {years[0]}, and the official days that are there end "
            f"with {last_year}. Give those of {last_year + 1} too."
        )
    kept = [day for day in now.listed if day.date.year < years[0]]
    announced = [
        ListedDay.model_validate({"date": str(day.date), "kind": day.kind, "status": OFFICIAL})
        for day in official.days
    ]
    following = range(years[-1] + 1, years[-1] + 1 + parameters().projected_years)
    projected = [day for year in following for day in projected_days(year)]
    return [*kept, *announced, *projected]


def moved_days(before: WorkingDays, after: WorkingDays) -> list[MovedDay]:
    """The days that both calendars have and only one has as a working day, in their order."""
    first, last = max(before.first, after.first), min(before.last, after.last)
    differing = set(before.days) ^ set(after.days)
    return [
        MovedDay(
            date=day,
            is_working_day=after.is_working_day(day),
            was_official=before.is_official_through(day),
            is_official=after.is_official_through(day),
        )
        for day in sorted(differing)
        if first <= day <= last
    ]
