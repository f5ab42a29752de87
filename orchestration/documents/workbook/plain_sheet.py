"""A sheet that is one table: its heads stay in view, and every text is a string cell."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.documents.workbook import new_sheet
from orchestration.documents.workbook.formats import Formats, Xlsx

Cell = str | int


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
        for number, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(place, number, cell, formats["count"])
            else:
                sheet.write_string(place, number, cell, formats["words"])
