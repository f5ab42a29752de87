"""The release calendar: read strictly, and a time is a moment, whatever its zone."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.errors import RefusedError, UsageError
from orchestration.periods import Period
from orchestration.release.release_calendar import (
    COLUMNS,
    PlannedRelease,
    planned_release,
    read_calendar,
)
from orchestration.settings import Settings

HEADER = ",".join(COLUMNS)
DECEMBER = "2020-12,annual,2021-01-20T10:00+08:00,2020-12-21"


def calendar(folder, *rows, header=HEADER):
    file = folder / "release_calendar.csv"
    file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
    return file


def test_rows_are_read_by_period(tmp_path):
    planned = read_calendar(
        calendar(tmp_path, DECEMBER, "2020-11,monthly,2020-12-18T02:00Z,2020-11-20")
    )
    assert list(planned) == ["2020-11", "2020-12"]
    assert planned["2020-12"].due == datetime(2021, 1, 20, 2, tzinfo=UTC)
    assert planned["2020-12"].described().as_json() == {
        "kind": "annual",
        "release_time": "2021-01-20T10:00+08:00",
        "announced_on": "2020-12-21",
    }


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        (
            "2020-13,monthly,2021-01-20T10:00+08:00,2020-12-21",
            "line 2, column period: '2020-13': a month is due",
        ),
        (
            "2020-2,monthly,2021-01-20T10:00+08:00,2020-12-21",
            "line 2, column period: '2020-2': a month is due",
        ),
        (
            "2020-12,monthly,2021-01-20T10:00+08:00,2020-12-21",
            "the release of 2020-12 is annual, not 'monthly'",
        ),
        (
            "2020-11,annual,2020-12-20T10:00+08:00,2020-11-21",
            "the release of 2020-11 is monthly, not 'annual'",
        ),
        (
            "2020-12,annual,2021-01-20T10:00,2020-12-21",
            "column release_time: '2021-01-20T10:00': a time with its offset is due",
        ),
        ("2020-12,annual,20 January,2020-12-21", "column release_time: '20 January'"),
        (
            "2020-12,annual,2021-W03-3T10:00+08:00,2020-12-21",
            "column release_time: '2021-W03-3T10:00",
        ),
        ("2020-12,annual,2020-12-31T15:59Z,2020-12-21", "before the end of 2020-12"),
        ("2020-12,annual,2021-01-20T10:00+08:00,soon", "column announced_on: 'soon': a day is due"),
        (
            "2020-12,annual,2021-01-20T10:00+08:00,20201221",
            "column announced_on: '20201221': a day is due",
        ),
        ("2020-12,annual,2021-01-20T10:00+08:00,2021-01-20", "announced before its day"),
        ("2020-12,annual,2021-01-20T10:00+08:00", "3 cells instead of 4"),
        (f"{DECEMBER}\n{DECEMBER}", "the row of 2020-12: it has a row already"),
    ],
)
def test_an_unsound_row_is_named(tmp_path, row, fault):
    with pytest.raises(UsageError, match=fault):
        read_calendar(calendar(tmp_path, row))


@pytest.mark.parametrize("header", ["period,kind,release_time", "", HEADER.upper()])
def test_other_columns_are_refused(tmp_path, header):
    with pytest.raises(UsageError, match=f"it must be {HEADER}"):
        read_calendar(calendar(tmp_path, DECEMBER, header=header))


def test_a_calendar_that_is_no_text_is_refused(tmp_path):
    file = tmp_path / "release_calendar.csv"
    file.write_bytes("期间".encode("gb18030"))
    with pytest.raises(UsageError, match="line 1: this is not UTF-8"):
        read_calendar(file)


def test_the_first_moment_after_the_month_may_be_planned(tmp_path):
    assert read_calendar(calendar(tmp_path, "2020-12,annual,2020-12-31T16:00Z,2020-12-21"))


def test_a_period_without_a_row_has_no_release_time(tmp_path, monkeypatch):
    monkeypatch.delenv("UHI_RELEASE_CALENDAR")
    settings = Settings(home=tmp_path)
    assert read_calendar(settings.home.calendar) == {}
    with pytest.raises(RefusedError, match="2020-12 has no release time; announce one"):
        planned_release(settings.home, Period(2020, 12))


@given(st.integers(-3, 3), st.integers(-14 * 60, 14 * 60))
def test_a_time_has_come_at_that_moment_in_every_zone(hours, offset):
    moment = (datetime.now(UTC) + timedelta(hours=hours, minutes=-1)).astimezone(
        timezone(timedelta(minutes=offset))
    )
    written = moment.isoformat(timespec="seconds")
    planned = PlannedRelease(
        period="2020-12", kind="annual", release_time=written, announced_on="2020-12-21"
    )
    assert planned.is_due == (hours <= 0)
