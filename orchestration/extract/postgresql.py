"""PostgreSQL as source: COPY of text casts in one read-only, repeatable-read transaction.

The session is set up so that nothing is hidden in silence: row-level policies raise an error
(`row_security = off`), and only tables whose rows this server holds itself are read.
"""

import io
from collections.abc import Iterator
from datetime import datetime
from typing import Any, ClassVar

import psycopg
import pyarrow as pa
import pyarrow.csv
from psycopg import pq, sql
from sqlalchemy.engine import URL

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.errors import SourceError
from orchestration.extract.database import DatabaseSource, Described, database_url
from orchestration.extract.postgresql_errors import is_lost, reason_of
from orchestration.extract.url_options import TEXT, url_options
from orchestration.settings import Settings

INTEGERS = {"int2", "int4", "int8"}
BLOCK_BYTES = 1 << 20
REFUSED_OPTIONS = {"client_encoding", "replication"}
CONNECTION_OPTIONS = {
    "connect_timeout": 10,
    "keepalives_idle": 30,
    "keepalives_interval": 10,
    "keepalives_count": 3,
    "tcp_user_timeout": 60_000,
    "application_name": "union-health-index",
}
OWN_OPTIONS = {"client_encoding": "UTF8", "prepare_threshold": None}
SESSION = {
    "row_security": "off",
    "client_encoding": "UTF8",
    "timezone": "UTC",
    "datestyle": "ISO, YMD",
    "intervalstyle": "postgres",
    "extra_float_digits": "1",
    "standard_conforming_strings": "on",
    "transform_null_equals": "off",
}
SEARCH_PATH = "?options=-csearch_path%3DSCHEMA"
HIDING_SETTINGS = ["zero_damaged_pages", "ignore_checksum_failure"]
RELATIONS = """
    select namespaces.nspname, relations.relkind = 'f', relations.oid::bigint
    from pg_catalog.pg_class as relations
    inner join pg_catalog.pg_namespace as namespaces on relations.relnamespace = namespaces.oid
    where
        relations.relname = %s
        and relations.relkind in ('r', 'p', 'v', 'm', 'f')
        and namespaces.nspname not in ('pg_catalog', 'information_schema')
    order by namespaces.nspname
"""
COLUMNS = """
    with recursive columns as (
        select attname, atttypid as type
        from pg_catalog.pg_attribute
        where attrelid = %s and attnum > 0 and not attisdropped
        union all
        select columns.attname, types.typbasetype
        from columns
        inner join pg_catalog.pg_type as types on columns.type = types.oid
        where types.typtype = 'd'
    )
    select
        columns.attname,
        case
            when types.typtype = 'e' then 'enum'
            when namespaces.nspname = 'pg_catalog' or types.typname = 'citext' then types.typname
            else namespaces.nspname || '.' || types.typname
        end
    from columns
    inner join pg_catalog.pg_type as types on columns.type = types.oid
    inner join pg_catalog.pg_namespace as namespaces on types.typnamespace = namespaces.oid
    where types.typtype <> 'd'
"""


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
    """One connection, one transaction: what is read from all tables is of one moment.

    Each table is read behind a savepoint, so that an error in one leaves the others readable.
    """

    holds: ClassVar = {
        "text": {"text", "varchar", "bpchar", "name", "citext", "uuid", "enum"},
        "bool": {"bool", *INTEGERS},
        "int": {*INTEGERS, "numeric", "float8"},
        "decimal": {*INTEGERS, "numeric"},
        "date": {"date", "timestamp"},
        "timestamptz": {"timestamptz", "timestamp"},
    }

    def __init__(self, url: URL, settings: Settings) -> None:
        """Raise SourceError where the database cannot be opened, UsageError for wrong options."""
        super().__init__(url)
        keywords = {each.keyword.decode() for each in pq.Conninfo.get_defaults()}
        options: dict[str, Any] = CONNECTION_OPTIONS | url.translate_connect_args(
            username="user", database="dbname"
        )
        options |= url_options(url, dict.fromkeys(keywords - REFUSED_OPTIONS, TEXT))
        with self.explained(self.location):
            self.connection = psycopg.connect(**options | OWN_OPTIONS)
        with self.explained(self.location):
            self.connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            self.connection.read_only = True
            path = self.connection.execute("select pg_catalog.current_schemas(false)")
            [(self.schemas,)] = path.fetchall()
            self.set_up_session(settings)
            self.refuse_hiding_server()

    def set_up_session(self, settings: Settings) -> None:
        """Fix all session settings that can change what is handed over.

        The server, the role and the URL cannot override them.
        """
        path = ["pg_catalog", *self.schemas]
        local = SESSION | {"lock_timeout": f"{settings.source_lock_seconds}s"}
        statements = [f"set local {name} = '{value}'" for name, value in local.items()]
        for statement in statements:
            self.connection.execute(statement.encode())
        names = sql.SQL(", ").join(map(sql.Identifier, path))
        self.connection.execute(sql.SQL("set local search_path = {}").format(names))

    def refuse_hiding_server(self) -> None:
        """Raise SourceError where the server is set to go on over damaged pages."""
        for name in HIDING_SETTINGS:
            [(state,)] = self.rows(f"show {name}")
            if state == "on":
                raise SourceError(
                    f"{self.location}: the server's setting {name} is on, "
                    "which hides the rows of damaged pages; switch it off."
                )

    def close(self) -> None:
        """End the snapshot and the connection."""
        self.connection.close()

    def rows(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query that gives few; an error leaves the transaction usable."""
        with self.connection.transaction():
            return self.connection.execute(query.encode(), values).fetchall()

    def is_there(self, name: str) -> bool:
        """Whether one of the session's schemas has a relation of a name."""
        return any(schema in self.schemas for schema, *_ in self.rows(RELATIONS, [name]))

    def describe(self, table: SourceTable, location: str) -> Described:
        """The table of that name in the session's schemas, with its columns and their types.

        Raises SourceError where there is none, or several, or its rows lie on another server.
        """
        found = {schema: rest for schema, *rest in self.rows(RELATIONS, [table.name])}
        near = [schema for schema in self.schemas if schema in found]
        if not near:
            raise SourceError(f"{location}: there is no such table{self.elsewhere(found)}.")
        if len(near) > 1:
            raise SourceError(
                f"{location}: there is one in each of the schemas {', '.join(near)}; "
                f"name the right one in the URL: {SEARCH_PATH}."
            )
        [schema] = near
        is_foreign, number = found[schema]
        if is_foreign:
            raise SourceError(
                f"{location}: it is a foreign table, whose rows are not of this server's snapshot; "
                "read the server that holds them, or copy them to a table here."
            )
        name = sql.Identifier(schema, table.name).as_string(self.connection)
        return Described(name, dict(self.rows(COLUMNS, [number])))

    def elsewhere(self, found: dict[str, Any]) -> str:
        """Where tables of a name lie that the session's schemas lack, and how to read them."""
        schemas = ", ".join(self.schemas) or "none"
        if not found:
            return f" in the database (schemas searched: {schemas})"
        return (
            f" in the schemas searched ({schemas}), but in {', '.join(found)}; "
            f"name the schema in the URL: {SEARCH_PATH}"
        )

    def quoted(self, name: str) -> str:
        """How SQL names a column."""
        return sql.Identifier(name).as_string(self.connection)

    def names(self, query: str) -> list[str]:
        """The names of a query's columns."""
        with self.connection.transaction():
            described = self.connection.execute(query.encode()).description or []
        return [column.name for column in described]

    def expression(self, column: SourceColumn, declared: str) -> str:
        """The column as PostgreSQL writes it; padding of fixed-width text is none of the value."""
        name = self.quoted(column.name)
        text = f"{name}::text"
        if column.kind == "bool" and declared != "bool":
            return f"case {name} when 0 then 'false' when 1 then 'true' else {text} end"
        if column.kind == "int" and declared not in INTEGERS:
            return f"case when {name} = floor({name}) then floor({name})::text else {text} end"
        if column.kind == "date" and declared != "date":
            return f"regexp_replace({text}, ' 00:00:00$', '')"
        return text

    def changed_since(
        self,
        column: str,
        declared: str,
        since: datetime,
    ) -> str:
        """The watermark as a moment, zone-less ones by the city's clock."""
        moment = f"{column} at time zone '{city_zone()}'" if declared == "timestamp" else column
        return f"{moment} >= '{since.isoformat()}'"

    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """COPY as CSV, read by Arrow: null is an empty cell without quotes."""
        statement = f"copy ({query}) to stdout (format csv, header)".encode()
        cells = pyarrow.csv.ConvertOptions(
            column_types=dict.fromkeys(columns, pa.string()),
            null_values=[""],
            strings_can_be_null=True,
            quoted_strings_can_be_null=False,
        )
        with (
            self.connection.transaction(),
            self.connection.cursor() as cursor,
            cursor.copy(statement) as copy,
        ):
            yield from pyarrow.csv.open_csv(
                pa.PythonFile(CopiedBytes(copy), mode="r"),
                read_options=pyarrow.csv.ReadOptions(block_size=BLOCK_BYTES, use_threads=False),
                parse_options=pyarrow.csv.ParseOptions(
                    newlines_in_values=True, ignore_empty_lines=False
                ),
                convert_options=cells,
            )

    def reason(self, error: Exception) -> str:
        """By the error's SQLSTATE, or what libpq says of a connection."""
        return reason_of(error)

    def is_lost(self, error: Exception) -> bool:
        """Whether the connection is gone."""
        return is_lost(error)


def open_source(source: str, settings: Settings) -> PostgresqlSource:
    """The database that a URL names. Raises UsageError, SourceError where it cannot be opened."""
    return PostgresqlSource(database_url(source, settings), settings)
