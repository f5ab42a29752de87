"""SQLite as source: one read-only transaction.

Cells are judged by the type that they were stored with, for SQLite's columns do not bind them.
"""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import quote

import pyarrow as pa
from sqlalchemy.engine import URL

from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.errors import SourceError
from orchestration.extract.database import (
    ROWS_AT_ONCE,
    DatabaseSource,
    Described,
    batch,
    database_url,
)
from orchestration.extract.source import RAW, literal
from orchestration.extract.url_options import url_options
from orchestration.settings import Settings

FITTING = "fitting"
CATALOG = "select 1 from sqlite_schema where name = {} and type in ('table', 'view')"
REFUSED_CELLS = {
    "text": "'real', 'blob', 'integer'",
    "bool": "'real', 'blob'",
    "int": "'blob'",
    "decimal": "'real', 'blob'",
    "date": "'real', 'blob', 'integer'",
    "timestamptz": "'real', 'blob', 'integer'",
    RAW: "'blob'",
}
REASONS = {
    "SQLITE_BUSY": (
        "it is locked by somebody else; run again later, or raise UHI_SOURCE_LOCK_SECONDS"
    ),
    "SQLITE_LOCKED": "it is locked by somebody else; run again later",
    "SQLITE_NOTADB": "the file is no SQLite database, or is encrypted",
    "SQLITE_CORRUPT": "the database file is damaged",
    "SQLITE_CANTOPEN": "the file, or its write-ahead log beside it, cannot be opened",
    "SQLITE_READONLY": (
        "its last writer did not finish; open it once with a program that may write to it"
    ),
    "SQLITE_IOERR": "the file cannot be read from its disk",
    "SQLITE_FULL": "the disk for temporary files is full",
}
WHOLE_FILE = ("SQLITE_BUSY", "SQLITE_NOTADB", "SQLITE_CANTOPEN", "SQLITE_READONLY", "SQLITE_IOERR")


class SqliteSource(DatabaseSource):
    """A database file, opened read-only.

    A number where text is due is refused, for it has lost its leading zeros; REAL where a decimal
    is due, for it is not exact; a number where a day or moment is due, for its form is unknown.
    """

    holds: ClassVar = {kind: {FITTING} for kind in REFUSED_CELLS}

    def __init__(self, url: URL, settings: Settings) -> None:
        """Raise SourceError where there is no such file, or it is no database."""
        super().__init__(url)
        url_options(url, {})
        file = Path(url.database or "")
        if not file.is_file():
            raise SourceError(f"{self.location}: there is no such file.")
        with self.explained(self.location):
            self.connection = sqlite3.connect(
                f"file:{quote(str(file.resolve()))}?mode=ro",
                uri=True,
                timeout=settings.source_lock_seconds,
                isolation_level=None,
                check_same_thread=False,
            )
            self.connection.execute("begin")

    def close(self) -> None:
        """End the snapshot and the connection."""
        self.connection.close()

    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query that gives few."""
        return self.connection.execute(query).fetchall()

    def is_there(self, name: str) -> bool:
        """Whether there is a table or view of a name."""
        return bool(self.rows(CATALOG.format(literal(name))))

    def describe(self, table: SourceTable, location: str) -> Described:
        """The table, with what is stored in its columns. Raises SourceError where there is none."""
        if not self.is_there(table.name):
            raise SourceError(f"{location}: there is no such table.")
        named = self.quoted(table.name)
        types = dict.fromkeys(self.names(f"select * from {named} limit 0"), FITTING)
        columns = [column for column in table.columns if column.name in types]
        refused = [self.refused_cell(column) for column in columns] or ["1"]
        [found] = self.rows(f"select {', '.join(refused)} from {named}")
        for column, stored in zip(columns, found, strict=False):
            if stored:
                types[column.name] = f"{stored} in some cells"
        return Described(named, types)

    def refused_cell(self, column: SourceColumn) -> str:
        """SQL of a storage class that a column's contract type cannot hold; null without one."""
        stored = f"typeof({self.quoted(column.name)})"
        return f"max(case when {stored} in ({REFUSED_CELLS[column.kind]}) then {stored} end)"

    def quoted(self, name: str) -> str:
        """How SQL names a column."""
        return '"' + name.replace('"', '""') + '"'

    def names(self, query: str) -> list[str]:
        """The names of a query's columns."""
        return [name for name, *_ in self.connection.execute(query).description]

    def expression(self, column: SourceColumn, declared: str) -> str:
        """The cell as text; truth, stored as 0 and 1, in words, and a whole number as such."""
        del declared
        name = self.quoted(column.name)
        text = f"cast({name} as text)"
        if column.kind == "bool":
            marked = f"typeof({name}) || {name}"
            words = "when 'integer0' then 'false' when 'integer1' then 'true'"
            return f"case {marked} {words} else {text} end"
        if column.kind == "int":
            whole = f"cast({name} as integer)"
            is_whole = f"typeof({name}) = 'real' and {whole} = {name}"
            return f"case when {is_whole} then cast({whole} as text) else {text} end"
        return text

    def changed_since(
        self,
        column: str,
        declared: str,
        since: datetime,
    ) -> str:
        """By the day as written, two days early, for the text may be of any zone."""
        del declared
        first_day = (since - timedelta(days=2)).date()
        return f"substr({column}, 1, 10) >= '{first_day.isoformat()}'"

    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Rows of a cursor, many at a time."""
        cursor = self.connection.execute(query)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield batch(rows, columns)

    def reason(self, error: Exception) -> str:
        """By SQLite's result code."""
        name = getattr(error, "sqlite_errorname", type(error).__name__)
        for code, plain in REASONS.items():
            if name.startswith(code):
                return plain
        if "decode" in str(error):
            return "a text is not UTF-8"
        return f"the file cannot be read as a database ({name})"

    def is_lost(self, error: Exception) -> bool:
        """Whether the whole file cannot be read; if it is damaged, the next table may be intact."""
        return getattr(error, "sqlite_errorname", "").startswith(WHOLE_FILE)


def open_source(source: str, settings: Settings) -> SqliteSource:
    """The database that a URL names. Raises UsageError, SourceError where it cannot be opened."""
    return SqliteSource(database_url(source, settings), settings)
