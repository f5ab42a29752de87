"""Periods, as-of dates, windows and working days.

Here belongs the calendar of index.md, Time: what a period spans, when the window begins, which
month comes before, and when a request falls due by the public holidays of the `chinesecalendar`
library, and of the `holidays` package in the years after those.
"""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

import chinese_calendar
import holidays


def month_of(day: date) -> str:
    """Give the month YYYY-MM of a day."""
    return f"{day.year:04d}-{day.month:02d}"


def shifted_month(year: int, month: int, months: int) -> tuple[int, int]:
    """Give the year and month so many months later."""
    years, month = divmod(year * 12 + month - 1 + months, 12)
    return years, month + 1


def month_end(year: int, month: int) -> date:
    """Give the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


def month_before(period: str) -> str:
    """Give the calendar month before a period."""
    return month_of(date.fromisoformat(f"{period}-01") - timedelta(days=1))


@dataclass(frozen=True)
class Span:
    """A period's as-of date D and the start of its window W.

    The window holds the days after that start, up to and with D.
    """

    period: str
    as_of: date
    window_start: date
    provisional: bool

    @classmethod
    def of(cls, period: str, window_months: int, as_of: date | None = None) -> "Span":
        """Give the span of a period.

        An `as_of` within it and before its last day makes it provisional.
        """
        first = date.fromisoformat(f"{period}-01")
        last = month_end(first.year, first.month)
        if as_of is not None and as_of < first:
            raise ValueError(f"{period} begins after {as_of}")
        day = last if as_of is None else min(as_of, last)
        before = month_end(*shifted_month(day.year, day.month, -window_months))
        start = before if day == last else before.replace(day=min(day.day, before.day))
        return cls(period, day, start, provisional=day < last)

    def happened(self, day: date | None) -> bool:
        """Whether something had happened by D."""
        return day is not None and day <= self.as_of

    def in_window(self, day: date | None) -> bool:
        """Whether something happened in W."""
        return day is not None and self.window_start < day <= self.as_of

    def in_month(self, day: date) -> bool:
        """Whether something happened in the period by D."""
        return month_of(day) == self.period and day <= self.as_of

    def is_open(self, begun: date, ended: date | None) -> bool:
        """Whether what began and perhaps ended on these days is open on D."""
        return self.happened(begun) and not self.happened(ended)

    def due_date(self, opened: date, working_days: int) -> date | None:
        """Give the so many-th working day after a day, nothing if it comes after D.

        A day not in the calendar fails.
        """
        day = opened
        for _ in range(working_days):
            day += timedelta(days=1)
            while day <= self.as_of and not is_workday(day):
                day += timedelta(days=1)
            if day > self.as_of:
                return None
        return day


def is_workday(day: date) -> bool:
    """Whether a day is a working day; past the announced years there are no make-up days."""
    if day.year <= max(chinese_calendar.constants.holidays).year:
        return chinese_calendar.is_workday(day)
    return day.weekday() <= 4 and day not in holidays.country_holidays("CN", years=day.year)


def months_overdue(elected: date, term_years: int, as_of: date) -> int:
    """Count the whole months from the end of a committee's term to D.

    The rule is in index.md, committee_overdue.
    """
    day = 28 if (elected.month, elected.day) == (2, 29) else elected.day
    end = elected.replace(year=elected.year + term_years, day=day)
    if as_of <= end:
        return 0
    months = (as_of.year - end.year) * 12 + as_of.month - end.month
    return months - 1 if as_of.day < end.day else months
