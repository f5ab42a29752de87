"""A database as source: all tables in one read-only snapshot, streamed as text in the forms of CSV, so that no driver touches a value.

PostgreSQL hands over by COPY; SQLite and MySQL (also MariaDB and what speaks its protocol) through a cursor, in batches. What an error says
never holds a cell, a user or a password.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, ClassVar

import duckdb
import pyarrow as pa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from orchestration.errors import SourceError, UsageError
from orchestration.extract.registry import SourceColumn, SourceTable
from orchestration.extract.source import SourceRelation
from orchestration.settings import Settings

ROWS_AT_ONCE = 20_000


class DatabaseSource(ABC):
    """What the dialects share: describing a table, choosing changed rows, and streaming.

    A dialect opens its snapshot when made, and closes it with `close`.
    """

    reads_changes = True
    driver_errors: ClassVar[tuple[type[Exception], ...]]

    def __init__(self, url: URL) -> None:
        self.location = URL.create(url.get_backend_name(), host=url.host, port=url.port, database=url.database).render_as_string()
        self.failure: SourceError | None = None

    def notice(self) -> str | None:
        """Nothing: a database says nothing beside its tables."""
        return None

    @abstractmethod
    def close(self) -> None:
        """End the snapshot and the connection."""

    @abstractmethod
    def column_types(self, table: SourceTable) -> dict[str, Any]:
        """Columns of a table with the dialect's types. Raises a driver's error where there is no such table."""

    @abstractmethod
    def expression(self, column: SourceColumn, declared: Any) -> str | None:  # noqa: ANN401
        """SQL of a column as text in the form of CSV; None where its type cannot hold the contract's."""

    @abstractmethod
    def changed_since(self, column: str, declared: Any, since: datetime) -> str:  # noqa: ANN401
        """SQL of whether a watermark is of that time or later; may also hold for somewhat earlier ones."""

    @abstractmethod
    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Rows of a query, as batches of text columns."""

    @abstractmethod
    def reason(self, error: Exception) -> str:
        """What a driver's error means, in plain words and without its message."""

    def open_table(self, connection: duckdb.DuckDBPyConnection, table: SourceTable, since: datetime | None = None) -> SourceRelation:
        """Describe a table and start its stream, which can be read once. Raises SourceError."""
        location = f"{self.location}, table {table.name}"
        with self.explained(location):
            types = self.column_types(table)
        missing = [column.name for column in table.columns if column.name not in types]
        if missing:
            raise SourceError(f"{location}: lacks the column {', '.join(missing)}.")
        expressions = []
        for column in table.columns:
            expression = self.expression(column, types[column.name])
            if expression is None:
                raise SourceError(f"{location}: the type of column {column.name} cannot hold {column.type}.")
            expressions.append(f"{expression} as {column.name}")
        query = f"select {', '.join(expressions)} from {table.name}"
        if since is not None:
            query += f" where {self.changed_keys(table, types, since)}"
        names = [column.name for column in table.columns]
        schema = pa.schema([(name, pa.string()) for name in names])
        relation = f"database_{table.name}"
        connection.register(relation, pa.RecordBatchReader.from_batches(schema, self.stream(query, names, location)))
        shown = dict.fromkeys(types, "VARCHAR")
        return SourceRelation(location, relation, shown, is_text=True, explain=self.explain(location), confirm=lambda _: None)

    def changed_keys(self, table: SourceTable, types: dict[str, Any], since: datetime) -> str:
        """SQL of whether a row's key has a row that changed since, or is null in part; such rows are always read."""
        key = ", ".join(table.key)
        watermark = str(table.watermark)
        changed = f"{self.changed_since(watermark, types[watermark], since)} or {watermark} is null"
        nulls = " or ".join(f"{part} is null" for part in table.key)
        return f"({key}) in (select {key} from {table.name} where {changed}) or {nulls}"

    def stream(self, query: str, columns: list[str], location: str) -> Iterator[pa.RecordBatch]:
        """The batches of a query; a driver's error is kept, for on its way through DuckDB it loses its type."""
        try:
            yield from self.batches(query, columns)
        except self.driver_errors as error:
            self.failure = SourceError(f"{location}: {self.reason(error)}.")
            raise self.failure from None

    def explain(self, location: str) -> Any:  # noqa: ANN401
        """What a failed reading means: the driver's error where there was one."""
        return lambda _: self.failure or SourceError(f"{location} cannot be read to its end.")

    @contextmanager
    def explained(self, location: str) -> Iterator[None]:
        """Turn a driver's error into a SourceError."""
        try:
            yield
        except self.driver_errors as error:
            raise SourceError(f"{location}: {self.reason(error)}.") from None


def batch(rows: list[tuple[Any, ...]], columns: list[str]) -> pa.RecordBatch:
    """Fetched rows of text cells as one batch."""
    return pa.record_batch([pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)], names=columns)


@contextmanager
def database_source(settings: Settings, source: str) -> Iterator[DatabaseSource]:
    """The snapshot of the database that a URL names. Raises UsageError for a URL that is none, SourceError where it cannot be opened."""
    try:
        url = make_url(source)
    except (ArgumentError, ValueError):
        raise UsageError("The source's URL cannot be read; expected for example postgresql://host/database.") from None
    password = source_password(settings)
    if password is not None and url.password is None:
        url = url.set(password=password)
    opened = dialect(url)(url, settings)
    try:
        yield opened
    finally:
        opened.close()


def dialect(url: URL) -> Any:  # noqa: ANN401
    """The class that speaks a URL's dialect. Raises UsageError where there is none."""
    match url.get_backend_name():
        case "postgresql":
            from orchestration.extract.postgresql import PostgresqlSource

            return PostgresqlSource
        case "sqlite":
            from orchestration.extract.sqlite import SqliteSource

            return SqliteSource
        case "mysql" | "mariadb":
            from orchestration.extract.mysql import MysqlSource

            return MysqlSource
        case other:
            raise UsageError(f"Databases of the kind {other} are not read; postgresql, sqlite and mysql are.")


def source_password(settings: Settings) -> str | None:
    """The password that the settings hold for the source. Raises UsageError where there are two, or its file cannot be read."""
    if settings.source_password is not None and settings.source_password_file is not None:
        raise UsageError("Set UHI_SOURCE_PASSWORD or UHI_SOURCE_PASSWORD_FILE, not both.")
    if settings.source_password_file is not None:
        try:
            return settings.source_password_file.read_text(encoding="utf-8").rstrip("\r\n")
        except OSError as error:
            raise UsageError(f"The password file {settings.source_password_file} cannot be read: {error.strerror}.") from None
    return settings.source_password.get_secret_value() if settings.source_password is not None else None
