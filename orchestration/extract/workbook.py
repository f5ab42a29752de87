"""An Excel workbook as a table of text cells in the forms of CSV.

What a spreadsheet could have spoilt or hidden in silence refuses it.

Codes must be text cells, for a number has lost its leading zeros; formulas and error values are no
data, merged cells hold one value for several rows, and what is hidden is not what its owner sees. A
date is a date cell or ISO text, a number its shortest decimal form, and what then does not fit its
type refuses its row like any other cell.
"""

import re
import warnings
import zipfile
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import duckdb
import pyarrow as pa
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._reader import WorkSheetParser

from orchestration.contract.registry import SourceTable
from orchestration.errors import SourceError
from orchestration.extract.source import SourceFile, SourceRelation, refusing, registered
from quality.nouns import counted_noun

LARGEST_BYTES = 512 << 20
LARGEST_RATIO = 100
SMALL_BYTES = 1 << 20
LAST_ROW = 1_048_576
FORMULA, ERROR = "f", "e"
ESCAPED_CHARACTER = re.compile(r"_x[0-9A-Fa-f]{4}_")
TRUE = ("1", "true")

Cells = list[dict[str, Any]]


def open_workbook(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    table: SourceTable,
    confirm: Callable[[int], None],
) -> SourceRelation:
    """Hand a workbook's rows over as text in the forms of CSV.

    Raises SourceError as `read_workbook` does.
    """
    header, rows = read_workbook(file, table)
    types = dict.fromkeys(header, "VARCHAR")
    problem = SourceError(f"{file} cannot be read to its end.")
    return SourceRelation(
        str(file),
        registered(connection, rows),
        types,
        is_text=True,
        explain=lambda _: problem,
        confirm=confirm,
    )


def read_workbook(file: SourceFile, table: SourceTable) -> tuple[list[str], pa.Table]:
    """The header of the sheet that holds a table, and the rows of the table's columns in it.

    Raises SourceError where it is no workbook, would unpack to more than a workbook of rows does,
    or holds or hides anything that is not plain data.
    """
    with opened_sheet(file, table.name) as reader:
        content = reader.read(table)
        reader.refuse_hidden_and_merged()
        return content


@contextmanager
def opened_sheet(
    file: SourceFile,
    name: str,
    beside: Collection[str] = (),
) -> Iterator["SheetReader"]:
    """The sheet of a workbook that has a name, or its only one, to be read within the block.

    beside: names of sheets that may hold cells too, which are not read. Raises SourceError for
    whatever the block cannot read, and as `read_workbook` does.
    """
    with refusing(f"{file} cannot be read as an Excel workbook."), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        refuse_bomb(file)
        file.opened.seek(0)
        workbook = load_workbook(
            file.opened,
            read_only=True,
            data_only=False,
            keep_links=False,
        )
        yield SheetReader(sheet_of(workbook, file, name, beside), file)


def refuse_bomb(file: SourceFile) -> None:
    """Raise SourceError for an archive out of proportion.

    Its size is the one that it declares, to which the archive's reader holds it.
    """
    file.opened.seek(0)
    with zipfile.ZipFile(file.opened) as archive:
        unpacked = sum(member.file_size for member in archive.infolist())
    _, size, _ = file.state()
    if unpacked > LARGEST_BYTES or unpacked > SMALL_BYTES + LARGEST_RATIO * size:
        raise SourceError(
            f"{file} would unpack to {unpacked:,} bytes, "
            "out of proportion for a workbook of its size."
        )


def sheet_of(
    workbook: Any,  # noqa: ANN401
    file: SourceFile,
    name: str,
    beside: Collection[str] = (),
) -> Any:  # noqa: ANN401
    """The sheet of a name, or the only one.

    It is not hidden, and no other but those beside it holds a cell, unless a map says which sheet
    is meant.
    """
    sheets = {sheet.title: sheet for sheet in workbook.worksheets}
    stated = file.form.sheet if file.form else None
    if stated is not None and stated not in sheets:
        raise SourceError(f"{file} has no sheet {stated}, which the map names.")
    name = stated or name
    if name not in sheets and len(sheets) != 1:
        raise SourceError(f"{file} has {len(sheets)} sheets and none is named {name}.")
    sheet = sheets.pop(name, None) or next(iter(sheets.values()))
    if sheet.sheet_state != "visible":
        raise SourceError(
            f"{file}: the sheet {sheet.title} is hidden; show it, or hand over another."
        )
    others = [other for title, other in sheets.items() if title not in beside]
    for other in () if stated else others:
        if other is not sheet and any(SheetReader(other, file).filled_rows()):
            raise SourceError(
                f"{file}: the sheet {other.title} has cells beside those of {sheet.title}, "
                "and would not be read; remove it."
            )
    return sheet


class SheetReader:
    """One pass over a sheet: its rows, and what is said of them before and after.

    That is the size, and what is hidden or merged.
    """

    def __init__(self, sheet: Any, file: SourceFile) -> None:  # noqa: ANN401
        self.file = file
        self.sheet = sheet
        self.last_row = 0
        self.header: list[str] = []
        self.parser: WorkSheetParser | None = None

    def filled_rows(self) -> Iterator[tuple[int, Cells]]:
        """Each row with its number and its filled cells, in order.

        Raises SourceError for a row or cell out of its place.
        """
        book = self.sheet.parent
        with self.sheet._get_source() as source:  # noqa: SLF001
            self.parser = WorkSheetParser(
                source,
                self.sheet._shared_strings,  # noqa: SLF001
                epoch=book.epoch,
                date_formats=book._date_formats,  # noqa: SLF001
                timedelta_formats=book._timedelta_formats,  # noqa: SLF001
            )
            for number, cells in self.parser.parse():
                if not self.is_in_place(number, cells):
                    raise SourceError(
                        f"{self.file}: row {number} is out of its place or there twice."
                    )
                self.last_row = number
                filled = [cell for cell in cells if cell["value"] is not None]
                if filled:
                    yield number, filled

    def is_in_place(self, number: int, cells: Cells) -> bool:
        """Whether a row comes after the last one, and each of its cells is in it once, in order."""
        columns = [cell["column"] for cell in cells]
        in_order = columns == sorted(set(columns))
        in_row = all(cell["row"] == number for cell in cells)
        return self.last_row < number <= LAST_ROW and in_order and in_row

    def read(self, table: SourceTable) -> tuple[list[str], pa.Table]:
        """The header, and the rows of the table's columns.

        An empty row between others is one of nulls.
        """
        rows = self.filled_rows()
        self.header = self.header_of(next(rows, (0, [])))
        types = {column.name: column.type for column in table.columns}
        names = [name for name in self.header if name in types]
        columns: dict[str, list[str | None]] = {name: [] for name in names}
        held = 0
        last = 1
        for number, cells in rows:
            row = self.written_row(number, cells, types)
            held += sum(len(text) for text in row.values())
            if held > LARGEST_BYTES:
                raise SourceError(f"{self.file} holds more text than a workbook of its size can.")
            empty_rows = number - last - 1
            for name, column in columns.items():
                column.extend([None] * empty_rows)
                column.append(row.get(name))
            last = number
        self.refuse_cut()
        arrays = [pa.array(column, pa.string()) for column in columns.values()]
        return self.header, pa.table(arrays, names=names)

    def header_of(self, first: tuple[int, Cells]) -> list[str]:
        """The names in the first row."""
        number, cells = first
        names = [cell["value"] for cell in cells]
        positions = [cell["column"] for cell in cells]
        without_gap = list(range(1, len(cells) + 1))
        is_first = number == 1 and positions == without_gap
        if not is_first or not are_different_names(names):
            raise SourceError(f"{self.file}: the first row must name each column once.")
        return names

    def written_row(
        self,
        number: int,
        cells: Cells,
        types: dict[str, str],
    ) -> dict[str, str]:
        """A row's filled cells as text, by column; of columns beyond the contract, none."""
        row = {}
        for cell in cells:
            column = cell["column"]
            place = f"{self.file}, cell {get_column_letter(column)}{number}"
            if column > len(self.header):
                raise SourceError(f"{place}: the column has no name.")
            name = self.header[column - 1]
            if name in types:
                row[name] = written(
                    cell["value"],
                    cell["data_type"],
                    types[name],
                    place,
                )
        return row

    def refuse_cut(self) -> None:
        """Raise SourceError where the sheet says that it has more rows than it has."""
        stated = self.sheet.max_row or 0
        if stated > self.last_row:
            raise SourceError(
                f"{self.file}: the sheet says that it ends in row {stated:,}, but ends"
                f" in row {self.last_row:,}; open it, look whether it is whole, and save it again."
            )

    def refuse_hidden_and_merged(self) -> None:
        """Raise SourceError for merged cells, and for hidden rows or columns of the table."""
        parser: Any = self.parser
        if parser.merged_cells and (merged := parser.merged_cells.mergeCell):
            raise SourceError(
                f"{self.file}, cells {merged[0].ref}: merged cells hold one value for several; "
                "unmerge them and fill each."
            )
        hidden = [
            *(f"row {row}" for row, said in parser.row_dimensions.items() if is_hidden(said)),
            *(f"column {get_column_letter(column)}" for column in self.hidden_columns(parser)),
        ]
        if hidden:
            raise SourceError(
                f"{self.file}: {hidden[0]} is hidden "
                f"(in all {counted_noun(len(hidden), 'row or column', 'rows and columns')});"
                " show everything, without a filter, or remove what is not to be read."
            )

    def hidden_columns(self, parser: WorkSheetParser) -> list[int]:
        """The numbers of the table's columns that are hidden, from 1; of a range its first."""
        hidden = []
        for said in parser.column_dimensions.values():
            first = int(said["min"])
            if is_hidden(said) and first <= len(self.header):
                hidden.append(first)
        return hidden


def are_different_names(names: list[Any]) -> bool:
    """Whether all are texts, and different ones in small letters too."""
    if not all(isinstance(name, str) for name in names):
        return False
    return len({name.lower() for name in names}) == len(names)


def is_hidden(said: dict[str, str]) -> bool:
    """Whether a row or column is said to be hidden."""
    return said.get("hidden") in TRUE


def written(
    value: Any,  # noqa: ANN401
    data_type: str,
    contract_type: str,
    place: str,
) -> str:
    """A filled cell in the form of CSV.

    Raises SourceError where a spreadsheet may have spoilt it.
    """
    try:
        return unspoilt(value, data_type, contract_type)
    except ValueError as problem:
        raise SourceError(f"{place}: {problem}") from None


def unspoilt(value: Any, data_type: str, contract_type: str) -> str:  # noqa: ANN401
    """The same. Raises ValueError saying why, without the place."""
    if data_type in (FORMULA, ERROR):
        raise ValueError("a formula or an error value; values are due.")
    if isinstance(value, str):
        if ESCAPED_CHARACTER.search(value):
            raise ValueError("the text holds a control character; remove it.")
        return value
    if contract_type == "text":
        raise ValueError("codes must be text cells, for a number loses its leading zeros.")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        is_day = value.time() == time() and contract_type == "date"
        return value.date().isoformat() if is_day else value.isoformat()
    if isinstance(value, float | int):
        return f"{Decimal(repr(value)):f}".removesuffix(".0")
    if isinstance(value, date):
        return value.isoformat()
    return str(value)
