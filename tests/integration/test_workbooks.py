"""Excel workbooks as sources.

They give the same landing; what a spreadsheet may have spoilt silently is refused.
"""

import csv
import re
import shutil
import zipfile
from datetime import date, datetime

import duckdb
import pytest
from openpyxl import Workbook, load_workbook

from orchestration.contract.registry import source_tables
from orchestration.errors import SourceError
from orchestration.extract.folder import FolderSource
from orchestration.extract.landing import extract
from tests.support.lanes import everyday
from tests.support.settings import EXAMPLE


def land(settings, source):
    return extract(settings, str(source), lambda _: None)


def excel_cell(cell, contract_type):
    """A cell as a county office would have it.

    Dates are dates, numbers are numbers; codes and times with a zone are text.
    """
    if not cell:
        return None
    kind = contract_type.partition("(")[0]
    kinds = {
        "int": int,
        "decimal": float,
        "date": date.fromisoformat,
        "bool": lambda text: text == "true",
    }
    return kinds.get(kind, str)(cell)


def write_workbook(source, name):
    table = source_tables()[name]
    types = {column.name: column.type for column in table.columns}
    workbook = Workbook()
    with (source / f"{name}.csv").open(encoding="utf-8", newline="") as lines:
        header, *rows = csv.reader(lines)
    workbook.active.append(header)
    for row in rows:
        workbook.active.append(
            [excel_cell(cell, types[column]) for cell, column in zip(row, header, strict=True)]
        )
        for cell in workbook.active[workbook.active.max_row]:
            if cell.data_type == "f":
                cell.data_type = "s"
    workbook.save(source / f"{name}.xlsx")
    (source / f"{name}.csv").unlink()


@pytest.fixture
def source(tmp_path):
    return shutil.copytree(EXAMPLE / "source", tmp_path / "source")


@pytest.fixture
def edited(source):
    """A function that changes a cell of a table's workbook."""

    def edit(name, address, value):
        if not (source / f"{name}.xlsx").exists():
            write_workbook(source, name)
        workbook = load_workbook(source / f"{name}.xlsx")
        workbook.active[address] = value
        if isinstance(value, int):
            workbook.active[address].number_format = "General"
        workbook.save(source / f"{name}.xlsx")

    return edit


def test_workbooks_land_the_same_bytes(settings, source):
    expected = land(settings, source).record.digest
    for name in ("region", "enterprise", "union_org", "fund_remittance", "member", "violation"):
        write_workbook(source, name)
    assert land(settings, source).record.digest == expected


def test_rows_and_columns_that_only_look_filled(settings, source, edited):
    expected = land(settings, source).record.digest
    edited("violation", "A60", None)
    edited("violation", "A70", "x")
    edited("violation", "A70", None)
    assert land(settings, source).record.digest == expected
    edited("violation", "Z2", "beside the table")
    with pytest.raises(SourceError, match="cell Z2: the column has no name"):
        land(settings, source)


def test_the_sheet_of_the_tables_name_is_read(settings, source, edited):
    expected = land(settings, source).record.digest
    edited("venue", "A1", "venue_id")
    workbook = load_workbook(source / "venue.xlsx")
    workbook.create_sheet("remarks", 0)
    workbook.save(source / "venue.xlsx")
    with pytest.raises(SourceError, match="2 sheets and none is named venue"):
        land(settings, source)
    workbook["Sheet"].title = "venue"
    workbook.save(source / "venue.xlsx")
    assert land(settings, source).record.digest == expected


@pytest.mark.parametrize(
    ("address", "value", "message"),
    [
        ("A2", 12345, "cell A2: codes must be text cells"),
        ("C2", "=1+1", "cell C2: a formula or an error value"),
        ("C2", "#N/A", "cell C2: a formula or an error value"),
        ("A1", None, "the first row must name each column once"),
        ("B1", "venue_id", "the first row must name each column once"),
        ("B1", 5, "the first row must name each column once"),
        ("B1", "union", "lacks the column union_id"),
    ],
)
def test_a_workbook_that_may_be_spoilt_is_refused(
    settings, edited, source, address, value, message
):
    edited("venue", address, value)
    with pytest.raises(SourceError, match=message):
        land(settings, source)
    assert not list((settings.home.landing).rglob("*.parquet"))


CELLS = [
    ("enterprise", "E2", 7.0, "7"),
    ("enterprise", "E2", 7.5, None),
    ("enterprise", "E2", "7", "7"),
    ("fund_remittance", "C2", 0.125, None),
    ("fund_remittance", "C2", 1234567.89, "1234567.89"),
    ("fund_remittance", "B2", datetime.fromisoformat("2019-01-01T12:00:00"), None),
    ("fund_remittance", "B2", "2019/1/1", None),
    ("fund_remittance", "B2", 43466, None),
    (
        "fund_remittance",
        "F2",
        datetime.fromisoformat("2021-01-05T08:30:01"),
        "2021-01-05 00:30:01+00",
    ),
]


@pytest.mark.parametrize(
    ("name", "address", "value", "landed"),
    everyday(CELLS, *CELLS[:3]),
)
def test_a_cell_that_does_not_fit_refuses_its_row(
    settings, source, edited, name, address, value, landed
):
    from openpyxl.utils import coordinate_to_tuple

    edited(name, address, value)
    header = [cell.value for cell in load_workbook(source / f"{name}.xlsx").active[1]]
    column = header[coordinate_to_tuple(address)[1] - 1]
    intake = land(settings, source)
    file = intake.folder / f"{name}.parquet"
    with duckdb.connect() as connection:
        connection.execute("set timezone = 'UTC'")
        faults = connection.sql(
            f"select fault_rule, fault_column from '{file}' where fault_rule is not null"
        ).fetchall()
        values = {
            value
            for (value,) in connection.sql(f"select {column}::varchar from '{file}'").fetchall()
        }
    assert faults == ([] if landed else [("type", column)])
    assert landed is None or landed in values


def test_a_bomb_is_not_unpacked(settings, source):
    (source / "venue.csv").unlink()
    with zipfile.ZipFile(source / "venue.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"<" + b" " * (64 << 20))
    with pytest.raises(SourceError, match="would unpack to 67,108,865 bytes"):
        land(settings, source)


def test_a_bomb_of_entities_is_not_unfolded(settings, source):
    write_workbook(source, "venue")
    with zipfile.ZipFile(source / "venue.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    entities = "".join(f'<!ENTITY e{level} "{f"&e{level - 1};" * 10}">' for level in range(1, 10))
    doctype = f'<!DOCTYPE lol [<!ENTITY e0 "lol">{entities}]>'
    parts["xl/worksheets/sheet1.xml"] = doctype.encode() + parts[
        "xl/worksheets/sheet1.xml"
    ].replace(b"<t>N0001199</t>", b"<t>&e9;</t>")
    assert b"&e9;" in parts["xl/worksheets/sheet1.xml"]
    with zipfile.ZipFile(source / "venue.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with pytest.raises(SourceError, match="cannot be read as an Excel workbook"):
        land(settings, source)


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04 no archive", b"\xd0\xcf\x11\xe0 an old format"]
)
def test_what_is_no_workbook(settings, source, content):
    (source / "venue.csv").unlink()
    (source / "venue.xlsx").write_bytes(content)
    with pytest.raises(SourceError, match="cannot be read as an Excel workbook"):
        land(settings, source)


def test_a_workbook_cut_short(settings, source):
    write_workbook(source, "venue")
    content = (source / "venue.xlsx").read_bytes()
    (source / "venue.xlsx").write_bytes(content[: len(content) // 2])
    with pytest.raises(SourceError, match="cannot be read as an Excel workbook"):
        land(settings, source)


def merged(workbook):
    workbook.active.merge_cells("C2:C4")


def hidden_row(workbook):
    workbook.active.row_dimensions[3].hidden = True


def hidden_column(workbook):
    workbook.active.column_dimensions["B"].hidden = True


def second_sheet(workbook):
    workbook.active.title = "venue"
    workbook.create_sheet("venue (2)")["A1"] = "N9999999"


def hidden_sheet(workbook):
    workbook.create_sheet("empty")
    workbook.worksheets[0].title = "venue"
    workbook.worksheets[0].sheet_state = "hidden"
    workbook.active = 1


def escaped(workbook):
    workbook.active["C2"] = "sports_x000B_"


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (merged, "cells C2:C4: merged cells hold one value for several"),
        (hidden_row, "row 3 is hidden"),
        (hidden_column, "column B is hidden"),
        (second_sheet, r"the sheet venue \(2\) has cells beside those of venue"),
        (hidden_sheet, "the sheet venue is hidden"),
        (escaped, "cell C2: the text holds a control character"),
    ],
)
def test_what_a_sheet_hides_or_changes_is_refused(source, spoil, message):
    write_workbook(source, "venue")
    workbook = load_workbook(source / "venue.xlsx")
    spoil(workbook)
    workbook.save(source / "venue.xlsx")
    with duckdb.connect() as connection, pytest.raises(SourceError, match=message):
        FolderSource(source).open_table(connection, source_tables()["venue"])


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            rb'<dimension ref="A1:F[0-9]+"',
            b'<dimension ref="A1:F9000"',
            "says that it ends in row 9,000, but ends in row 180",
        ),
        (rb'<row r="5"', b'<row r="4"', "row 4 is out of its place or there twice"),
        (rb'<row r="180"', b'<row r="1800000"', "row 1800000 is out of its place"),
        (rb'<c r="B5"', b'<c r="A5"', "row 5 is out of its place"),
        (rb'<c r="B5"', b'<c r="B6"', "row 5 is out of its place"),
    ],
)
def test_a_sheet_whose_rows_are_not_where_it_says(source, old, new, message):
    write_workbook(source, "venue")
    with zipfile.ZipFile(source / "venue.xlsx") as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet], changed = re.subn(old, new, parts[sheet], count=1)
    assert changed == 1
    with zipfile.ZipFile(source / "venue.xlsx", "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    with duckdb.connect() as connection, pytest.raises(SourceError, match=message):
        FolderSource(source).open_table(connection, source_tables()["venue"])
