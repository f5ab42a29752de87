"""DuckDB as every package opens it: without its progress bar.

The bar would be printed among what a command prints.
"""

from functools import cache
from typing import Any

import duckdb


def connect(database: str = ":memory:", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection of its own, to a database in memory or a file."""
    connection = duckdb.connect(database, read_only=read_only)
    connection.execute("set enable_progress_bar = false")
    return connection


def reading() -> duckdb.DuckDBPyConnection:
    """A connection for reading files, in which nothing may be created.

    All of them share one database in memory, so that none waits for its own (20 ms); it keeps
    nothing of the files that were read.
    """
    return _shared().cursor()


def rows_as_dictionaries(result: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of a query that was executed, with their values by column."""
    columns = [column[0] for column in result.description or ()]
    return [dict(zip(columns, row, strict=True)) for row in result.fetchall()]


@cache
def _shared() -> duckdb.DuckDBPyConnection:
    connection = connect()
    connection.execute("set enable_external_file_cache = false")
    return connection
