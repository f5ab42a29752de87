"""A folder as source: one Parquet, CSV or Excel file per table, read with the registry's columns and types, never sniffed.

Beside the tables may lie `notice.txt`, shown with every release, and `manifest.csv` (table, rows, sha256), to which
they are held.
"""

import csv
import glob
import os
import re
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import duckdb

from orchestration import files
from orchestration.errors import SourceError
from orchestration.extract.registry import SourceTable, source_tables
from orchestration.extract.source import SourceRelation, literal
from orchestration.extract.workbook import read_workbook

ENDINGS = (".parquet", ".csv", ".xlsx")
READING_ERRORS = (duckdb.InvalidInputException, duckdb.IOException)
MANIFEST_COLUMNS = ["table", "rows", "sha256"]
CSV_REASONS = {
    "Expected Number of Columns": "has another number of cells than the header",
    "unterminated quote": "has an unterminated quote",
    "Invalid unicode": "is not UTF-8",
    "not utf-8": "is not UTF-8",
    "Maximum line size": "is longer than a row may be",
}


class FolderSource:
    """The folder's tables, each file checked to be the same before and after it is read."""

    reads_changes = False

    def __init__(self, folder: Path) -> None:
        """Raise SourceError where there is no such folder, or its manifest cannot be read."""
        if not folder.is_dir():
            raise SourceError(f"The source folder {folder} does not exist.")
        self.folder = folder
        self.location = str(folder)
        self.declared = read_manifest(folder / "manifest.csv")

    def notice(self) -> str | None:
        """Text of `notice.txt`."""
        file = self.folder / "notice.txt"
        return file.read_text(encoding="utf-8").strip() if file.is_file() else None

    def open_table(self, connection: duckdb.DuckDBPyConnection, table: SourceTable, since: datetime | None = None) -> SourceRelation:
        """Describe a table of the folder, always whole. Raises SourceError where its file is unreadable."""
        del since
        file = find_table(self.folder, table)
        confirm = self.confirmation(file, table)
        opened = {".parquet": open_parquet, ".csv": open_csv, ".xlsx": open_workbook}[file.suffix]
        return opened(connection, file, table, confirm)

    def confirmation(self, file: Path, table: SourceTable) -> Callable[[int], None]:
        """Hold a file against the manifest; returns what is to be held once its rows are read."""
        before = state_of(file)
        rows, digest = self.declared.get(table.name, (None, None))
        if digest is not None and files.sha256_of(file) != digest:
            raise SourceError(f"{file} is not the file that manifest.csv declares: its SHA-256 differs.")

        def confirm(read: int) -> None:
            if state_of(file) != before:
                raise SourceError(f"{file} was changed while it was read.")
            if rows is not None and read != rows:
                raise SourceError(f"{file} has {read:,} rows; manifest.csv declares {rows:,}.")

        return confirm


def find_table(folder: Path, table: SourceTable) -> Path:
    """The one file of a table. Raises SourceError where there is none, more than one, or a link in its place."""
    found = [folder / f"{table.name}{ending}" for ending in ENDINGS if os.path.lexists(folder / f"{table.name}{ending}")]
    if not found:
        expected = ", ".join(f"{table.name}{ending}" for ending in ENDINGS)
        raise SourceError(f"Table {table.name} is missing: {folder} has none of {expected}.")
    if len(found) > 1:
        raise SourceError(f"Table {table.name} is there twice: {found[0]} and {found[1].name}.")
    if found[0].is_symlink() or not found[0].is_file():
        raise SourceError(f"{found[0]} is no plain file; links and folders are not followed.")
    return found[0]


def state_of(file: Path) -> tuple[int, int, int]:
    """What changes when a file does: inode, size, and time of change."""
    status = file.stat()
    return status.st_ino, status.st_size, status.st_mtime_ns


def read_manifest(file: Path) -> dict[str, tuple[int, str]]:
    """Rows and SHA-256 that the source's owner declares for each table; empty where there is no manifest.

    Raises SourceError where it is no such table, or does not name each source table once.
    """
    if not file.exists():
        return {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(csv.DictReader(lines, strict=True))
        declared = {row["table"]: (int(row["rows"]), row["sha256"].lower()) for row in rows}
    except (KeyError, TypeError, ValueError, AttributeError, csv.Error):
        raise SourceError(f"{file} is no CSV file of {', '.join(MANIFEST_COLUMNS)}.") from None
    if len(declared) < len(rows) or set(declared) != set(source_tables()):
        raise SourceError(f"{file} does not name each source table once.")
    return declared


def readable_path(file: Path) -> str:
    """An SQL string of a path in which no character stands for others."""
    return literal(glob.escape(str(file)))


def open_parquet(connection: duckdb.DuckDBPyConnection, file: Path, table: SourceTable, confirm: Callable[[int], None]) -> SourceRelation:
    """Describe a Parquet file by its own schema."""
    del table
    sql = f"read_parquet({readable_path(file)}, hive_partitioning = false)"
    try:
        described = connection.execute(f"describe select * from {sql}").fetchall()
    except READING_ERRORS:
        raise SourceError(f"{file} cannot be read as Parquet.") from None
    types = {name: duckdb_type for name, duckdb_type, *_ in described}
    return SourceRelation(str(file), sql, types, is_text=False, explain=lambda _: unreadable(file), confirm=confirm)


def open_workbook(connection: duckdb.DuckDBPyConnection, file: Path, table: SourceTable, confirm: Callable[[int], None]) -> SourceRelation:
    """Hand a workbook's rows over as text in the forms of CSV."""
    rows = read_workbook(file, table)
    name = f"workbook_{table.name}"
    connection.register(name, rows)
    types = dict.fromkeys(rows.column_names, "VARCHAR")
    return SourceRelation(str(file), name, types, is_text=True, explain=lambda _: unreadable(file), confirm=confirm)


def open_csv(connection: duckdb.DuckDBPyConnection, file: Path, table: SourceTable, confirm: Callable[[int], None]) -> SourceRelation:
    """Describe a CSV file by its header; every cell is text, and an empty cell without quotes is null."""
    del connection, table
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            header = next(csv.reader(lines, strict=True), [])
    except UnicodeDecodeError:
        raise SourceError(f"{file}: the header is not UTF-8.") from None
    except (csv.Error, OSError) as error:
        raise SourceError(f"{file}: the header cannot be read: {error}.") from None
    if not header:
        raise SourceError(f"{file} is empty; a header is due.")
    doubled = sorted({name for name in header if header.count(name) > 1})
    if doubled:
        raise SourceError(f"{file}: the header names the column {', '.join(doubled)} more than once.")
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
    sql = (
        f"read_csv({readable_path(file)}, auto_detect = false, header = true, columns = {{{columns}}}, delim = ',', quote = '\"',"
        " escape = '\"', nullstr = '', allow_quoted_nulls = false, strict_mode = true, null_padding = false, ignore_errors = false,"
        " encoding = 'utf-8')"
    )
    types = dict.fromkeys(header, "VARCHAR")
    return SourceRelation(str(file), sql, types, is_text=True, explain=lambda error: csv_error(file, error), confirm=confirm)


def unreadable(file: Path) -> SourceError:
    """A file that ends or breaks before its rows do."""
    return SourceError(f"{file} cannot be read to its end.")


def csv_error(file: Path, error: duckdb.Error) -> SourceError:
    """What went wrong while reading a CSV file, without the cells that DuckDB's own message would show."""
    message = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", message)
    if line is None:
        return unreadable(file)
    reason = next((plain for marker, plain in CSV_REASONS.items() if marker in message), "is not well-formed CSV")
    return SourceError(f"{file}, line {line[1]}: the row {reason}.")
