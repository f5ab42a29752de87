"""DuckDB as every room opens it: without the progress bar that it would print among what a command prints."""

import duckdb


def connect(database: str = ":memory:", *, read_only: bool = False) -> duckdb.DuckDBPyConnection:
    """A connection of its own, to a database in memory or a file."""
    connection = duckdb.connect(database, read_only=read_only)
    connection.execute("set enable_progress_bar = false")
    return connection
