"""Working days, counted by the calendar of public holidays, and whether a count may still change.

`WorkingDays.read().after(day, 5)` is the fifth working day after a day.
"""

import hashlib
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from orchestration.contract import holidays
from orchestration.contract.holidays import SATURDAY, ListedDay, read_holidays
from orchestration.errors import UsageError


class DueDay(NamedTuple):
    """A day that was counted to, and whether a projected day was counted on the way."""

    date: date
    rests_on_projected: bool


@dataclass(frozen=True)
class WorkingDays:
    """The working days of a calendar.

    listed: the days that are otherwise than their day of the week; first, last: the days that the
    calendar reaches from and to; official_until: the last day that the State Council has announced;
    days: the working days, in their order.
    """

    listed: Sequence[ListedDay]
    first: date
    official_until: date
    last: date
    days: Sequence[date]

    @classmethod
    def of(cls, listed: Sequence[ListedDay]) -> "WorkingDays":
        """Those of listed days of whole years, in their order; the first ones are official."""
        official = [day.date for day in listed if day.is_official]
        first = date(listed[0].date.year, 1, 1)
        last = date(listed[-1].date.year, 12, 31)
        exceptions = {day.date for day in listed}
        span = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        days = [day for day in span if (day.weekday() < SATURDAY) != (day in exceptions)]
        return cls(listed, first, date(official[-1].year, 12, 31), last, days)

    @classmethod
    def read(cls) -> "WorkingDays":
        """Those of the table `public_holidays.csv`. Raises UsageError where it is unsound."""
        return cls.of(read_holidays(holidays.HOLIDAYS))

    def is_official_through(self, day: date) -> bool:
        """Whether all days up to a day, that one included, have been announced."""
        return day <= self.official_until

    def is_working_day(self, day: date) -> bool:
        """Whether a day is worked. Raises UsageError where the calendar does not reach it."""
        self.check_reaches(day)
        place = bisect_left(self.days, day)
        return self.days[place : place + 1] == [day]

    def after(self, day: date, working_days: int) -> DueDay:
        """The so many-th working day after a day, which itself does not count.

        working_days: at least 1. Raises ValueError, and UsageError where the calendar does not
        reach the day or what is counted from it.
        """
        if working_days < 1:
            message = f"{working_days} working days cannot be counted; at least 1 is due"
            raise ValueError(message)
        self.check_reaches(day)
        place = bisect_right(self.days, day) + working_days - 1
        if place >= len(self.days):
            raise UsageError(
                f"The calendar of public holidays ends with {self.last}, before the working day "
                f"number {working_days} after {day}. Run uhi calendar import, with a newer release "
                "of chinesecalendar or a file of the official days."
            )
        due = self.days[place]
        return DueDay(due, rests_on_projected=due > self.official_until)

    def before(self, day: date, working_days: int) -> date:
        """The so many-th working day before a day, which itself does not count.

        working_days: at least 1. Raises ValueError, and UsageError as after.
        """
        if working_days < 1:
            message = f"{working_days} working days cannot be counted; at least 1 is due"
            raise ValueError(message)
        self.check_reaches(day)
        place = bisect_left(self.days, day) - working_days
        if place < 0:
            self.check_reaches(self.first - timedelta(days=1))
        return self.days[place]

    def check_reaches(self, day: date) -> None:
        """The calendar reaches a day. Raises UsageError."""
        if not self.first <= day <= self.last:
            raise UsageError(
                f"The calendar of public holidays (public_holidays.csv) reaches from {self.first} "
                f"to {self.last}, and {day} lies outside. Run uhi calendar import, with a newer "
                "release of chinesecalendar or a file of the official days."
            )

    def digest_until(self, day: date) -> str:
        """SHA-256 over what the days up to one are, that one included.

        Whether they are official or projected makes no difference.
        """
        counted = [f"{each.date} {each.kind}\n" for each in self.listed if each.date <= day]
        return hashlib.sha256("".join(counted).encode()).hexdigest()
