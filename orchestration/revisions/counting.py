"""Revised rows and figures, counted by table and county."""

from typing import Any

import duckdb

from orchestration.home.records.revisions import FiguresRevised, IndexMove, RowsRevised
from quality.connection import rows_as_dictionaries

INDEX = "health_index"


def rows_revised(connection: duckdb.DuckDBPyConnection, period: str) -> tuple[RowsRevised, ...]:
    """The revised rows of a month by source table and county."""
    query = """
        select
            source_table as table, county_code as county,
            count(*) filter (change = 'added') as added,
            count(*) filter (change = 'changed') as changed,
            count(*) filter (change = 'gone') as gone,
            count(*) filter (not announced) as unannounced
        from revised_rows where period = $1
        group by all order by source_table, county_code nulls first
    """
    return tuple(RowsRevised(**row) for row in rows_of(connection, query, period))


def figures_revised(
    connection: duckdb.DuckDBPyConnection, period: str
) -> tuple[FiguresRevised, ...]:
    """The figures of a month that would move, by published table and county."""
    query = """
        select table_name as table, county_code as county, count(*) as figures
        from revised_figures where period = $1
        group by all order by table_name, county_code nulls first
    """
    return tuple(FiguresRevised(**row) for row in rows_of(connection, query, period))


def largest_move(connection: duckdb.DuckDBPyConnection, period: str) -> IndexMove | None:
    """The largest move of an index of a month, the first by table and code of several."""
    query = f"""
        select table_name as table, key as code, before, after, difference
        from revised_figures
        where period = $1 and column_name = '{INDEX}' and difference is not null
        order by abs(difference) desc, table_name, key limit 1
    """
    found = rows_of(connection, query, period)
    figures = ("before", "after", "difference")
    moves = [IndexMove(**row | {name: str(row[name]) for name in figures}) for row in found]
    return moves[0] if moves else None


def rows_of(connection: duckdb.DuckDBPyConnection, query: str, period: str) -> list[dict[str, Any]]:
    """The rows of a query about a month."""
    return rows_as_dictionaries(connection.execute(query, [period]))
