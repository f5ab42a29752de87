"""The cells of a release's files: CSV as Parquet, none like a formula, each figure a number."""

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple, NoReturn

import duckdb

from quality.connection import reading
from quality.nouns import counted_noun
from quality.release_files import EDITIONS, csv_header, files_below

STARTS_LIKE_A_FORMULA = r"^[=+\-@\t\r]"
NUMBER = r"^[+-]?[0-9]+(\.[0-9]+)?$"
NOT_FINITE = r"^[+-]?(nan|inf|infinity)$"
# What is in no file without a figure that is not finite: a search is faster than reading cells.
LIKE_NOT_FINITE = re.compile(rb"nan|inf", re.IGNORECASE)
# The cells of a CSV file as text, by the columns c0, c1, …; an unquoted empty cell is null.
CELLS = """read_csv(
    $file, columns = $columns, header = true, auto_detect = false,
    delim = ',', quote = '"', escape = '"', nullstr = '',
    allow_quoted_nulls = false, max_line_size = 10000000
)"""


class CsvFile(NamedTuple):
    """A CSV file: its header, and the parameters of CELLS for it."""

    header: list[str]
    parameters: dict[str, Any]


def csv_file(path: Path) -> CsvFile:
    """A CSV file as CELLS reads it."""
    header = csv_header(path)
    columns = {f"c{number}": "VARCHAR" for number in range(len(header))}
    return CsvFile(header, {"file": str(path), "columns": columns})


def other_csv(folder: Path) -> Iterator[str]:
    """CSV files that do not hold the rows of the Parquet file beside them.

    The rows are compared in order, cell by cell.
    """
    with reading() as connection:
        for edition in EDITIONS:
            for parquet in sorted((folder / edition).glob("*.parquet")):
                fault = csv_fault(connection, parquet)
                if fault:
                    yield f"{edition}/{parquet.stem}.csv {fault}"


def csv_fault(connection: duckdb.DuckDBPyConnection, parquet: Path) -> str | None:
    """How the CSV file beside a Parquet file does not hold its rows; None where it does."""
    written = csv_file(parquet.with_suffix(".csv"))
    table = connection.read_parquet(str(parquet))
    if written.header != table.columns:
        return "has other columns"
    query = f"""
        select count(*)
        from (
            select row_number() over () as row, *
            from {CELLS}
        ) as written
        full join (
            select row_number() over () as row, {written_cells(table)}
            from read_parquet($parquet)
        ) as due on written.row = due.row
        where written is distinct from due
    """
    parameters = {**written.parameters, "parquet": str(parquet)}
    [(count,)] = connection.execute(query, parameters).fetchall()
    rows = counted_noun(count, "row")
    return f"has {rows} unlike those of its Parquet file" if count else None


def written_cells(table: duckdb.DuckDBPyRelation) -> str:
    """SQL of the columns of a Parquet file as CELLS has those of its CSV file."""
    columns = zip(table.columns, map(str, table.types), strict=True)
    cells = [written_cell(name, kind) for name, kind in columns]
    return ", ".join(f"{cell} as c{number}" for number, cell in enumerate(cells))


def written_cell(column: str, kind: str) -> str:
    """SQL of a column of a Parquet file as its CSV file has it, with formulas made harmless."""
    if kind != "VARCHAR":
        return f'cast("{column}" as varchar)'
    condition = f"regexp_matches(\"{column}\", '{STARTS_LIKE_A_FORMULA}')"
    return f"case when {condition} then concat('''', \"{column}\") else \"{column}\" end"


def formulas(folder: Path) -> Iterator[str]:
    """CSV files with cells that a spreadsheet would take for a formula."""
    condition = (
        f"regexp_matches(cell, '{STARTS_LIKE_A_FORMULA}') and not regexp_matches(cell, '{NUMBER}')"
    )
    return csv_cells(files_below(folder, "*.csv"), condition, "that start like a formula")


def csv_cells(
    files: Mapping[str, Path],
    condition: str,
    which: str,
) -> Iterator[str]:
    """CSV files, by name, with cells that meet an SQL condition."""
    with reading() as connection:
        for name, path in files.items():
            file = csv_file(path)
            cells = file.parameters["columns"]
            any_cell = " or ".join(f"({condition.replace('cell', cell)})" for cell in cells)
            query = f"select count(*) from {CELLS} where {any_cell}"
            [(count,)] = connection.execute(query, file.parameters).fetchall()
            if count:
                yield f"{name} has cells {which} in {counted_noun(count, 'row')}"


def not_finite(folder: Path) -> Iterator[str]:
    """Files with a figure that is no number or infinite."""
    condition = f"regexp_matches(cell, '{NOT_FINITE}', 'i')"
    candidates = {
        name: path
        for name, path in files_below(folder, "*.csv").items()
        if LIKE_NOT_FINITE.search(path.read_bytes())
    }
    yield from csv_cells(candidates, condition, "that are no finite number")
    with reading() as connection:
        for name, file in files_below(folder, "*.parquet").items():
            if not is_finite(connection.read_parquet(str(file))):
                yield f"{name} has figures that are not finite"
    for text in json_texts(folder):
        json.loads(text, parse_constant=refuse_constant)


def is_finite(table: duckdb.DuckDBPyRelation) -> bool:
    """Whether each figure of a table is a number and not infinite."""
    columns = zip(table.columns, map(str, table.types), strict=True)
    floats = [name for name, kind in columns if kind in ("FLOAT", "DOUBLE")]
    if not floats:
        return True
    is_wrong = " or ".join(f'not isfinite("{name}")' for name in floats)
    return len(table.filter(is_wrong)) == 0


def json_texts(folder: Path) -> Iterator[str]:
    """Each JSON text in the files of a release."""
    for file in files_below(folder, "*.json").values():
        yield file.read_text(encoding="utf-8")
    for file in files_below(folder, "*.ndjson").values():
        yield from file.read_text(encoding="utf-8").splitlines()


def refuse_constant(constant: str) -> NoReturn:
    """Raise for what JSON has no number for."""
    message = f"{constant} is no JSON"
    raise ValueError(message)
