"""The cells of a candidate's tables as text, to compare with the independent calculation."""

import duckdb

from quality.publication import published_tables

INTERVAL = {"rank_low", "rank_high"}


def cells(settings, period, table):
    """Rows of a candidate's table, every cell as text."""
    columns = [column for column in published_tables()[table].columns if column not in INTERVAL]
    file = settings.home.candidate(period) / "tables" / f"{table}.parquet"
    rows = duckdb.sql(
        f"select {', '.join(f'cast({column} as varchar)' for column in columns)} from '{file}'"
    ).fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]
