"""Periods, ranges and as-of dates."""

from datetime import UTC, date, datetime

import pytest

from orchestration import pipeline
from orchestration.contract import clock
from orchestration.errors import UsageError
from orchestration.home.events import Judged
from orchestration.home.layout import Home
from orchestration.periods import Period, as_of_date, is_provisional, parse_range
from orchestration.release.rules.judgement import Judgement, judged_early
from tests.support.records import verdict


def test_a_range_runs_over_the_turn_of_the_year():
    assert [str(period) for period in parse_range("2020-11..2021-02")] == [
        "2020-11",
        "2020-12",
        "2021-01",
        "2021-02",
    ]


@pytest.mark.parametrize(
    "text", ["2020", "2020-13", "2020-1", "2020-12..2020-11", "2020-12..", "December"]
)
def test_other_text_is_refused(text):
    with pytest.raises(UsageError):
        parse_range(text)


def test_as_of_dates():
    december = Period(2020, 12)
    assert as_of_date(december, None, date(2021, 5, 1)) == date(2020, 12, 31)
    assert as_of_date(december, None, date(2020, 12, 9)) == date(2020, 12, 9)
    assert as_of_date(december, date(2020, 12, 15), date(2021, 5, 1)) == date(2020, 12, 15)
    with pytest.raises(UsageError, match="not a day"):
        as_of_date(december, date(2020, 11, 30), date(2021, 5, 1))
    with pytest.raises(UsageError, match="not begun"):
        as_of_date(december, None, date(2020, 11, 30))


NOVEMBER = Period(2026, 11)


@pytest.mark.parametrize("business_date", [date(2026, 11, 25), date(2026, 11, 29)])
def test_no_as_of_date_is_after_yesterday(business_date):
    with pytest.raises(
        UsageError, match=f"2026-11-30 is not over; state a day up to yesterday, {business_date}"
    ):
        as_of_date(NOVEMBER, date(2026, 11, 30), business_date)
    assert as_of_date(NOVEMBER, business_date, business_date) == business_date
    assert as_of_date(NOVEMBER, None, business_date) == business_date
    with pytest.raises(UsageError, match="not begun"):
        as_of_date(NOVEMBER.next, date(2026, 12, 1), business_date)


def test_an_as_of_date_is_refused_before_anything_is_read(monkeypatch):
    monkeypatch.setattr(pipeline, "yesterday", lambda: date(2020, 11, 25))
    with pytest.raises(UsageError, match="2020-11-30 is not over"):
        pipeline.due_dates("2020-10..2020-11", date(2020, 11, 30))
    assert [day for _, day in pipeline.due_dates("2020-10..2020-11", None)] == [
        date(2020, 10, 31),
        date(2020, 11, 25),
    ]


@pytest.mark.parametrize(
    ("as_of", "business_date", "provisional"),
    [
        (date(2026, 11, 30), date(2026, 11, 25), True),
        (date(2026, 11, 30), date(2026, 11, 29), True),
        (date(2026, 11, 30), date(2026, 11, 30), False),
        (date(2026, 11, 29), date(2026, 11, 30), True),
        (date(2026, 11, 30), date(2027, 5, 1), False),
    ],
)
def test_a_month_is_provisional_until_its_last_day_is_past(as_of, business_date, provisional):
    assert is_provisional(NOVEMBER, as_of, business_date) is provisional


@pytest.mark.parametrize(
    ("moment", "day"),
    [
        (datetime(2026, 11, 30, 15, 59, 59, tzinfo=UTC), date(2026, 11, 29)),
        (datetime(2026, 11, 30, 16, tzinfo=UTC), date(2026, 11, 30)),
    ],
)
def test_days_are_those_of_the_city_wherever_the_machine_is(monkeypatch, moment, day):
    class Clock(datetime):
        @classmethod
        def now(cls, tz=None):
            return moment.astimezone(tz)

    monkeypatch.setattr(clock, "datetime", Clock)
    assert clock.yesterday() == day


def test_a_verdict_given_before_the_month_was_over_is_none_on_the_month(tmp_path):
    def judgement(at):
        judged = Judged(period=str(NOVEMBER), passed=True, provisional=False, at=at)
        given = verdict(str(NOVEMBER))
        return Judgement(Home(tmp_path), NOVEMBER, given, "0" * 64, (), judged)

    reason = judged_early(judgement("2026-11-30T15:59:59+00:00"))
    assert (
        reason
        == "it was judged at 2026-11-30T15:59:59+00:00, before 2026-11 was over; run it again"
    )
    assert judged_early(judgement("2026-11-30T16:00:00+00:00")) is None
