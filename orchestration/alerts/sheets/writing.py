"""Makes a county's sheet: its open cases by deadline, and cells to fill in; then its data quality.

The same cases and data at the same entry of the log give the same bytes. Every text is a string
cell and nothing a formula, whatever it starts with.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any

import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from orchestration.alerts.naming import Names, named
from orchestration.alerts.quality import Quality
from orchestration.alerts.records import Case
from orchestration.alerts.sheets.columns import (
    COLUMNS,
    NUMBER_COLUMN,
    NUMBER_ROW,
    Column,
    SheetNumber,
)
from orchestration.alerts.sheets.quality import write_quality
from orchestration.alerts.wording import say, words
from orchestration.documents.texts import Words
from orchestration.documents.workbook import LINE_HEIGHT, ROOM, lines_of, new_sheet
from orchestration.documents.workbook.formats import CODE_FORMATS, FONT, FORMATS, Formats, Xlsx
from orchestration.documents.workbook.tabulation import both
from orchestration.plain_text import LONGEST_CELL, LONGEST_REASON

DAY = "yyyy-mm-dd"
GRID = {"border": 1, "border_color": "#9aa7b3", "text_wrap": True}
TO_FILL = GRID | {"bg_color": "#fffbe6", "locked": False}
STYLES: dict[str, dict[str, Any]] = {
    "title": FORMATS["title"],
    "line": {"num_format": "@"},
    "line_en": FORMATS["subtitle"],
    "head": FORMATS["head"] | GRID,
    "head_en": FORMATS["head_en"] | GRID,
    "int": GRID | {"num_format": "0"},
    "text": GRID | {"num_format": "@"},
    "decimal": GRID | {"num_format": "General"},
    "date": GRID | {"num_format": DAY, "align": "center"},
    "projected": GRID | {"num_format": f'{DAY}"*"', "align": "center"},
    "text_filled": TO_FILL | {"num_format": "@"},
    "date_filled": TO_FILL | {"num_format": DAY, "align": "center"},
}
PLACES = {column.name: number for number, column in enumerate(COLUMNS)}
TODAY = "=TODAY()"
MARGIN = 0.4  # inches
Cell = tuple[str | int | float | date | None, str]


@dataclass(frozen=True)
class SheetContent:
    """What a sheet shows.

    number: its own; as_of: the day of the figures; made: when the last entry of the log was written
    of which it tells; cases: by deadline; quality: of its data, None where it is not known.
    """

    number: SheetNumber
    as_of: date
    made: datetime
    cases: Sequence[Case]
    names: Names
    quality: Quality | None = None


def sheet_bytes(content: SheetContent) -> bytes:
    """A county's sheet as an Excel workbook."""
    file = BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        title = title_of(content)
        book.set_properties({"title": both(title), "created": content.made})
        formats = add_formats(book, content.names)
        sheet = new_sheet(book, both(say("sheet", "name")))
        sheet.set_margins(left=MARGIN, right=MARGIN)
        for number, column in enumerate(COLUMNS):
            sheet.set_column(number, number, column.width)
        top = write_top(sheet, content, formats)
        write_heads(sheet, top, formats)
        first = top + 2
        for row, case in enumerate(content.cases, first):
            write_case(sheet, row, case, content.names, formats)
        add_rules(sheet, first, first + len(content.cases) - 1)
        sheet.protect("", {"format_columns": True, "format_rows": True})
        if content.quality:
            write_quality(book, content.number.county, content.names, content.quality, formats)
    return file.getvalue()


def title_of(content: SheetContent) -> Words:
    """The title of a sheet."""
    county = named(content.names.counties, content.number.county)
    return say("sheet", "title", county=county)


def add_formats(book: Xlsx, names: Names) -> Formats:
    """The formats of a sheet's cells: by kind, of levels, and by the sign before a threshold."""
    levels = {f"level_{code}": GRID | style for code, style in CODE_FORMATS.items()}
    signs = {
        f"sign_{sign}": GRID | {"num_format": f'"{sign} "General', "align": "right"}
        for sign in set(names.signs.values())
    }
    styles = STYLES | levels | signs
    return {name: book.add_format(FONT | style) for name, style in styles.items()}


def write_top(sheet: Xlsx, content: SheetContent, formats: Formats) -> int:
    """The title, the sheet's number and how it is filled in; returns the row below, from 0."""
    sheet.hide_gridlines(2)
    sheet.write_string(0, 0, both(title_of(content)), formats["title"])
    row = NUMBER_ROW - 1
    sheet.write_string(row, 0, both(say("sheet", "number")), formats["line"])
    sheet.write_string(row, NUMBER_COLUMN - 1, str(content.number), formats["line"])
    as_of = both(say("sheet", "as_of", day=content.as_of.isoformat()))
    sheet.write_string(row, NUMBER_COLUMN + 1, as_of, formats["line"])
    sheet.write_string(row, NUMBER_COLUMN + 4, both(say("sheet", "internal")), formats["line"])
    for key in words()["instruction"]:
        chinese, english = say("instruction", key)
        sheet.write_string(row + 1, 0, chinese, formats["line"])
        sheet.write_string(row + 2, 0, english, formats["line_en"])
        row += 2
    return row + 1


def write_heads(sheet: Xlsx, top: int, formats: Formats) -> None:
    """Two rows of heads, which are repeated on each page and stay in view with the unions."""
    for place, name in enumerate(("head", "head_en")):
        heads = [column.head[place] for column in COLUMNS]
        widths = [column.width for column in COLUMNS]
        lines = max(map(lines_of, heads, widths))
        sheet.set_row(top + place, LINE_HEIGHT * lines + ROOM)
        for number, head in enumerate(heads):
            sheet.write_string(top + place, number, head, formats[name])
    sheet.freeze_panes(top + 2, 3)
    sheet.repeat_rows(top, top + 1)


def write_case(
    sheet: Xlsx,
    row: int,
    case: Case,
    names: Names,
    formats: Formats,
) -> None:
    """A case, and the cells to fill in."""
    for number, column in enumerate(COLUMNS):
        if column.use == "filled":
            sheet.write_blank(row, number, None, formats[f"{column.type}_filled"])
        else:
            value, name = cell_of(column, case, names)
            write = writer_of(sheet, value)
            write(row, number, value, formats[name])


def writer_of(sheet: Xlsx, value: object) -> Xlsx:
    """How a value is written, so that a text is never taken for anything else."""
    if isinstance(value, str):
        return sheet.write_string
    return sheet.write_datetime if isinstance(value, date) else sheet.write_number


def cell_of(column: Column, case: Case, names: Names) -> Cell:
    """The value of a column of a case that is not filled in, and the name of its format."""
    if column.use == "label":
        is_level = column.name == "level"
        return label_of(column, case, names), f"level_{case.level}" if is_level else "text"
    value = getattr(case, column.name)
    if isinstance(value, Decimal):
        sign = names.signs.get(case.rule)
        is_signed = column.name == "threshold" and sign
        return float(value), f"sign_{sign}" if is_signed else "decimal"
    if column.name == "due_on" and case.due_is_projected:
        return value, "projected"
    return value, column.type


def label_of(column: Column, case: Case, names: Names) -> str:
    """What stands in a column of labels."""
    labels: dict[str, Words] = {
        "rule": named(names.rules, case.rule),
        "dimension": named(names.dimensions, case.dimension) if case.dimension else ("", ""),
        "level": named(names.levels, case.level),
        "state": say("state", case.state),
    }
    return "\n".join(filter(None, labels[column.name]))


def add_rules(sheet: Xlsx, first: int, last: int) -> None:
    """Let a spreadsheet check what is filled in, from the first row of cases to the last."""
    for number, column in enumerate(COLUMNS):
        if column.use == "filled":
            sheet.data_validation(first, number, last, number, rule_of(column, first))


def rule_of(column: Column, first: int) -> dict[str, Any]:
    """What the cells of a column take; first: the first row of cases, from 0."""
    opened_on = xl_rowcol_to_cell(first, PLACES["opened_on"], col_abs=True)
    rules: dict[str, dict[str, Any]] = {
        "acknowledged": {"validate": "list", "source": [say("sheet", "yes")[0]]},
        "planned_on": {"validate": "date", "criteria": ">=", "value": TODAY},
        "corrected_on": {
            "validate": "date",
            "criteria": "between",
            "minimum": f"={opened_on}",
            "maximum": TODAY,
        },
        "evidence": {"validate": "length", "criteria": "<=", "value": LONGEST_CELL},
        "remark": {"validate": "length", "criteria": "<=", "value": LONGEST_REASON},
    }
    rule = rules[column.name]
    told = {
        "error_title": both(say("refusal", "title")),
        "error_message": both(say("refusal", column.name, longest=rule.get("value", ""))),
    }
    return rule | told
