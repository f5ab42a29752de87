"""MySQL, MariaDB and what speaks their protocol as source: text casts from an unbuffered cursor in one consistent, read-only snapshot."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pyarrow as pa
import pymysql
from pymysql.constants import ER, FIELD_TYPE
from pymysql.cursors import SSCursor
from sqlalchemy.engine import URL

from orchestration.extract.database import ROWS_AT_ONCE, DatabaseSource, batch
from orchestration.extract.registry import SourceColumn, SourceTable
from orchestration.periods import CITY_ZONE
from orchestration.settings import Settings

INTEGERS = {FIELD_TYPE.TINY, FIELD_TYPE.SHORT, FIELD_TYPE.INT24, FIELD_TYPE.LONG, FIELD_TYPE.LONGLONG}
HOLDS = {
    "text": {FIELD_TYPE.VAR_STRING, FIELD_TYPE.STRING, FIELD_TYPE.VARCHAR, FIELD_TYPE.BLOB},
    "bool": {FIELD_TYPE.TINY},
    "int": INTEGERS,
    "decimal": INTEGERS | {FIELD_TYPE.NEWDECIMAL},
    "date": {FIELD_TYPE.DATE},
    "timestamptz": {FIELD_TYPE.DATETIME, FIELD_TYPE.TIMESTAMP},
}
REASONS = {
    ER.NO_SUCH_TABLE: "there is no such table",
    ER.TABLEACCESS_DENIED_ERROR: "the user may not read it",
    ER.ACCESS_DENIED_ERROR: "the database refuses the user or the password",
    ER.LOCK_WAIT_TIMEOUT: "it is locked by somebody else",
}
CONNECTION_OPTIONS = {"charset": "utf8mb4", "cursorclass": SSCursor, "connect_timeout": 10, "read_timeout": 600}


class MysqlSource(DatabaseSource):
    """One connection, one transaction: what is read from all tables is of one moment."""

    driver_errors = (pymysql.MySQLError, OSError)

    def __init__(self, url: URL, settings: Settings) -> None:
        """Raise SourceError where the database cannot be opened."""
        super().__init__(url)
        options: dict[str, Any] = CONNECTION_OPTIONS | url.translate_connect_args(username="user") | dict(url.query)
        with self.explained(self.location):
            self.connection = pymysql.connect(**options)
        with self.explained(self.location):
            self.execute("set time_zone = '+00:00'")
            self.execute(f"set lock_wait_timeout = {settings.source_lock_seconds}")
            self.execute("set transaction isolation level repeatable read")
            self.execute("start transaction with consistent snapshot, read only")

    def execute(self, statement: str) -> None:
        """Run a statement that gives no rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def close(self) -> None:
        """End the snapshot and the connection."""
        if self.connection.open:
            self.connection.close()

    def column_types(self, table: SourceTable) -> dict[str, Any]:
        """Columns with the codes of their types."""
        with self.connection.cursor() as cursor:
            cursor.execute(f"select * from {table.name} limit 0")
            return {name: code for name, code, *_ in cursor.description}

    def expression(self, column: SourceColumn, declared: Any) -> str | None:  # noqa: ANN401
        """The column as text; truth, stored as 0 and 1, in words, and a moment with its zone."""
        if declared not in HOLDS[column.type.partition("(")[0]]:
            return None
        text = f"cast({column.name} as char)"
        if column.type == "bool":
            return f"case {column.name} when 0 then 'false' when 1 then 'true' else {text} end"
        return f"concat({text}, '+00:00')" if declared == FIELD_TYPE.TIMESTAMP else text

    def changed_since(self, column: str, declared: Any, since: datetime) -> str:  # noqa: ANN401
        """The watermark against the moment by the clock it is kept in."""
        moment = since.astimezone(CITY_ZONE if declared == FIELD_TYPE.DATETIME else UTC)
        return f"{column} >= '{moment:%Y-%m-%d %H:%M:%S.%f}'"

    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Rows of an unbuffered cursor, many at a time."""
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield batch(list(rows), columns)

    def reason(self, error: Exception) -> str:
        """By the server's error number; without one it could not be reached or went away."""
        number = error.args[0] if error.args else None
        return REASONS.get(number, f"the database cannot be reached or went away ({type(error).__name__})")  # type: ignore[arg-type]
