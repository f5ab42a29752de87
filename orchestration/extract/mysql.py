"""MySQL, MariaDB and what speaks their protocol as source: text casts in one read-only snapshot.

The session is set up so that no limit or mode of the server, or of its `init_connect`, shortens or
changes what it hands over, and a reading that the server warned about is refused.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, ClassVar

import pyarrow as pa
import pymysql
from pymysql.cursors import SSCursor
from sqlalchemy.engine import URL

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.errors import SourceError
from orchestration.extract.database import (
    ROWS_AT_ONCE,
    DatabaseSource,
    Described,
    batch,
    database_url,
)
from orchestration.extract.mysql_errors import ServerWarning, is_lost, reason_of
from orchestration.extract.source import RAW
from orchestration.extract.url_options import FLAG, TEXT, WHOLE, url_options
from orchestration.settings import Settings

INTEGERS = {"tinyint", "smallint", "mediumint", "int", "bigint"}
CONNECTION_OPTIONS: dict[str, Any] = {
    "charset": "utf8mb4",
    "cursorclass": SSCursor,
    "connect_timeout": 10,
    "read_timeout": 600,
}
OPTIONS = {
    "unix_socket": TEXT,
    "connect_timeout": WHOLE,
    "read_timeout": WHOLE,
    "read_default_file": TEXT,
    "read_default_group": TEXT,
    "ssl_ca": TEXT,
    "ssl_cert": TEXT,
    "ssl_key": TEXT,
    "ssl_disabled": FLAG,
    "ssl_verify_cert": FLAG,
    "ssl_verify_identity": FLAG,
}
UNLIMITED = "18446744073709551615"
SESSION = {
    "time_zone": "'+00:00'",
    "sql_mode": "'STRICT_ALL_TABLES'",
    "sql_auto_is_null": "0",
    "group_concat_max_len": "1073741824",
    "max_error_count": "64",
    "net_write_timeout": "600",
    "system_versioning_asof": "default",
}
TABLES = """
    select
        tables.table_schema,
        tables.table_schema = database(),
        tables.table_type = 'BASE TABLE' and coalesce(engines.transactions, 'NO') <> 'YES',
        tables.engine
    from information_schema.tables as tables
    left join information_schema.engines as engines on tables.engine = engines.engine
    where tables.table_name = %s
    order by tables.table_schema
"""
COLUMNS = """
    select column_name, data_type
    from information_schema.columns
    where table_schema = database() and table_name = %s
"""


class MysqlSource(DatabaseSource):
    """One connection, one transaction: what is read from all tables is of one moment."""

    holds: ClassVar = {
        "text": {
            "char",
            "varchar",
            "tinytext",
            "text",
            "mediumtext",
            "longtext",
            "enum",
            "uuid",
        },
        "bool": {*INTEGERS, "bit"},
        "int": {*INTEGERS, "decimal", "double"},
        "decimal": {*INTEGERS, "decimal"},
        "date": {"date", "datetime"},
        "timestamptz": {"datetime", "timestamp"},
    }

    def __init__(self, url: URL, settings: Settings) -> None:
        """Raise SourceError where the database cannot be opened, UsageError for wrong options."""
        super().__init__(url)
        options = CONNECTION_OPTIONS | url.translate_connect_args(username="user")
        options |= url_options(url, OPTIONS)
        with self.explained(self.location):
            self.connection = pymysql.connect(**options)
        with self.explained(self.location):
            self.set_up_session(settings)
            self.execute("set transaction isolation level repeatable read")
            self.execute("start transaction with consistent snapshot, read only")

    def set_up_session(self, settings: Settings) -> None:
        """Set what may change what is handed over, of what this server knows."""
        self.execute("set names utf8mb4")
        self.execute(f"set session sql_big_selects = 1, sql_select_limit = {UNLIMITED}")
        known = {name for name, _ in self.rows("show session variables")}
        local = SESSION | {"lock_wait_timeout": str(settings.source_lock_seconds)}
        for name, value in local.items():
            if name in known:
                self.execute(f"set session {name} = {value}")

    def execute(self, statement: str) -> None:
        """Run a statement that gives no rows."""
        with self.connection.cursor() as cursor:
            cursor.execute(statement)

    def rows(self, query: str, values: list[Any] | None = None) -> list[tuple[Any, ...]]:
        """Rows of a query that gives few."""
        with self.connection.cursor() as cursor:
            cursor.execute(query, values)
            return list(cursor.fetchall())

    def close(self) -> None:
        """End the snapshot and the connection."""
        if self.connection.open:
            self.connection.close()

    def is_there(self, name: str) -> bool:
        """Whether the database of the URL has a table of a name."""
        return any(is_here for _, is_here, *_ in self.rows(TABLES, [name]))

    def describe(self, table: SourceTable, location: str) -> Described:
        """The table in the database of the URL, with its columns and their types.

        Raises SourceError where there is none, or its engine takes no part in the snapshot.
        """
        found = self.rows(TABLES, [table.name])
        here = [(outside, engine) for _, is_here, outside, engine in found if is_here]
        if not here:
            others = ", ".join(schema for schema, *_ in found)
            where = f" in this database, but in {others}" if others else ""
            raise SourceError(f"{location}: there is no such table{where}.")
        [(outside, engine)] = here
        if outside:
            raise SourceError(
                f"{location}: its engine {engine} takes no part in the snapshot of all tables; "
                f"convert it (alter table {table.name} engine = InnoDB) or hand over files."
            )
        return Described(self.quoted(table.name), dict(self.rows(COLUMNS, [table.name])))

    def quoted(self, name: str) -> str:
        """How SQL names a column."""
        return "`" + name.replace("`", "``") + "`"

    def names(self, query: str) -> list[str]:
        """The names of a query's columns."""
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            return [name for name, *_ in cursor.description]

    def expression(self, column: SourceColumn, declared: str) -> str:
        """The column as text; truth, stored as 0 and 1, in words, and a moment with its zone."""
        name = self.quoted(column.name)
        text = f"cast({name} as char)"
        if declared == "bit" and column.kind == RAW:
            return f"cast({name} + 0 as char)"
        if column.kind == "bool":
            return f"case {name} when 0 then 'false' when 1 then 'true' else {text} end"
        if column.kind == "int" and declared not in INTEGERS:
            whole = f"cast(truncate({name}, 0) as char)"
            return f"case when {name} = truncate({name}, 0) then {whole} else {text} end"
        if column.kind == "date" and declared != "date":
            return rf"regexp_replace({text}, ' 00:00:00([.]0+)?$', '')"
        return f"concat({text}, '+00:00')" if declared == "timestamp" else text

    def changed_since(
        self,
        column: str,
        declared: str,
        since: datetime,
    ) -> str:
        """The watermark against the moment by the clock it is kept in."""
        moment = since.astimezone(city_zone() if declared == "datetime" else UTC)
        return f"{column} >= '{moment:%Y-%m-%d %H:%M:%S.%f}'"

    def batches(self, query: str, columns: list[str]) -> Iterator[pa.RecordBatch]:
        """Rows of an unbuffered cursor, many at a time. Raises ServerWarning after the last."""
        with self.connection.cursor() as cursor:
            cursor.execute(query)
            while rows := cursor.fetchmany(ROWS_AT_ONCE):
                yield batch(list(rows), columns)
        warned = {number for level, number, _ in self.rows("show warnings") if level != "Note"}
        if warned:
            raise ServerWarning(min(warned))

    def reason(self, error: Exception) -> str:
        """By the server's error number."""
        return reason_of(error)

    def is_lost(self, error: Exception) -> bool:
        """Whether the connection is gone."""
        return is_lost(error)


def open_source(source: str, settings: Settings) -> MysqlSource:
    """The database that a URL names. Raises UsageError, SourceError where it cannot be opened."""
    return MysqlSource(database_url(source, settings), settings)
