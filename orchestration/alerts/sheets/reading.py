"""Reads a sheet that comes back: what stands in its rows, as text, strictly.

A file that is no such sheet is refused whole, a row with a cell that cannot be read is refused
alone. What a refusal says never has what a cell holds.
"""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from openpyxl.utils import get_column_letter

from orchestration import guarded
from orchestration.alerts.sheets.columns import (
    CHINESE_HEADS,
    COLUMNS,
    NUMBER_COLUMN,
    NUMBER_ROW,
    Column,
    SheetNumber,
)
from orchestration.alerts.wording import say
from orchestration.documents.workbook.tabulation import both
from orchestration.errors import SourceError
from orchestration.extract.source import SourceFile
from orchestration.extract.workbook import Cells, SheetReader, opened_sheet, unspoilt

MOST_BYTES = 16 * guarded.MEBIBYTE
Rows = Iterator[tuple[int, Cells]]


@dataclass(frozen=True)
class Refused:
    """What was refused of a sheet: a row with its column, or the whole file; and why."""

    file: Path
    reason: str
    row: int | None = None
    column: str | None = None

    def __str__(self) -> str:
        """The refusal for a reader, in one line."""
        row = f", row {self.row}" if self.row else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{row}{column}: {self.reason}"


@dataclass(frozen=True)
class SheetRow:
    """A row of a case: its cells that are not empty, by column."""

    number: int
    cells: Mapping[str, str]

    @property
    def is_filled(self) -> bool:
        """Whether something is filled in."""
        return any(column.name in self.cells for column in COLUMNS if column.use == "filled")


@dataclass(frozen=True)
class ReadSheet:
    """A sheet that came back; digest: SHA-256 of its file; refused: the rows not to be read."""

    file: Path
    digest: str
    number: SheetNumber
    rows: list[SheetRow]
    refused: list[Refused]


def read_sheet(file: Path) -> ReadSheet:
    """A sheet that came back. Raises SourceError where the file is none, naming it."""
    with guarded.open_plain(file, SourceError) as opened:
        content = guarded.bounded(opened, file, SourceError, MOST_BYTES)
        name, beside = both(say("sheet", "name")), both(say("quality", "name"))
        with opened_sheet(SourceFile(file, opened), name, [beside]) as reader:
            number, rows = top_of(reader.filled_rows(), file)
            read, refused = split(rows, file)
            refuse_hidden(reader)
    digest = hashlib.sha256(content).hexdigest()
    return ReadSheet(file, digest, number, read, refused)


def top_of(rows: Rows, file: Path) -> tuple[SheetNumber, Rows]:
    """The number of a sheet, and its rows below the heads. Raises SourceError without them."""
    number = None
    for row, cells in rows:
        if row == NUMBER_ROW:
            number = number_in(cells)
        if [cell["value"] for cell in cells] == CHINESE_HEADS:
            next(rows, None)
            break
    else:
        raise SourceError(f"{file} has no row with the heads of a sheet; export one, and fill it.")
    if number is None:
        raise SourceError(f"{file} has no number of a sheet; export one, and fill it in.")
    return number, rows


def number_in(cells: Cells) -> SheetNumber | None:
    """The number of the sheet in its row; None where there is none."""
    values = [cell["value"] for cell in cells if cell["column"] == NUMBER_COLUMN]
    return SheetNumber.parse(values[0]) if values and isinstance(values[0], str) else None


def split(rows: Rows, file: Path) -> tuple[list[SheetRow], list[Refused]]:
    """The rows in which something stands, and those that cannot be read."""
    read, refused = [], []
    for number, cells in rows:
        try:
            row = SheetRow(number, texts_of(cells))
        except CellError as error:
            refused.append(Refused(file, error.reason, number, error.column))
            continue
        if row.cells:
            read.append(row)
    return read, refused


class CellError(ValueError):
    """A cell that cannot be read: its column, and why."""

    def __init__(self, column: str, reason: str) -> None:
        super().__init__(reason)
        self.column = column
        self.reason = reason


def texts_of(cells: Cells) -> dict[str, str]:
    """The cells of a row as text, by column, without the blank ones. Raises CellError."""
    found = {}
    for cell in cells:
        place = cell["column"]
        if place > len(COLUMNS):
            raise CellError(get_column_letter(place), "nothing is to be written beside the sheet.")
        column = COLUMNS[place - 1]
        if text := text_of(cell["value"], cell["data_type"], column):
            found[column.name] = text
    return found


def text_of(value: object, data_type: str, column: Column) -> str:
    """A cell as text; what is filled in has no blanks around it. Raises CellError."""
    try:
        text = unspoilt(value, data_type, column.type)
    except ValueError as problem:
        raise CellError(both(column.head), str(problem)) from None
    return " ".join(text.split()) if column.use == "filled" else text


def refuse_hidden(reader: SheetReader) -> None:
    """Raise SourceError for merged cells, and for rows or columns that are hidden."""
    reader.header = CHINESE_HEADS
    reader.refuse_hidden_and_merged()
