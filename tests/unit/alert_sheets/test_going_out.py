"""What sheets of cases say, and how they are made."""

from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from orchestration.alerts.sheets.exporting import contents, export, format_sheets
from orchestration.alerts.sheets.writing import sheet_bytes
from orchestration.alerts.wording import words
from orchestration.errors import UsageError
from orchestration.home.layout import Home
from tests.support.alerts import finding, store_of
from tests.support.sheets import FIRST_ROW, LETTERS, NAMES, exported, log_of


def test_a_sheet_has_a_row_for_each_open_case_by_deadline(file):
    sheet = load_workbook(file).active
    rows = list(sheet.iter_rows(min_row=FIRST_ROW - 2, values_only=True))
    assert rows[0] == tuple(words()["column"][name][0] for name in NAMES)
    assert rows[1] == tuple(words()["column"][name][1] for name in NAMES)
    first = dict(zip(NAMES, rows[2], strict=True))
    assert (
        first
        == {
            "number": 1,
            "union_id": "U1",
            "union_name": "U1 Works",
            "rule": "健康指数过低\nIndex very low",
            "dimension": "",
            "level": "红色通报\nRed notice",
            "observed": 51.525,
            "threshold": 60,
            "opened_on": datetime(2020, 10, 31),  # noqa: DTZ001
            "due_on": datetime(2020, 11, 20),  # noqa: DTZ001
            "state": "待处理\nOpen",
        }
        | dict.fromkeys(NAMES[11:])
    )
    assert [row[0] for row in rows[2:]] == [1, 2]
    assert rows[3][NAMES.index("dimension")] == "维权帮扶\nRights and assistance"


def test_a_figure_says_how_it_must_compare(file):
    sheet = load_workbook(file).active
    assert sheet[f"{LETTERS['threshold']}{FIRST_ROW}"].number_format == '"≥ "General'


def test_no_text_is_a_formula(file):
    sheet = load_workbook(file).active
    cell = sheet[f"C{FIRST_ROW + 1}"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")


def test_a_sheet_is_locked_but_where_it_is_filled_in_and_prints_on_a4(file):
    sheet = load_workbook(file).active
    locked = {name: sheet[f"{LETTERS[name]}{FIRST_ROW}"].protection.locked for name in NAMES}
    assert [name for name, is_locked in locked.items() if not is_locked] == NAMES[11:]
    assert sheet.protection.sheet
    assert (sheet.page_setup.orientation, int(sheet.page_setup.paperSize)) == ("landscape", 9)
    assert sheet.print_title_rows == f"${FIRST_ROW - 2}:${FIRST_ROW - 1}"
    kinds = {
        str(rule.sqref).split(":")[0]: (rule.type, rule.formula1, rule.formula2)
        for rule in sheet.data_validations.dataValidation
    }
    assert kinds == {
        f"L{FIRST_ROW}": ("list", '"是"', None),
        f"M{FIRST_ROW}": ("date", "TODAY()", None),
        f"N{FIRST_ROW}": ("date", f"$I{FIRST_ROW}", "TODAY()"),
        f"O{FIRST_ROW}": ("textLength", "200", None),
        f"P{FIRST_ROW}": ("textLength", "500", None),
    }


def test_a_projected_deadline_is_marked(tmp_path):
    with store_of(log_of(finding(), as_of=date(2027, 12, 20))) as store:
        sheet = load_workbook(exported(store, tmp_path)).active
    cell = sheet[f"{LETTERS['due_on']}{FIRST_ROW}"]
    assert cell.is_date
    assert cell.number_format == 'yyyy-mm-dd"*"'


def test_the_same_cases_give_the_same_bytes(store, tmp_path):
    contents_twice = [next(contents(store, Home(tmp_path), "330302")) for _ in range(2)]
    first, second = map(sheet_bytes, contents_twice)
    assert first == second


def test_sheets_are_for_their_owner_alone(store, tmp_path):
    sheets = export(store, Home(tmp_path), None, None)
    assert [sheet.county for sheet in sheets] == ["330302", "330303"]
    assert [sheet.file.name for sheet in sheets] == [
        "330302-2020-10-31.xlsx",
        "330303-2020-10-31.xlsx",
    ]
    modes = {path.stat().st_mode & 0o777 for path in (tmp_path / "alerts").rglob("*")}
    assert modes == {0o700, 0o600}
    assert format_sheets(sheets)[0].startswith("330302: 2 cases in ")


def test_without_open_cases_there_is_no_sheet(tmp_path):
    with store_of([]) as store:
        assert format_sheets(export(store, Home(tmp_path), None, None)) == [
            "No case is open; no sheet was written."
        ]
        with pytest.raises(UsageError, match="no case of a county 330399"):
            export(store, Home(tmp_path), None, "330399")
