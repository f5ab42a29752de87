"""PostgreSQL as source: COPY of text casts in one read-only, repeatable-read transaction."""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import errors
from sqlalchemy.engine import URL

from orchestration.extract.database import DatabaseSource
from orchestration.extract.registry import SourceColumn, SourceTable
from orchestration.periods import CITY_ZONE
from orchestration.settings import Settings

HOLDS = {
    "text": {"text", "varchar", "bpchar"},
    "bool": {"bool"},
    "int": {"int2", "int4", "int8"},
    "decimal": {"numeric", "int2", "int4", "int8"},
    "date": {"date"},
    "timestamptz": {"timestamptz", "timestamp"},
}
BLOCK_BYTES = 1 << 20
REASONS: dict[type[Exception], str] = {
    errors.UndefinedTable: "there is no such table",
    errors.InsufficientPrivilege: "the user may not read it",
    errors.LockNotAvailable: "it is locked by somebody else",
    errors.QueryCanceled: "the reading was cancelled",
}
CONNECTION_OPTIONS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "client_encoding": "UTF8",
    "application_name": "union-health-index",
}


class CopiedBytes(io.RawIOBase):
    """The bytes of a COPY as a file that can be read forward."""

    def __init__(self, copy: psycopg.Copy) -> None:
        self.copy = copy
        self.rest = b""

    def readable(self) -> bool:
        """Whether it can be read: yes."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Return some bytes, about as many as asked for; none at the end."""
        parts, length = [self.rest], len(self.rest)
        while length < size and (block := self.copy.read()):
            parts.append(bytes(block))
            length += len(block)
        whole = b"".join(parts)
        self.rest = whole[size:]
        return whole[:size]


class PostgresqlSource(DatabaseSource):
    """One connection, one transaction: what is read from all tables is of one moment."""

    driver_errors = (psycopg.Error,)

    def __init__(self, url: URL, settings: Settings) -> None:
        """Raise SourceError where the database cannot be opened."""
        super().__init__(url)
        options: dict[str, Any] = CONNECTION_OPTIONS | url.translate_connect_args(username="user", database="dbname") | dict(url.query)
        with self.explained(self.location):
            self.connection = psycopg.connect(**options)
        with self.explained(self.location):
            self.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self.connection.read_only = True
            self.connection.execute("set local timezone = 'UTC'")
            self.connection.execute("set local datestyle = 'ISO, YMD'")
            self.connection.execute(f"set local lock_timeout = '{settings.source_lock_seconds}s'")

    def close(self) -> None:
        """End the snapshot and the connection."""
        self.connection.close()

    def column_types(self, table: SourceTable) -> dict[str, Any]:
        """Columns with the names of their types, of domains that of what they are made of."""
        with self.connection.cursor() as cursor:
            described = cursor.execute(f"select * from {table.name} limit 0").description or []
        known = psycopg.adapters.types
        return {column.name: info.name if (info := known.get(column.type_code)) else "" for column in described}

    def expression(self, column: SourceColumn, declared: Any) -> str | None:  # noqa: ANN401
        """The column as PostgreSQL writes it; padding of fixed-width characters is none of the value."""
        return f"{column.name}::text" if declared in HOLDS[column.type.partition("(")[0]] else None

    def changed_since(self, column: str, declared: Any, since: datetime) -> str:  # noqa: ANN401
        """The watermark as a moment, zone-less ones by the city's clock."""
        moment = f"{column} at time zone '{CITY_ZONE}'" if declared == "timestamp" else column
        return f"{moment} >= '{since.isoformat()}'"

    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """COPY as CSV, read by Arrow: null is an empty cell without quotes."""
        statement = f"copy ({query}) to stdout (format csv, header)"
        cells = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()), null_values=[""], strings_can_be_null=True, quoted_strings_can_be_null=False
        )
        with self.connection.cursor() as cursor, cursor.copy(statement) as copy:
            yield from pyarrow.csv.open_csv(
                pa.PythonFile(CopiedBytes(copy), mode="r"),
                read_options=pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
                parse_options=pyarrow.csv.ParseOptions(newlines_in_values=True, ignore_empty_lines=False),
                convert_options=cells,
            )

    def reason(self, error: Exception) -> str:
        """By the error's class; without one, the server could not be reached or went away."""
        known = next((plain for kind, plain in REASONS.items() if isinstance(error, kind)), None)
        if known:
            return known
        if isinstance(error, psycopg.OperationalError):
            return "the database cannot be reached, refuses the user, or went away"
        return f"the database refused to hand it over ({type(error).__name__})"
