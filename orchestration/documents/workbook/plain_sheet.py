"""A sheet that is one table: its heads stay in view, and every text is a string cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.documents.workbook import LINE_HEIGHT, ROOM, lines_of, new_sheet
from orchestration.documents.workbook.formats import Formats, Xlsx

Cell = str | int
HIGHEST = 409  # points; a spreadsheet has no higher row


@dataclass(frozen=True)
class PlainSheet:
    """A sheet: its name, the heads and widths of its columns, and rows."""

    name: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[Cell]]


def write_sheet(book: Xlsx, content: PlainSheet, formats: Formats) -> None:
    """Add a sheet to a workbook."""
    sheet = new_sheet(book, content.name)
    for number, (head, width) in enumerate(zip(content.heads, content.widths, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, head, formats["head"])
    sheet.freeze_panes(1, 0)
    for place, row in enumerate(content.rows, 1):
        sheet.set_row(place, height_of(row, content.widths))
        for number, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(place, number, cell, formats["count"])
            else:
                sheet.write_string(place, number, cell, formats["words"])


def height_of(row: Sequence[Cell], widths: Sequence[int]) -> int:
    """The height in points in which every text of a row can be read whole, if any has it."""
    lines = [lines_of(str(cell), width) for cell, width in zip(row, widths, strict=True)]
    return min(LINE_HEIGHT * max(lines) + ROOM, HIGHEST)
