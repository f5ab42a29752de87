"""Periods and as-of dates (contract, Time). Nothing here knows of data."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta

from orchestration.errors import UsageError


@dataclass(frozen=True, order=True)
class Period:
    """A month, printed as YYYY-MM."""

    year: int
    month: int

    @classmethod
    def parse(cls, text: str) -> "Period":
        """Read YYYY-MM. Raises UsageError."""
        match = re.fullmatch(r"([12][0-9]{3})-(0[1-9]|1[0-2])", text)
        if not match:
            raise UsageError(
                f"'{text}' is no period; write a month as YYYY-MM, for example 2020-12."
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: date) -> "Period":
        """The month of a day."""
        return cls(day.year, day.month)

    @property
    def first_day(self) -> date:
        """First day of the month."""
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        """Last day of the month."""
        return date(self.year, self.month, monthrange(self.year, self.month)[1])

    def is_over_on(self, day: date) -> bool:
        """Whether its last day is past on a day."""
        return self.last_day < day

    @property
    def previous(self) -> "Period":
        """The month before."""
        return Period.of(self.first_day - timedelta(days=1))

    @property
    def next(self) -> "Period":
        """The month after."""
        return Period.of(self.last_day + timedelta(days=1))

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"


def parse_range(text: str) -> list[Period]:
    """Periods of `P` or `P..Q`, in order. Raises UsageError."""
    first, separator, last = text.partition("..")
    periods = [Period.parse(first)]
    end = Period.parse(last) if separator else periods[0]
    if end < periods[0]:
        raise UsageError(f"'{text}' ends before it begins.")
    while periods[-1] < end:
        periods.append(periods[-1].next)
    return periods


def as_of_date(period: Period, stated: date | None, business_date: date) -> date:
    """The as-of date of a period: the stated one, else its last day, else the business date.

    Raises UsageError where there is none yet, or where the stated one is in another month or after
    the business date.
    """
    if period.first_day > business_date:
        raise UsageError(
            f"{period} has not begun on {business_date}; there is nothing to measure yet."
        )
    as_of = stated or min(period.last_day, business_date)
    if Period.of(as_of) != period:
        raise UsageError(f"The as-of date {as_of} is not a day of {period}.")
    if as_of > business_date:
        message = (
            f"The as-of date {as_of} is not over; state a day up to yesterday, {business_date}."
        )
        raise UsageError(message)
    return as_of


def is_provisional(period: Period, as_of: date, business_date: date) -> bool:
    """Whether figures of a period as of a day are of only a part of it.

    They are until its last day is past, whatever day is stated.
    """
    return min(as_of, business_date) < period.last_day


def months_after(day: date, months: int) -> date:
    """The day so many months later; the last of its month where that has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def last_closed(business_date: date) -> Period:
    """The last month that is over: its last day is the business date or before."""
    month = Period.of(business_date)
    return month if month.last_day <= business_date else month.previous
