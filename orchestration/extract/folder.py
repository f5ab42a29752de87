"""A folder as source: one Parquet or CSV file per table, read with the registry's columns and types, never sniffed."""

import csv
import re
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.errors import SourceError
from orchestration.extract.registry import SourceTable

ENDINGS = (".parquet", ".csv")
READING_ERRORS = (duckdb.InvalidInputException, duckdb.IOException)
CSV_REASONS = {
    "Expected Number of Columns": "has another number of cells than the header",
    "unterminated quote": "has an unterminated quote",
    "Invalid unicode": "is not UTF-8",
    "not utf-8": "is not UTF-8",
    "Maximum line size": "is longer than a row may be",
}


@dataclass(frozen=True)
class SourceRelation:
    """A source table as DuckDB can read it: the SQL of the relation, its columns with DuckDB's types, whether cells are text."""

    location: str
    sql: str
    types: dict[str, str]
    is_text: bool


def find_table(folder: Path, table: SourceTable) -> Path:
    """The one file of a table. Raises SourceError where there is none or more than one."""
    files = [folder / f"{table.name}{ending}" for ending in ENDINGS if (folder / f"{table.name}{ending}").is_file()]
    if not files:
        raise SourceError(f"Table {table.name} is missing: {folder} has neither {table.name}.parquet nor {table.name}.csv.")
    if len(files) > 1:
        raise SourceError(f"Table {table.name} is there twice: {files[0]} and {files[1].name}.")
    return files[0]


def notice(folder: Path) -> str | None:
    """What the source's owner wants said with every release (an optional `notice.txt`), for example that the data is synthetic."""
    file = folder / "notice.txt"
    return file.read_text(encoding="utf-8").strip() if file.is_file() else None


def open_table(connection: duckdb.DuckDBPyConnection, folder: Path, table: SourceTable) -> SourceRelation:
    """Describe a table of the folder. Raises SourceError where its file is unreadable or lacks a column."""
    file = find_table(folder, table)
    relation = open_parquet(connection, file) if file.suffix == ".parquet" else open_csv(file)
    missing = [column.name for column in table.columns if column.name not in relation.types]
    if missing:
        raise SourceError(f"{file}: table {table.name} lacks the column {', '.join(missing)}.")
    return relation


def open_parquet(connection: duckdb.DuckDBPyConnection, file: Path) -> SourceRelation:
    """Describe a Parquet file by its own schema."""
    sql = f"read_parquet({literal(file)}, hive_partitioning = false)"
    try:
        described = connection.execute(f"describe select * from {sql}").fetchall()
    except READING_ERRORS:
        raise SourceError(f"{file} cannot be read as Parquet.") from None
    return SourceRelation(str(file), sql, {name: duckdb_type for name, duckdb_type, *_ in described}, is_text=False)


def open_csv(file: Path) -> SourceRelation:
    """Describe a CSV file by its header; every cell is text, and an empty cell without quotes is null."""
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
        f"read_csv({literal(file)}, auto_detect = false, header = true, columns = {{{columns}}}, delim = ',', quote = '\"', escape = '\"',"
        " nullstr = '', allow_quoted_nulls = false, strict_mode = true, null_padding = false, ignore_errors = false, encoding = 'utf-8')"
    )
    return SourceRelation(str(file), sql, dict.fromkeys(header, "VARCHAR"), is_text=True)


def reading_error(location: str, error: duckdb.Error) -> SourceError:
    """What went wrong while reading a file, without the cells that DuckDB's own message would show."""
    message = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", message)
    if line is None:
        return SourceError(f"{location} cannot be read to its end.")
    reason = next((plain for marker, plain in CSV_REASONS.items() if marker in message), "is not well-formed CSV")
    return SourceError(f"{location}, line {line[1]}: the row {reason}.")


def literal(value: str | Path) -> str:
    """An SQL string."""
    return "'" + str(value).replace("'", "''") + "'"
