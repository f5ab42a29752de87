"""Sheets of cases by command: out of a home and back into it, also when that is killed."""

import json

import pytest
from openpyxl import load_workbook

from orchestration.alerts.sheets.columns import COLUMNS
from orchestration.alerts.store import opened
from tests.support.faults import copy_of, disturbed, done, needs_strace, uhi
from tests.support.settings import settings_in

COUNTY = "330302"
COLUMN = {column.name: number for number, column in enumerate(COLUMNS, start=1)}
FIRST_ROW = 15
EXPORT = ["alert", "sheet", "export", "--json"]


@pytest.fixture
def home(example_run, tmp_path):
    return copy_of(example_run[0].home.folder, tmp_path, "home")


def sheets_of(home, *options):
    outcome = done(home, uhi(*EXPORT, *options))
    assert outcome.returncode == 0, outcome.stderr
    return json.loads(outcome.stdout)["sheets"]


def taken_from(home, path):
    """What came of handing sheets in: the exit code and the result."""
    outcome = done(home, uhi("alert", "sheet", "import", path, "--as", "Li Wei", "--json"))
    return outcome.returncode, json.loads(outcome.stdout), outcome.stderr


def acknowledge_all(file, spoil=None):
    """Acknowledge each case of a sheet; spoil: the figure of its first row is changed."""
    book = load_workbook(file)
    for row in range(FIRST_ROW, book.active.max_row + 1):
        book.active.cell(row, COLUMN["acknowledged"], "是")
    if spoil:
        book.active.cell(FIRST_ROW, COLUMN["observed"], spoil)
    book.save(file)
    return book.active.max_row - FIRST_ROW + 1


def length_of_log(home):
    with opened(settings_in(home)) as store:
        return store.check()


def test_sheets_go_out_and_come_back(home, tmp_path):
    sheets = sheets_of(home, "--to", tmp_path / "sheets")
    with opened(settings_in(home)) as store:
        cases = store.open_cases()
    assert sum(sheet["cases"] for sheet in sheets) == len(cases)
    title = load_workbook(sheets[0]["file"]).active["A1"].value
    assert title.startswith("鹿城区预警整改单 ")
    for sheet in sheets:
        acknowledge_all(sheet["file"])
    before = length_of_log(home)
    code, taken, _ = taken_from(home, tmp_path / "sheets")
    assert (code, taken["refused"]) == (0, [])
    assert {action["case"] for action in taken["actions"]} == {case.number for case in cases}
    desks = home / "alerts" / "desk"
    for case in cases:
        page = desks / case.county_code / f"case-{case.number}.html"
        assert "已知悉" in page.read_text(encoding="utf-8").split("办理经过")[1]
    after = length_of_log(home)
    assert after == before + len(cases) + len(sheets)
    code, taken, _ = taken_from(home, tmp_path / "sheets")
    assert (code, taken["actions"], taken["nothing_new"]) == (0, [], len(cases))
    assert length_of_log(home) == after


def test_a_refused_row_is_told_and_the_rest_is_taken(home):
    [sheet] = sheets_of(home, "--county", COUNTY)
    count = acknowledge_all(sheet["file"], spoil=99)
    code, taken, told = taken_from(home, sheet["file"])
    assert code == 3
    assert "1 row or file was refused; the rest was taken." in told
    [refused] = taken["refused"]
    assert (refused["file"], refused["row"]) == (sheet["file"], FIRST_ROW)
    assert refused["column"] == "监测值 Figure"
    assert len(taken["actions"]) == count - 1


def test_a_sheet_of_another_home_says_nothing_here(home, refused_homes, tmp_path):
    folder = next(path for path in sorted(refused_homes.iterdir()) if (path / "home").is_dir())
    other = copy_of(folder / "home", tmp_path, "other")
    [sheet] = sheets_of(home, "--county", COUNTY)
    acknowledge_all(sheet["file"])
    code, taken, _ = taken_from(other, sheet["file"])
    assert (code, taken["actions"]) == (3, [])
    assert "not exported from the cases that are kept here" in taken["refused"][0]["reason"]


@pytest.mark.parametrize("path", ["none.xlsx", "."])
def test_what_is_not_there_is_wrong_usage(home, tmp_path, path):
    (tmp_path / "empty").mkdir()
    command = uhi("alert", "sheet", "import", tmp_path / "empty" / path, "--as", "Li Wei")
    assert done(home, command).returncode == 2


@needs_strace
@pytest.mark.fault
@pytest.mark.parametrize(("call", "nth"), [("pwrite64", 3), ("fdatasync", 1), ("fdatasync", 3)])
def test_killed_while_sheets_are_read(home, call, nth):
    [sheet] = sheets_of(home, "--county", COUNTY)
    count = acknowledge_all(sheet["file"])
    before = length_of_log(home)
    command = uhi("alert", "sheet", "import", sheet["file"], "--as", "Li Wei")
    killed = disturbed(home, command, call, f"signal=KILL:when={nth}")
    assert killed.returncode not in (0, 1)
    assert length_of_log(home) in (before, before + count + 1)
    code, taken, _ = taken_from(home, sheet["file"])
    assert (code, taken["refused"]) == (0, [])
    assert length_of_log(home) == before + count + 1
