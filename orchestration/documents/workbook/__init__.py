"""The workbook of an edition: what is in it, a sheet for each table, and method and sources.

Heads and labels are in Chinese and English. Every text is a string cell and nothing a formula or a
link, whatever it starts with. A cell holds the figure in full; its format rounds the view. Rows are
kept in memory until the end, because text stored once is read and written sooner than text in
place.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import ceil
from pathlib import Path
from typing import Any

import xlsxwriter

from orchestration.documents import figures
from orchestration.documents.edition import Edition
from orchestration.documents.workbook import changes
from orchestration.documents.workbook.formats import Formats, Xlsx, add_formats, format_of
from orchestration.documents.workbook.method import Cell, Section, method_of, overview_of
from orchestration.documents.workbook.tabulation import (
    MISSING,
    Column,
    Labels,
    Sheet,
    both,
    sheets,
    wording,
)

COLOURED = {"union_index": "health_code", "alert": "level"}
SECTION_WIDTHS = (34, 20, 40, 34, 22, 14, 14, 34)
NARROWEST, WIDTH, WIDEST = 10, 14, 46
ROOM = 3
LINE_HEIGHT = 15
HEAD_ROWS = 2
A4 = 9


def write_workbook(edition: Edition, file: Path) -> None:
    """Write the workbook of an edition."""
    tables = list(sheets(edition))
    with xlsxwriter.Workbook(file) as book:
        set_properties(book, edition)
        formats = add_formats(book)
        title, *overview = overview_of(edition, tables)
        sections = [
            title,
            *changes.notice(edition),
            *overview,
        ]
        first = new_sheet(book, sheet_of("overview"))
        write_sections(first, sections, formats)
        changed = changes.changes(edition)
        if changed is not None:
            sheet = new_sheet(book, changes.sheet_name())
            write_sections(sheet, changed, formats)
        for table in tables:
            sheet = new_sheet(book, sheet_of(table.name))
            write_table(sheet, table, formats)
        last = new_sheet(book, sheet_of("method"))
        write_sections(last, method_of(edition), formats)


def set_properties(book: Xlsx, edition: Edition) -> None:
    """The title of a workbook, and the day of its figures as that of its making."""
    as_of = datetime.fromisoformat(edition.verdict.as_of)
    properties = {
        "title": f"{edition.city['name_zh']} {edition.period}",
        "created": as_of.replace(tzinfo=UTC),
    }
    book.set_properties(properties)


def sheet_of(code: str) -> str:
    """The name of a sheet in both languages."""
    return both(wording()["sheet", code])


def new_sheet(book: Xlsx, name: str) -> Xlsx:
    """A new sheet that prints as wide as an A4 page across."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")
    return sheet


def write_sections(
    sheet: Xlsx,
    sections: Iterable[Section],
    formats: Formats,
) -> None:
    """Sections one below the other, with a blank row between them."""
    sheet.hide_gridlines(2)
    for number, width in enumerate(SECTION_WIDTHS):
        sheet.set_column(number, number, width)
    top = 0
    for section in sections:
        for row, cells in enumerate(section, top):
            write_cells(sheet, row, cells, formats)
        top += len(section) + 1


def write_cells(
    sheet: Xlsx,
    row: int,
    cells: Iterable[Cell],
    formats: Formats,
) -> None:
    """Cells from the left of a row."""
    for number, (value, kind) in enumerate(cells):
        write = sheet.write_string if isinstance(value, str) else sheet.write_number
        write(row, number, value, formats[format_of(kind, value)])


def write_table(
    sheet: Xlsx,
    table: Sheet,
    formats: Formats,
) -> None:
    """Two rows of heads, which stay in view with the columns that name a row, then the rows."""
    last_row = HEAD_ROWS + len(table.rows) - 1
    last_column = len(table.columns) - 1
    sheet.freeze_panes(HEAD_ROWS, table.naming)
    sheet.repeat_rows(0, HEAD_ROWS - 1)
    sheet.autofilter(HEAD_ROWS - 1, 0, last_row, last_column)
    widths = widths_of(table)
    for number, column in enumerate(table.columns):
        sheet.set_column(number, number, widths[number])
        if column.name == COLOURED.get(table.name):
            colour_codes(sheet, number, column, last_row, formats)
    for row in range(HEAD_ROWS):
        write_heads(sheet, row, table, widths, formats)
    write_rows(sheet, table, formats)


def colour_codes(
    sheet: Xlsx,
    number: int,
    column: Column,
    last_row: int,
    formats: Formats,
) -> None:
    """Have the health codes of a column shown in their colours, by rules of the sheet."""
    for code, label in (column.labels or {}).items():
        rule = {
            "type": "cell",
            "criteria": "==",
            "value": f'"{label}"',
            "format": formats[code],
        }
        sheet.conditional_format(HEAD_ROWS, number, last_row, number, rule)


def write_heads(
    sheet: Xlsx,
    row: int,
    table: Sheet,
    widths: Sequence[int],
    formats: Formats,
) -> None:
    """A row of heads, as high as the longest takes.

    row: 0 for the heads in Chinese, 1 for those in English.
    """
    suffix = "_en" if row else ""
    lines = []
    for number, column in enumerate(table.columns):
        head = column.head[row]
        lines.append(lines_of(head, widths[number]))
        kind = "head" if column.kind == "text" else "head_of_figures"
        sheet.write_string(row, number, head, formats[kind + suffix])
    sheet.set_row(row, LINE_HEIGHT * max(lines) + ROOM)


@dataclass(frozen=True)
class Writer:
    """How the cells of a column are written: by which method, with which labels, of what kind.

    is_filled: whether every cell has a value, unless it is hidden.
    """

    write: Callable[..., object]
    labels: Labels | None
    kind: str
    is_filled: bool


def write_rows(
    sheet: Xlsx,
    table: Sheet,
    formats: Formats,
) -> None:
    """The rows of a table.

    A figure that is suppressed is a grey dash; where there is none otherwise, the cell is empty.
    """
    writers = list(writers_of(sheet, table))
    names = [column.name for column in table.columns]
    mark = names.index("suppressed") if "suppressed" in names else None
    for place, row in enumerate(table.rows, HEAD_ROWS):
        is_suppressed = mark is not None and row[mark]
        for number, (writer, value) in enumerate(zip(writers, row, strict=True)):
            if value is not None:
                shown, kind = shown_as(writer, value)
                writer.write(place, number, shown, formats[kind])
            elif is_suppressed or writer.is_filled:
                sheet.write_string(place, number, figures.NONE, formats["suppressed"])


def writers_of(sheet: Xlsx, table: Sheet) -> Iterator[Writer]:
    """How the cells of each column are written."""
    for column in table.columns:
        write = sheet.write_string if column.kind == "text" else sheet.write_number
        yield Writer(write, column.labels, column.kind, column.is_filled)


def shown_as(writer: Writer, value: Any) -> tuple[Any, str]:  # noqa: ANN401 - of any type
    """A value as its cell has it, and its format."""
    if writer.labels:
        return writer.labels[value], writer.kind
    if writer.kind == "score" and value == MISSING:
        return 0, "missing"
    return value, format_of(writer.kind, value)


def widths_of(table: Sheet) -> list[int]:
    """How wide each column of a table is for its text, in places."""
    widths = []
    for number, column in enumerate(table.columns):
        values = [row[number] for row in table.rows]
        widths.append(width_of(column, values))
    return widths


def width_of(column: Column, values: Sequence[Any]) -> int:
    """How wide a column is for its text, in places."""
    if column.kind != "text":
        return WIDTH
    texts = column.labels.values() if column.labels else filter(None, values)
    longest = max(map(places_of, texts), default=0)
    width = max(NARROWEST, longest) + ROOM
    return min(width, WIDEST)


def lines_of(head: str, width: int) -> int:
    """Lines that a head takes in a column, with some room for words that are not broken."""
    lines = head.split("\n")
    return sum(ceil(places_of(line) * 1.2 / width) for line in lines)


def places_of(text: str) -> int:
    """Places that a text takes; a Chinese character takes two."""
    return (len(text) + len(text.encode())) // 2
