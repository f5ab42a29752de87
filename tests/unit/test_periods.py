"""Periods, ranges and as-of dates."""

from datetime import date

import pytest

from orchestration.errors import UsageError
from orchestration.periods import Period, as_of_date, parse_range


def test_a_range_runs_over_the_turn_of_the_year():
    assert [str(period) for period in parse_range("2020-11..2021-02")] == ["2020-11", "2020-12", "2021-01", "2021-02"]


@pytest.mark.parametrize("text", ["2020", "2020-13", "2020-1", "2020-12..2020-11", "2020-12..", "December"])
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
