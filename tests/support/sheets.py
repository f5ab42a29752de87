"""Sheets of cases as counties fill them in, and what comes of them, for tests."""

import zipfile
from datetime import timedelta
from decimal import Decimal

from openpyxl import load_workbook

from orchestration.alerts.sheets.columns import COLUMNS
from orchestration.alerts.sheets.exporting import export
from orchestration.alerts.sheets.taking import take
from orchestration.alerts.wording import words
from orchestration.home.layout import Home
from tests.support.alerts import FIRST, candidate, evaluated, finding

NOW = FIRST + timedelta(days=3)
NAMES = [column.name for column in COLUMNS]
LETTERS = {name: chr(ord("A") + number) for number, name in enumerate(NAMES)}
HEADS = {name: " ".join(words()["column"][name]) for name in NAMES}
FIRST_ROW = 15
PHONE = "138 1234 5678"
DIMENSION = {"rule": "dimension_low_yellow", "dimension": "rights"}
FINDINGS = (
    finding("U1", observed=Decimal("51.5250")),
    finding("U2", **DIMENSION, union_name="=HYPERLINK(1)"),
    finding("U3", county_code="330303"),
)


def log_of(*findings, as_of=FIRST):
    return evaluated(candidate(*findings or FINDINGS, as_of=as_of))


def exported(store, folder, county="330302"):
    """The sheet of a county, in a folder."""
    folder.mkdir(exist_ok=True)
    [sheet] = export(store, Home(folder), folder, county)
    return sheet.file


def fill(file, *cells):
    """Fill cells in: (row of the cases from 0, column, value)."""
    book = load_workbook(file)
    for row, name, value in cells:
        book.active[f"{LETTERS[name]}{FIRST_ROW + row}"] = value
    book.save(file)
    return file


def edited(file, old, new, part="xl/worksheets/sheet1.xml"):
    """A workbook with a text of its XML replaced, as no spreadsheet would."""
    members = {}
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            members[name] = archive.read(name)
    assert old in members[part]
    members[part] = members[part].replace(old, new)
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file


def said_by(store, files, day=NOW):
    return take(store, files, "Li Wei", day)


def refusals(taken):
    return [(each.row, each.column, each.reason) for each in taken.refused]
