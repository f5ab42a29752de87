"""Working days are counted as a naive count and the libraries count them."""

from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.contract.holidays import HOLIDAYS, read_holidays
from orchestration.contract.parameters import parameters
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import UsageError
from tests.reference.spans import is_workday

CALENDAR = WorkingDays.read()
FIRST, ANNOUNCED, LAST = date(2004, 1, 1), date(2026, 12, 31), date(2028, 12, 31)
DAY = timedelta(days=1)


def days_from(first, last):
    return [first + number * DAY for number in range((last - first).days + 1)]


def counted_one_by_one(day, working_days):
    while working_days:
        day += DAY
        working_days -= is_workday(day)
    return day


def test_the_calendar_is_announced_to_the_end_of_the_library_and_projected_from_there():
    assert (CALENDAR.first, CALENDAR.official_until, CALENDAR.last) == (FIRST, ANNOUNCED, LAST)
    assert LAST.year - ANNOUNCED.year == parameters().projected_years


def test_each_announced_day_is_as_the_library_has_it():
    for day in days_from(FIRST, ANNOUNCED):
        assert CALENDAR.is_working_day(day) == chinese_calendar.is_workday(day), day


def test_each_projected_day_is_as_the_rule_has_it():
    days = days_from(ANNOUNCED + DAY, LAST)
    assert [day for day in days if CALENDAR.is_working_day(day) != is_workday(day)] == []
    assert not any(CALENDAR.is_working_day(day) for day in days if day.weekday() > 4)
    # Spring Festival 2027: the eve, three days from the 6th, and two weekdays for the weekend.
    off = [day for day in days_from(date(2027, 2, 5), date(2027, 2, 11)) if not is_workday(day)]
    assert off == days_from(date(2027, 2, 5), date(2027, 2, 10))


@given(st.dates(FIRST, date(2028, 9, 30)), st.integers(1, 30))
def test_a_due_day_is_counted_as_one_by_one(day, working_days):
    due = CALENDAR.after(day, working_days)
    assert due.date == counted_one_by_one(day, working_days)
    counted = days_from(day + DAY, due.date)
    assert due.rests_on_projected == any(each > ANNOUNCED for each in counted)
    assert due.rests_on_projected != CALENDAR.is_official_through(due.date)


@given(st.dates(FIRST, date(2028, 9, 30)), st.integers(1, 30), st.integers(1, 30))
def test_due_days_add_up_and_are_working_days(day, first, second):
    middle = CALENDAR.after(day, first).date
    assert CALENDAR.is_working_day(middle)
    assert CALENDAR.after(middle, second) == CALENDAR.after(day, first + second)


def test_what_the_calendar_does_not_reach_is_refused():
    assert CALENDAR.after(date(2028, 12, 28), 1).date == date(2028, 12, 29)
    with pytest.raises(UsageError, match=r"ends with 2028-12-31, .* number 2 after 2028-12-28"):
        CALENDAR.after(date(2028, 12, 28), 2)
    for day in (FIRST - DAY, LAST + DAY):
        for question in (CALENDAR.is_working_day, CALENDAR.check_reaches):
            with pytest.raises(UsageError, match=f"{day} lies outside. Run uhi calendar import"):
                question(day)
        with pytest.raises(UsageError, match="lies outside"):
            CALENDAR.after(day, 1)
    with pytest.raises(ValueError, match="0 working days cannot be counted"):
        CALENDAR.after(FIRST, 0)


def test_the_digest_changes_with_a_day_up_to_the_one_asked_for_and_with_nothing_else():
    listed = read_holidays(HOLIDAYS)
    later = [day for day in listed if str(day.date) != "2026-10-10"]
    announced = [day.model_copy(update={"status": "official"}) for day in listed]
    before, since = date(2026, 10, 9), date(2026, 10, 10)
    assert WorkingDays.of(later).digest_until(before) == CALENDAR.digest_until(before)
    assert WorkingDays.of(later).digest_until(since) != CALENDAR.digest_until(since)
    assert WorkingDays.of(announced).digest_until(LAST) == CALENDAR.digest_until(LAST)
