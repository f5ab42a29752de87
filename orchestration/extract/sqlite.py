"""SQLite as source: one read-only transaction; cells are judged by the type they were stored with, for columns do not bind them."""

import sqlite3
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

import duckdb
import pyarrow as pa
from sqlalchemy.engine import URL

from orchestration.errors import SourceError
from orchestration.extract.database import ROWS_AT_ONCE, DatabaseSource, batch
from orchestration.extract.registry import SourceColumn, SourceTable
from orchestration.extract.source import SourceRelation
from orchestration.settings import Settings

ALL_REFUSE = "'real', 'blob'"
TEXT_REFUSES = f"{ALL_REFUSE}, 'integer'"


class SqliteSource(DatabaseSource):
    """A database file, opened read-only.

    REAL is refused, for it is not exact, BLOB too, and integers where text is due, for they have lost their leading zeros.
    """

    driver_errors = (sqlite3.Error,)

    def __init__(self, url: URL, settings: Settings) -> None:
        """Raise SourceError where there is no such file, or it is no database."""
        super().__init__(url)
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
        with self.explained(self.location):
            self.connection.execute("begin")

    def close(self) -> None:
        """End the snapshot and the connection."""
        self.connection.close()

    def column_types(self, table: SourceTable) -> dict[str, Any]:
        """Columns of the table, without types."""
        described = self.connection.execute(f"select * from {table.name} limit 0").description
        return {name: None for name, *_ in described}

    def open_table(self, connection: duckdb.DuckDBPyConnection, table: SourceTable, since: datetime | None = None) -> SourceRelation:
        """Describe a table and start its stream, once its cells are known to be of types that hold the contract's."""
        relation = super().open_table(connection, table, since)
        columns = table.columns
        refused = [f"max(typeof({each.name}) in ({TEXT_REFUSES if each.type == 'text' else ALL_REFUSE}))" for each in columns]
        with self.explained(relation.location):
            found = self.connection.execute(f"select {', '.join(refused)} from {table.name}").fetchone()
        unfit = [column for column, bad in zip(columns, found, strict=True) if bad]
        if unfit:
            raise SourceError(f"{relation.location}: column {unfit[0].name} has cells of a type that cannot hold {unfit[0].type}.")
        return relation

    def expression(self, column: SourceColumn, declared: Any) -> str | None:  # noqa: ANN401
        """The cell as text; truth, stored as 0 and 1, in words."""
        del declared
        text = f"cast({column.name} as text)"
        if column.type == "bool":
            return f"case typeof({column.name}) || {column.name} when 'integer0' then 'false' when 'integer1' then 'true' else {text} end"
        return text

    def changed_since(self, column: str, declared: Any, since: datetime) -> str:  # noqa: ANN401
        """By the day as written, two days early, for the text may be of any zone."""
        del declared
        return f"substr({column}, 1, 10) >= '{(since - timedelta(days=2)).date().isoformat()}'"

    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Rows of a cursor, many at a time."""
        cursor = self.connection.execute(query)
        while rows := cursor.fetchmany(ROWS_AT_ONCE):
            yield batch(rows, columns)

    def reason(self, error: Exception) -> str:
        """By SQLite's result code, and what it says of tables."""
        if error.__class__ is sqlite3.OperationalError and "no such table" in str(error):
            return "there is no such table"
        name = getattr(error, "sqlite_errorname", "")
        if name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED")):
            return "it is locked by somebody else"
        if "decode" in str(error):
            return "a text is not UTF-8"
        return f"the file cannot be read as a database ({name or type(error).__name__})"
