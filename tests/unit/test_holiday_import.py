"""Newly announced holidays are taken in, and what is no sound continuation is refused."""

import json
from datetime import date, timedelta
from importlib.metadata import version

import pytest
from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.contract import holidays
from orchestration.contract.holidays import read_holidays
from orchestration.contract.parameters import parameters
from orchestration.contract.working_days import WorkingDays
from orchestration.home import ledger
from orchestration.home.events import HolidaysChanged, Published
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.release import holiday_report
from tests.reference.spans import is_workday

SHIPPED = holidays.HOLIDAYS.read_text(encoding="utf-8")
BEGINNING = {"date", *map(str, range(2004, 2026))}
# As the State Council could announce 2027: the Spring Festival lasts until the 11th, for which the
# 20th is worked.
ANNOUNCED = """2027-01-01,holiday
2027-02-05,holiday
2027-02-08,holiday
2027-02-09,holiday
2027-02-10,holiday
2027-02-11,holiday
2027-02-20,working_day
2027-04-05,holiday
2027-05-03,holiday
2027-05-04,holiday
2027-06-09,holiday
2027-09-15,holiday
2027-10-01,holiday
2027-10-04,holiday
2027-10-05,holiday
"""


@pytest.fixture
def calendar(tmp_path, monkeypatch):
    """The shipped calendar, in a file that a test may change."""
    file = tmp_path / "public_holidays.csv"
    file.write_text(SHIPPED, encoding="utf-8")
    monkeypatch.setattr(holidays, "HOLIDAYS", file)
    monkeypatch.setenv("UHI_HOME", str(tmp_path / "home"))
    return file


@pytest.fixture
def handed_in(tmp_path):
    """Writes a file of official days."""
    file = tmp_path / "official.csv"

    def write(days, header="date,kind\n"):
        file.write_text(header + days, encoding="utf-8")
        return str(file)

    return write


def uhi(*arguments):
    """The exit code of `uhi calendar import`, and what it says."""
    answer = CliRunner().invoke(main, ["calendar", "import", *arguments])
    return answer.exit_code, " ".join(answer.output.split())


def days_of(year, without=()):
    """The lines of a year of the shipped calendar, without their status."""
    lines = [line.rpartition(",")[0] for line in SHIPPED.splitlines() if line.startswith(str(year))]
    return "".join(f"{line}\n" for line in lines if line[:10] not in without)


def test_the_shipped_calendar_is_what_the_library_gives(calendar):
    code, said = uhi()
    release = version("chinesecalendar")
    assert (code, said.partition(":")[0]) == (
        0,
        f"The calendar has the days of chinesecalendar {release} already",
    )
    assert calendar.read_text(encoding="utf-8") == SHIPPED


def test_a_calendar_that_is_behind_takes_the_days_of_the_library(calendar):
    lines = SHIPPED.splitlines()
    behind = [line for line in lines if line[:4] in BEGINNING]
    projected = "2026-01-01,holiday,projected\n2026-05-01,holiday,projected\n"
    calendar.write_text("\n".join(behind) + f"\n{projected}", encoding="utf-8")
    assert WorkingDays.read().official_until == date(2025, 12, 31)
    code, said = uhi("--dry-run")
    assert code == 0
    assert said.startswith("Would take the official days of chinesecalendar")
    assert "2026-02-28: a working day, official (was a day off, projected)" in said
    assert "2026-05-04: a day off, official (was a working day, projected)" in said
    assert WorkingDays.read().official_until == date(2025, 12, 31)
    assert uhi()[0] == 0
    assert calendar.read_text(encoding="utf-8") == SHIPPED


def test_an_announced_year_is_taken_and_the_years_after_it_are_projected(calendar, handed_in):
    before = WorkingDays.read()
    code, said = uhi(handed_in(ANNOUNCED))
    after = WorkingDays.read()
    assert code == 0
    assert said.endswith(
        "official until 2027-12-31, projected until 2029-12-31. "
        "2027-02-11: a day off, official (was a working day, projected) "
        "2027-02-20: a working day, official (was a day off, projected)"
    )
    assert after.after(date(2027, 2, 4), 1).date == date(2027, 2, 12)
    assert not after.after(date(2027, 2, 4), 1).rests_on_projected
    announced = date(2026, 12, 31)
    assert after.digest_until(announced) == before.digest_until(announced)
    for number in range(366 + 365):
        day = date(2028, 1, 1) + timedelta(days=number)
        assert after.is_working_day(day) == is_workday(day)
    assert [day for day in read_holidays(calendar) if day.date.year < 2027] == [
        day for day in before.listed if day.date.year < 2027
    ]
    assert uhi(handed_in(ANNOUNCED))[1].startswith("The calendar has the days of")


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ("2027-02-20,holiday\n", "line 2, column kind: 2027-02-20 is a weekend's day, off anyhow"),
        ("2027-1-1,holiday\n", "line 2, column date: '2027-1-1': a day is due"),
        ("2027-01-01,holiday\n" * 2, "line 3, column date: 2027-01-01 does not come after"),
        ("2027-01-01,feast\n", "line 2, column kind: 'feast'"),
        ("2027-01-01\n", "line 2: 1 cell instead of 2"),
        ("", "the calendar has no day"),
        (
            ANNOUNCED.replace("2027-10-01,holiday\n", ""),
            "2027-10-01, National Day, is a weekday and is not listed as a holiday",
        ),
        (days_of(2025), "ends with 2025; the calendar already has the official days up to 2026"),
        (
            days_of(2028),
            "begins with 2028, and the official days that are there end with 2026. Give those of",
        ),
        (days_of(2026) + days_of(2028), "no day of 2027 is listed"),
    ],
)
def test_what_is_no_sound_continuation_is_refused(calendar, handed_in, days, problem):
    code, said = uhi(handed_in(days))
    assert code == 4
    assert problem in said
    assert calendar.read_text(encoding="utf-8") == SHIPPED


def test_another_header_is_refused(calendar, handed_in):
    code, said = uhi(handed_in(ANNOUNCED, header="day,kind\n"))
    assert (code, "line 1: the header is day,kind; it must be date,kind" in said) == (4, True)
    assert calendar.read_text(encoding="utf-8") == SHIPPED


def test_an_official_day_that_a_release_rests_on_changes_only_with_a_name(
    calendar, handed_in, tmp_path
):
    home = Home(tmp_path / "home")
    changed = days_of(2026, without={"2026-10-10"})
    assert uhi(handed_in(changed), "--dry-run")[0] == 0
    for period in ("2026-09", "2026-10"):
        event = Published(
            period=period,
            release="r1",
            digest="1" * 64,
            record="2" * 64,
            release_time="2026-11-20T10:00:00+08:00",
        )
        ledger.append(home, event)
    file = handed_in(changed)
    code, said = uhi(file)
    assert code == 3
    assert "rest on would change (2026-10-10; releases of 2026-10). If" in said
    assert uhi(file, "--reason", "the notice was amended")[0] == 2
    assert uhi(file, "--as", "erin")[0] == 2
    assert calendar.read_text(encoding="utf-8") == SHIPPED
    code, said = uhi(file, "--reason", "the notice was amended", "--as", "erin")
    assert code == 0
    assert "2026-10-10: a day off, official (was a working day, official)" in said
    assert "releases rest on changed official days: 2026-10; run and release again" in said
    [change] = Ledger.of(home).every(HolidaysChanged)
    assert (change.days, change.by) == (("2026-10-10",), "erin")
    assert not WorkingDays.read().is_working_day(date(2026, 10, 10))


@pytest.mark.parametrize(
    ("days_before", "warns"), [(61, False), (60, True), (0, True), (-30, True)]
)
def test_the_state_warns_before_the_official_days_end(days_before, warns):
    assert parameters().calendar_warning_days == 60
    today = date(2026, 12, 31) - timedelta(days=days_before)
    found = holiday_report.reach_on(today)
    reach, *warnings = holiday_report.format_reach(found)
    assert reach == "Holidays: official until 2026-12-31, projected until 2028-12-31"
    assert [f"{max(days_before, 0)} official days are left" in line for line in warnings] == [
        True
    ] * warns
    assert all("run uhi calendar import" in line for line in warnings)


def test_the_calendar_is_shown(calendar):
    answer = CliRunner().invoke(main, ["calendar", "show", "--json"])
    shown = json.loads(answer.output)
    assert len(shown["next_holidays"]) == holiday_report.NEXT_HOLIDAYS
    assert {"date": "2027-01-01", "status": "projected"} in shown["next_holidays"]
