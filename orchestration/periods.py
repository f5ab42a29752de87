"""Periods and as-of dates (contract, Time). Nothing here knows of data."""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from orchestration.errors import UsageError

CITY_ZONE = ZoneInfo("Asia/Shanghai")


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
            raise UsageError(f"'{text}' is no period; write a month as YYYY-MM, for example 2020-12.")
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


def yesterday() -> date:
    """The business date of an extraction: the day before today in the city's time zone."""
    return datetime.now(CITY_ZONE).date() - timedelta(days=1)


def as_of_date(period: Period, stated: date | None, business_date: date) -> date:
    """The as-of date of a period: the stated one, else its last day, else (for a running month) the business date. Raises UsageError."""
    if stated is not None:
        if Period.of(stated) != period:
            raise UsageError(f"The as-of date {stated} is not a day of {period}.")
        return stated
    if period.first_day > business_date:
        raise UsageError(f"{period} has not begun on {business_date}; there is nothing to measure yet.")
    return min(period.last_day, business_date)
