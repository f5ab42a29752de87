"""A database as source: one read-only snapshot of all tables, streamed as text in the forms of CSV.

No driver touches a value. PostgreSQL hands over by COPY; SQLite and MySQL (also MariaDB and what
speaks its protocol) through a cursor, in batches. What was read is counted against what the
database says it has, in the same snapshot. What an error says never holds a cell, a user or a
password.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

import duckdb
import pyarrow as pa
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from orchestration import guarded
from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.errors import HealthIndexError, SourceError, SourceLostError, UsageError
from orchestration.extract.source import RAW, ForeignTable, SourceRelation, registered
from orchestration.settings import Settings
from quality.nouns import counted_noun

ROWS_AT_ONCE = 20_000


@dataclass(frozen=True)
class Described:
    """A table as its database has it.

    sql: how SQL names it; types: its columns, each with the dialect's name of its type.
    """

    sql: str
    types: dict[str, str]


class DatabaseSource(ABC):
    """What the dialects share: describing a table, choosing changed rows, streaming and counting.

    A dialect opens its snapshot when made, and closes it with `close`. holds: the types that hold
    the values of each of the contract's without loss.
    """

    holds: ClassVar[dict[str, set[str]]]

    def __init__(self, url: URL) -> None:
        self.location = location_of(url)

    def notice(self) -> str | None:
        """Nothing: a database says nothing beside its tables."""
        return None

    @abstractmethod
    def close(self) -> None:
        """End the snapshot and the connection."""

    @abstractmethod
    def is_there(self, name: str) -> bool:
        """Whether the database has a table of a name where it is looked for."""

    @abstractmethod
    def describe(self, table: SourceTable, location: str) -> Described:
        """The table as the database has it. Raises SourceError, or a driver's error."""

    def reads_changes(self, table: SourceTable) -> bool:
        """Whether it can hand over changed rows alone: of every table with a watermark."""
        return table.watermark is not None

    @abstractmethod
    def quoted(self, name: str) -> str:
        """How SQL names a column."""

    @abstractmethod
    def names(self, query: str) -> list[str]:
        """The names of a query's columns. Raises a driver's error."""

    @abstractmethod
    def expression(self, column: SourceColumn, declared: str) -> str:
        """SQL of a column, whose type can hold the contract's, as text in the form of CSV."""

    @abstractmethod
    def changed_since(
        self,
        column: str,
        declared: str,
        since: datetime,
    ) -> str:
        """SQL of whether a watermark is of that time or later; may hold for earlier ones too."""

    @abstractmethod
    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Rows of a query, as batches of text columns."""

    @abstractmethod
    def rows(self, query: str) -> list[tuple[Any, ...]]:
        """Rows of a query that gives few. Raises a driver's error."""

    @abstractmethod
    def reason(self, error: Exception) -> str:
        """What a driver's error means and what to do, in plain words and without its message."""

    @abstractmethod
    def is_lost(self, error: Exception) -> bool:
        """Whether the database can no longer be read after an error."""

    def has_table(self, table: SourceTable) -> bool:
        """Whether there is such a table. Raises SourceError."""
        with self.explained(f"{self.location}, table {table.name}"):
            return self.is_there(table.name)

    def open_table(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: SourceTable,
        since: datetime | None = None,
    ) -> SourceRelation:
        """Describe a table and start its stream, which can be read once. Raises SourceError.

        Of a column whose type cannot hold the contract's, or that is not there, the stream has
        nulls; the relation's types say so.
        """
        location = f"{self.location}, table {table.name}"
        names = [column.name for column in table.columns]
        with self.explained(location):
            described = self.described(table, location)
            types = self.types_handed_over(table, described)
            cells = [self.cell(column, described, types) for column in table.columns]
            origin = described.sql
            whole = all(types.get(name) == "VARCHAR" for name in names)
            if since is not None and whole:
                origin += f" where {self.changed_keys(table, described, since)}"
            query = f"select {', '.join(cells)} from {origin}"
            self.rows(f"{query} limit 0")
        failure: list[SourceError] = []
        stream = self.stream(query, names, location, failure)
        schema = pa.schema([(name, pa.string()) for name in names])
        batches = pa.RecordBatchReader.from_batches(schema, stream)
        return SourceRelation(
            location,
            registered(connection, batches),
            types,
            is_text=True,
            explain=lambda _: failure[0] if failure else unreadable(location),
            confirm=lambda read: self.confirm(origin, read, location),
        )

    def described(self, table: SourceTable, location: str) -> Described:
        """The table, or the SQL that a map has for it, with the columns that the map adds."""
        if not isinstance(table, ForeignTable):
            return self.describe(table, location)
        if table.select is None:
            described = self.describe(table, location)
        else:
            selected = f"({table.select}) as selected"
            columns = self.names(f"select * from {selected} limit 0")
            described = Described(selected, dict.fromkeys(columns, RAW))
        if table.where is not None:
            kept = f"(select * from {described.sql} where {table.where}) as kept"
            described = Described(kept, described.types)
        if not table.expressions:
            return described
        added = [f"({sql}) as {self.quoted(name)}" for name, sql in table.expressions.items()]
        base = f"(select * from {described.sql}) as base"
        extended = f"(select base.*, {', '.join(added)} from {base})"
        types = described.types | dict.fromkeys(table.expressions, RAW)
        return Described(f"{extended} as extended", types)

    def marks(self, table: SourceTable, since: datetime | None) -> frozenset[tuple[str, ...]]:
        """What shows that rows of a table changed: key and watermark of those of late.

        since: from which watermark on, None of all. Of a table without a watermark these are all
        rows, without what is personal. Raises SourceError.
        """
        names = (
            [*table.key, table.watermark]
            if table.watermark
            else [column.name for column in table.columns if not column.pii]
        )
        location = f"{self.location}, table {table.name}"
        with self.explained(location):
            described = self.described(table, location)
            known = [self.quoted(name) for name in names if name in described.types]
            query = f"select {', '.join(known)} from {described.sql}"
            if since and table.watermark in described.types:
                watermark = self.quoted(table.watermark)
                later = self.changed_since(watermark, described.types[table.watermark], since)
                query += f" where {later} or {watermark} is null"
            return frozenset(tuple(map(str, row)) for row in self.rows(query))

    def types_handed_over(self, table: SourceTable, described: Described) -> dict[str, str]:
        """The type of each column: VARCHAR if it comes as text, its own type if it cannot."""
        types = dict.fromkeys(described.types, "VARCHAR")
        for column in table.columns:
            declared = described.types.get(column.name, "VARCHAR")
            fits = RAW in (declared, column.kind) or declared in self.holds[column.kind]
            if column.name in types and not fits:
                types[column.name] = declared
        return types

    def cell(
        self,
        column: SourceColumn,
        described: Described,
        types: dict[str, str],
    ) -> str:
        """SQL of a column as it is handed over, by its name."""
        name = self.quoted(column.name)
        if types.get(column.name) != "VARCHAR":
            return f"null as {name}"
        return f"{self.expression(column, described.types[column.name])} as {name}"

    def changed_keys(
        self,
        table: SourceTable,
        described: Described,
        since: datetime,
    ) -> str:
        """SQL of whether a row's key has a row that changed since, or is null in part.

        Rows without a whole key are always read.
        """
        parts = [self.quoted(part) for part in table.key]
        key = ", ".join(parts)
        nulls = " or ".join(f"{part} is null" for part in parts)
        watermark = self.quoted(str(table.watermark))
        watermark_type = described.types.get(str(table.watermark), "")
        later = self.changed_since(watermark, watermark_type, since)
        changed = f"select {key} from {described.sql} where {later} or {watermark} is null"
        return f"({key}) in ({changed}) or {nulls}"

    def stream(
        self,
        query: str,
        columns: list[str],
        location: str,
        failure: list[SourceError],
    ) -> Iterator[pa.RecordBatch]:
        """The batches of a query.

        An error is kept, for on its way through DuckDB it loses its type.
        """
        try:
            with self.explained(location):
                yield from self.batches(query, columns)
        except SourceError as error:
            failure.append(error)
            raise

    def confirm(self, origin: str, read: int, location: str) -> None:
        """Raise SourceError unless as many rows were read as the database counts."""
        with self.explained(location):
            [(counted,)] = self.rows(f"select count(*) from {origin}")
        if read != counted:
            raise SourceError(
                f"{location}: {counted_noun(read, 'row was', 'rows were')} read, but the database "
                f"counts {counted:,}; "
                "something on the way shortens what it hands over."
            )

    @contextmanager
    def explained(self, location: str) -> Iterator[None]:
        """Turn whatever a driver raises into a SourceError."""
        try:
            yield
        except (HealthIndexError, MemoryError):
            raise
        except Exception as error:  # noqa: BLE001 - whatever a driver raises is a source's error
            kind = SourceLostError if self.is_lost(error) else SourceError
            raise kind(f"{location}: {self.reason(error)}.") from None


def unreadable(location: str) -> SourceError:
    """A stream that broke without saying why."""
    return SourceError(f"{location} cannot be read to its end.")


def batch(rows: list[tuple[Any, ...]], columns: list[str]) -> pa.RecordBatch:
    """Fetched rows of text cells as one batch."""
    arrays = [pa.array(cells, pa.string()) for cells in zip(*rows, strict=True)]
    return pa.record_batch(arrays, names=columns)


def database_url(source: str, settings: Settings) -> URL:
    """The URL of a database with its password, which may stand in the settings.

    Raises UsageError.
    """
    url = read_url(source)
    password = source_password(settings)
    if password is not None and url.password is None:
        return url.set(password=password)
    return url


def location_of(url: URL) -> str:
    """The name of the database that a URL names, without credentials."""
    public = URL.create(url.get_backend_name(), None, None, url.host, url.port, url.database)
    return public.render_as_string()


def read_url(source: str) -> URL:
    """A text as a URL. Raises UsageError, which does not show it, where it is none."""
    try:
        return make_url(source)
    except (ArgumentError, ValueError):
        raise UsageError(
            "The source's URL cannot be read; expected for example postgresql://host/database."
        ) from None


def source_password(settings: Settings) -> str | None:
    """The password that the settings hold for the source.

    Raises UsageError where there are two, or its file cannot be read.
    """
    password, file = settings.source_password, settings.source_password_file
    if password is not None and file is not None:
        raise UsageError("Set UHI_SOURCE_PASSWORD or UHI_SOURCE_PASSWORD_FILE, not both.")
    if file is not None:
        return guarded.read_text(file, UsageError).rstrip("\r\n")
    if password is not None:
        return password.get_secret_value()
    return None
