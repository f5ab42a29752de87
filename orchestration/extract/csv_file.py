"""A CSV file of a source: UTF-8, every cell text, an empty cell without quotes null.

Read strictly, and counted again.
"""

import csv
import io
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import duckdb
import pyarrow as pa
import pyarrow.csv

from orchestration.contract.registry import SourceTable
from orchestration.errors import SourceError
from orchestration.extract.source import (
    FileForm,
    SourceFile,
    SourceRelation,
    literal,
    refusing,
    registered,
)
from orchestration.guarded import likely_encoding
from orchestration.plain_text import LONGEST_CELL, problem_of
from quality.nouns import counted_noun

CHUNK = 2**20
UTF_8 = "utf-8"
LINE_BREAKS = b"\r\n"
CSV_REASONS = {
    "Expected Number of Columns": "has another number of cells than the header",
    "unterminated quote": "has an unterminated quote",
    "Invalid unicode": "is not UTF-8",
    "not utf-8": "is not UTF-8",
    "Maximum line size": "is longer than a row may be",
}


def open_csv(
    connection: duckdb.DuckDBPyConnection,
    file: SourceFile,
    table: SourceTable,
    confirm: Callable[[int], None],
) -> SourceRelation:
    """Describe a CSV file by its header.

    Raises SourceError where the header cannot name its columns.
    """
    del table
    form = file.form or FileForm(file.path.name)
    header = read_header(file, form)
    if form.encoding == UTF_8:
        sql = rows_as_they_are(file, form, header)
    else:
        sql = registered(connection, decoded_rows(file, form, header))

    def counted(read: int) -> None:
        confirm(read)
        confirm_rows(file, form, read)

    types = dict.fromkeys(header, "VARCHAR")
    return SourceRelation(
        str(file),
        sql,
        types,
        is_text=True,
        explain=lambda error: csv_error(file, error),
        confirm=counted,
    )


def rows_as_they_are(file: SourceFile, form: FileForm, header: list[str]) -> str:
    """SQL that reads a file in UTF-8."""
    columns = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in header)
    return (
        f"read_csv({literal(file.address)}, auto_detect = false, header = true,"
        f" columns = {{{columns}}}, delim = {literal(form.delimiter)}, quote = '\"',"
        " escape = '\"', nullstr = '', allow_quoted_nulls = false, strict_mode = true,"
        " null_padding = false, ignore_errors = false, encoding = 'utf-8')"
    )


def decoded_rows(file: SourceFile, form: FileForm, header: list[str]) -> pa.RecordBatchReader:
    """The rows of a file in another encoding, decoded as they are read. Raises SourceError."""
    file.opened.seek(0)
    own = os.fdopen(os.dup(file.opened.fileno()), "rb")
    with refusing(f"{file} cannot be read as CSV in {form.encoding}."):
        return pyarrow.csv.open_csv(
            pa.PythonFile(own, mode="r"),
            read_options=pyarrow.csv.ReadOptions(
                column_names=header,
                skip_rows=1,
                encoding=form.encoding,
                use_threads=False,
            ),
            parse_options=pyarrow.csv.ParseOptions(
                delimiter=form.delimiter,
                newlines_in_values=True,
                ignore_empty_lines=False,
            ),
            convert_options=pyarrow.csv.ConvertOptions(
                column_types=dict.fromkeys(header, pa.string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=False,
            ),
        )


def read_header(file: SourceFile, form: FileForm) -> list[str]:
    """The names of a file's columns.

    Raises SourceError where one is empty, there twice or unreadable.
    """
    try:
        with text_of(file, "utf-8-sig" if form.encoding == UTF_8 else form.encoding) as lines:
            header = next(csv.reader(lines, strict=True, delimiter=form.delimiter), [])
    except UnicodeDecodeError:
        if form.encoding != UTF_8:
            raise SourceError(f"{file}: the header is not {form.encoding}.") from None
        file.opened.seek(0)
        hint = likely_encoding(file.opened.read(CHUNK))
        raise SourceError(f"{file}: the header is not UTF-8{hint}; save it as UTF-8.") from None
    except csv.Error as error:
        raise SourceError(f"{file}: the header cannot be read: {error}.") from None
    if not header:
        raise SourceError(f"{file} is empty; a header is due.")
    refuse_names(file, header)
    return header


def refuse_names(file: SourceFile, header: list[str]) -> None:
    """Raise SourceError for a column with no name, an unreadable name or that of another column."""
    for number, name in enumerate(header, start=1):
        if not name.strip():
            raise SourceError(
                f"{file}: column {number} of the header has no name; "
                "is there a comma at the end of each line? Remove it."
            )
        if problem := problem_of(name, LONGEST_CELL):
            raise SourceError(f"{file}: the name of column {number} cannot be taken: {problem}.")
    lowered = [name.lower() for name in header]
    doubled = sorted({name for name in header if lowered.count(name.lower()) > 1})
    if doubled:
        raise SourceError(
            f"{file}: the header names the column {', '.join(doubled)} more than once."
        )


@contextmanager
def text_of(file: SourceFile, encoding: str) -> Iterator[io.TextIOWrapper]:
    """The text of a file from its beginning; the file stays open."""
    file.opened.seek(0)
    text = io.TextIOWrapper(file.opened, encoding=encoding, newline="")
    try:
        yield text
    finally:
        text.detach()


def confirm_rows(file: SourceFile, form: FileForm, read: int) -> None:
    """Raise SourceError where a file has another number of rows than were read.

    The line breaks are counted first; only where that does not settle it, for a cell may hold
    a line break, each row is read again.
    """
    with refusing(f"{file} cannot be counted."):
        if rows_by_line_breaks(file) == read:
            return
        with text_of(file, "latin-1") as lines:
            reader = csv.reader(lines, strict=True, delimiter=form.delimiter)
            rows = sum(1 for row in reader if row) - 1
    if rows != read:
        raise SourceError(f"{file} has {counted_noun(rows, 'row')}, of which {read:,} were read.")


def rows_by_line_breaks(file: SourceFile) -> int:
    """How many rows a file has below its header where no cell holds a line break."""
    file.opened.seek(0)
    before = pending = 0
    while chunk := file.opened.read(CHUNK):
        content = chunk.rstrip(LINE_BREAKS)
        if content:
            before += pending + content.count(b"\n")
            pending = 0
        pending += chunk.count(b"\n", len(content))
    return before


def csv_error(file: SourceFile, error: Exception) -> SourceError:
    """What went wrong while reading a CSV file.

    Unlike DuckDB's own message, it shows no cell.
    """
    message = str(error)
    line = re.search(r"CSV Error on Line: (\d+)", message)
    if line is None:
        return SourceError(f"{file} cannot be read to its end; is each row one line of CSV?")
    reasons = (plain for marker, plain in CSV_REASONS.items() if marker in message)
    return SourceError(
        f"{file}, line {line[1]}: the row {next(reasons, 'is not well-formed CSV')}."
    )
