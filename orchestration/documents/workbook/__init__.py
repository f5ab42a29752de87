"""The workbook of an edition: what is in it, a sheet for each table, and method and sources.

Heads and labels are in Chinese and English. Every text is a string cell and nothing a formula or a
link, whatever it starts with. A cell holds the figure in full; its format rounds the view. Rows are
kept in memory until the end, because text stored once is read and written sooner than text in
place.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from orchestration.documents import figures, palette
from orchestration.documents.edition import Edition
from orchestration.documents.workbook import changes
from orchestration.documents.workbook.method import Section, method_of, overview_of
from orchestration.documents.workbook.tabulation import (
    MISSING,
    Column,
    Sheet,
    both,
    sheets,
    wording,
)

FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "vcenter"}
HEAD = {"text_wrap": True, "bg_color": "#e3ebf3", "border_color": "#9aa7b3"}
# As a format has it: the sign that every document shows before what is below zero.
MINUS = f'"{figures.MINUS}"'
FORMATS: dict[str, dict[str, Any]] = {
    "text": {"num_format": "@", "indent": 1},
    "words": {"num_format": "@", "indent": 1, "text_wrap": True},
    "count": {"num_format": "#,##0"},
    "weight": {"num_format": "General"},
    "index": {"num_format": "0.0"},
    "change": {"num_format": f"+0.0;{MINUS}0.0;0.0"},
    # A change that rounds to zero: a spreadsheet would show a sign before it.
    "no_change": {"num_format": "0.0;0.0;0.0"},
    "rate": {"num_format": "0.00"},
    "exact": {"num_format": f"#,##0.0000;{MINUS}#,##0.0000"},
    "score": {"num_format": "0.0000"},
    "missing": {"num_format": '0.0000"*"', "italic": True, "font_color": "#8a2b00"},
    "suppressed": {
        "num_format": "@",
        "font_color": "#5f6368",
        "bg_color": "#ececec",
        "align": "right",
    },
    "title": {"bold": True, "font_size": 16},
    "subtitle": {"font_size": 11, "font_color": "#56616c"},
    "section": {"bold": True, "font_size": 12},
    "notice": {"bold": True, "bg_color": "#fff3cd", "font_color": "#5c4700"},
    "head": HEAD | {"bold": True, "top": 1},
    "head_en": HEAD | {"font_color": "#3d4853", "bottom": 1},
    "head_of_figures": HEAD | {"bold": True, "top": 1, "align": "right"},
    "head_of_figures_en": HEAD | {"font_color": "#3d4853", "bottom": 1, "align": "right"},
}
CODE_FORMATS: dict[str, dict[str, Any]] = {
    code: {"bg_color": tint, "font_color": ink, "bold": code == "red"}
    for code, (tint, ink) in palette.TINTS.items()
}
COLOURED = {"union_index": "health_code", "alert": "level"}
SECTION_WIDTHS = (34, 20, 40, 34, 22, 14, 14, 34)
NARROWEST, WIDTH, WIDEST = 10, 14, 46
LINE_HEIGHT = 15
HEAD_ROWS = 2
A4 = 9


def write_workbook(edition: Edition, file: Path) -> None:
    """Write the workbook of an edition."""
    tables = list(sheets(edition))
    title = f"{edition.city['name_zh']} {edition.period}"
    with xlsxwriter.Workbook(file) as book:
        book.set_properties(
            {
                "title": title,
                "created": datetime.fromisoformat(edition.verdict.as_of).replace(tzinfo=UTC),
            }
        )
        formats = {
            name: book.add_format(FONT | style) for name, style in (FORMATS | CODE_FORMATS).items()
        }
        heading, *overview = overview_of(edition, tables)
        first = [heading, *changes.notice(edition), *overview]
        write_sections(new_sheet(book, sheet_of("overview")), first, formats)
        if (changed := changes.changes(edition)) is not None:
            write_sections(new_sheet(book, changes.sheet_name()), changed, formats)
        for table in tables:
            write_table(new_sheet(book, sheet_of(table.name)), table, formats)
        write_sections(new_sheet(book, sheet_of("method")), method_of(edition), formats)


def sheet_of(code: str) -> str:
    """The name of a sheet in both languages."""
    return both(wording()["sheet", code])


def new_sheet(book: Any, name: str) -> Any:  # noqa: ANN401
    """A new sheet that prints as wide as an A4 page across."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    return sheet


def write_sections(sheet: Any, sections: Iterable[Section], formats: dict[str, Any]) -> None:  # noqa: ANN401
    """Sections one below the other, with a blank row between them."""
    sheet.hide_gridlines(2)
    for number, width in enumerate(SECTION_WIDTHS):
        sheet.set_column(number, number, width)
    top = 0
    for section in sections:
        for row, cells in enumerate(section, top):
            for number, (value, kind) in enumerate(cells):
                write = sheet.write_string if isinstance(value, str) else sheet.write_number
                write(row, number, value, formats[shown_as(kind, value)])
        top += len(section) + 1


def write_table(sheet: Any, table: Sheet, formats: dict[str, Any]) -> None:  # noqa: ANN401
    """Two rows of heads, which stay in view with the columns that name a row, then the rows."""
    columns, last = table.columns, HEAD_ROWS + len(table.rows) - 1
    sheet.freeze_panes(HEAD_ROWS, table.naming)
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.autofilter(HEAD_ROWS - 1, 0, last, len(columns) - 1)
    widths = [
        width_of(column, [row[number] for row in table.rows])
        for number, column in enumerate(columns)
    ]
    for number, (column, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(number, number, width)
        if column.name == COLOURED.get(table.name) and column.labels:
            for code, label in column.labels.items():
                rule = {
                    "type": "cell",
                    "criteria": "==",
                    "value": f'"{label}"',
                    "format": formats[code],
                }
                sheet.conditional_format(HEAD_ROWS, number, last, number, rule)
    for row, suffix in enumerate(("", "_en")):
        heads = [column.head[row] for column in columns]
        sheet.set_row(
            row,
            LINE_HEIGHT
            * max(lines_of(head, width) for head, width in zip(heads, widths, strict=True))
            + 3,
        )
        for number, (column, head) in enumerate(zip(columns, heads, strict=True)):
            sheet.write_string(
                row,
                number,
                head,
                formats[("head" if column.kind == "text" else "head_of_figures") + suffix],
            )
    write_rows(sheet, table, formats)


def write_rows(sheet: Any, table: Sheet, formats: dict[str, Any]) -> None:  # noqa: ANN401
    """The rows of a table.

    A figure that is suppressed is a grey dash; where there is none otherwise, the cell is empty.
    """
    shown = [
        (
            sheet.write_string if column.kind == "text" else sheet.write_number,
            column.labels,
            column.kind,
        )
        for column in table.columns
    ]
    names = [column.name for column in table.columns]
    mark = names.index("suppressed") if "suppressed" in names else None
    for place, row in enumerate(table.rows, HEAD_ROWS):
        for number, (write, labels, kind) in enumerate(shown):
            value = row[number]
            if value is None:
                if mark is not None and row[mark]:
                    sheet.write_string(place, number, figures.NONE, formats["suppressed"])
            elif labels:
                write(place, number, labels[value], formats[kind])
            elif kind == "score" and value == MISSING:
                write(place, number, 0, formats["missing"])
            else:
                write(place, number, value, formats[shown_as(kind, value)])


def shown_as(kind: str, value: Any) -> str:  # noqa: ANN401
    """The format of a value of a kind: another one for a change that rounds to zero."""
    if kind == "change" and not figures.published(Decimal(str(value)), figures.INDEX_PLACES):
        return "no_change"
    return kind


def width_of(column: Column, values: Sequence[Any]) -> int:
    """How wide a column is for its text, in places."""
    if column.kind != "text":
        return WIDTH
    texts = column.labels.values() if column.labels else filter(None, values)
    return min(max(NARROWEST, *map(places_of, texts), 0) + 3, WIDEST)


def lines_of(head: str, width: int) -> int:
    """Lines that a head takes in a column, with some room for words that are not broken."""
    return sum(ceil(places_of(line) * 1.2 / width) for line in head.split("\n"))


def places_of(text: str) -> int:
    """Places that a text takes; a Chinese character takes two."""
    return (len(text) + len(text.encode())) // 2
