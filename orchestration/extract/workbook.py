"""An Excel workbook as a table of text cells in the forms of CSV; what a spreadsheet could have spoilt in silence refuses the workbook.

Codes must be text cells, for a number has lost its leading zeros; formulas and error values are no data. A date is a date cell or ISO text,
a number its shortest decimal form, and what then does not fit its type refuses its row like any other cell.
"""

import zipfile
from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from orchestration.errors import SourceError
from orchestration.extract.registry import SourceTable

LARGEST_BYTES = 512 << 20
LARGEST_RATIO = 100
SMALL_BYTES = 1 << 20
FORMULA, ERROR = "f", "e"
BROKEN = (zipfile.BadZipFile, InvalidFileException, KeyError, IndexError, ValueError, OSError, EOFError, SyntaxError)


def read_workbook(file: Path, table: SourceTable) -> pa.Table:
    """Rows of the workbook's one sheet, or of its sheet named as the table.

    Raises SourceError where it is no workbook, would unpack to more than a workbook of rows does, or holds a cell that is not plain data.
    """
    refuse_bomb(file)
    try:
        workbook = load_workbook(file, read_only=True, data_only=False, keep_links=False)
        try:
            return rows_of(sheet_of(workbook, file, table), file, table)
        finally:
            workbook.close()
    except BROKEN:
        raise SourceError(f"{file} cannot be read as an Excel workbook.") from None


def refuse_bomb(file: Path) -> None:
    """Raise SourceError for an archive out of proportion, by the sizes it declares, which its reader holds it to."""
    try:
        with zipfile.ZipFile(file) as archive:
            unpacked = sum(member.file_size for member in archive.infolist())
    except BROKEN:
        raise SourceError(f"{file} cannot be read as an Excel workbook.") from None
    if unpacked > LARGEST_BYTES or unpacked > SMALL_BYTES + LARGEST_RATIO * file.stat().st_size:
        raise SourceError(f"{file} would unpack to {unpacked:,} bytes, out of proportion for a workbook of its size.")


def sheet_of(workbook: Any, file: Path, table: SourceTable) -> Any:  # noqa: ANN401
    """The sheet that holds the table."""
    if table.name in workbook.sheetnames:
        return workbook[table.name]
    if len(workbook.sheetnames) != 1:
        raise SourceError(f"{file} has {len(workbook.sheetnames)} sheets and none is named {table.name}.")
    return workbook[workbook.sheetnames[0]]


def rows_of(sheet: Any, file: Path, table: SourceTable) -> pa.Table:  # noqa: ANN401
    """The sheet's cells by column of its header; empty rows at its end are none."""
    sheet.reset_dimensions()
    lines = sheet.iter_rows()
    header = [cell.value for cell in next(lines, ())]
    while header and header[-1] is None:
        header.pop()
    if not header or not all(isinstance(name, str) for name in header) or len(set(header)) < len(header):
        raise SourceError(f"{file}: the first row must name each column once.")
    types = {column.name: column.type for column in table.columns}
    rows = list(written_rows(lines, header, types, file))
    while rows and all(cell is None for cell in rows[-1]):
        rows.pop()
    columns = zip(*rows, strict=True) if rows else [()] * len(header)
    return pa.table([pa.array(cells, pa.string()) for cells in columns], names=header)


def written_rows(lines: Iterator[Any], header: list[str], types: dict[str, str], file: Path) -> Iterator[list[str | None]]:
    """Each row's cells as text; of columns beyond the contract, none."""
    for cells in lines:
        row: list[str | None] = [None] * len(header)
        for position, cell in enumerate(cells):
            if cell.value is None:
                continue
            if position >= len(header):
                raise SourceError(f"{file}, cell {cell.coordinate}: the column has no name.")
            if header[position] in types:
                row[position] = written(cell, types[header[position]], file)
        yield row


def written(cell: Any, contract_type: str, file: Path) -> str:  # noqa: ANN401
    """A filled cell in the form of CSV. Raises SourceError where a spreadsheet may have spoilt it."""
    value = cell.value
    if cell.data_type in (FORMULA, ERROR):
        raise SourceError(f"{file}, cell {cell.coordinate}: a formula or an error value; values are due.")
    if isinstance(value, str):
        return value
    if contract_type == "text":
        raise SourceError(f"{file}, cell {cell.coordinate}: codes must be text cells, for a number loses its leading zeros.")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        whole_day = value.time() == time() and contract_type == "date"
        return value.date().isoformat() if whole_day else value.isoformat()
    if isinstance(value, float | int):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    return value.isoformat() if isinstance(value, date) else str(value)
