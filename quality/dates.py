"""What the dates of each source table look like by themselves, so a first month can be judged too.

A platform that has no date may hand over a day that stands for "none". Every such day would count
as a fact: a union linked in 1900, a member who leaves in 9999.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any

import duckdb
import pyarrow as pa

from quality.profile import CLOCK, ProfiledColumn

TYPE = pa.schema(
    [
        ("source_table", pa.string()),
        ("column_name", pa.string()),
        ("is_watermark", pa.bool_()),
        ("filled", pa.int64()),
        ("impossible", pa.int64()),
        ("example", pa.date32()),
        ("commonest", pa.date32()),
        ("commonest_cells", pa.int64()),
    ]
)


def date_columns(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, list[ProfiledColumn]],
    as_of: date,
    limits: Mapping[str, Any],
) -> pa.Table:
    """Judge the dates of accepted rows: one row for each column that the registry dates.

    is_watermark: whether it is the day of the row's last change, which a whole hand-over may share;
    filled: cells with a date; impossible: those before the column's earliest day, more than
    `years_ahead` years after the as-of date, or one of `placeholders`; example: the commonest of
    these; commonest, commonest_cells: the day that most cells share, and their number.
    """
    latest = date(as_of.year + limits["years_ahead"], 12, 31)
    rows = [
        (
            table,
            column.name,
            column.is_watermark,
            *dates_of(connection, table, column, latest, limits["placeholders"]),
        )
        for table, profiled in columns.items()
        for column in profiled
        if column.earliest
    ]
    return pa.table(list(zip(*rows, strict=True)), schema=TYPE)


def dates_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    column: ProfiledColumn,
    latest: date,
    placeholders: list[date],
) -> tuple[object, ...]:
    """The figures of one column, as `date_columns` names them."""
    by_clock = f"timezone('{CLOCK}', {column.name})"
    moment = by_clock if column.type == "timestamptz" else column.name
    [figures] = connection.execute(
        f"""
        with days as (
            select
                cast({moment} as date) as day,
                count(*) as cells
            from accepted_{table}
            where {column.name} is not null
            group by day
        ),

        judged as (
            select
                *,
                day < $earliest
                or day > $latest
                or list_contains($placeholders, day) as is_impossible
            from days
        )

        select
            coalesce(sum(cells), 0),
            coalesce(sum(cells) filter (where is_impossible), 0),
            arg_max(day, (cells, day)) filter (where is_impossible),
            arg_max(day, (cells, day)),
            coalesce(max(cells), 0)
        from judged
        """,
        {
            "earliest": date.fromisoformat(column.earliest or ""),
            "latest": latest,
            "placeholders": placeholders,
        },
    ).fetchall()
    return tuple(figures)
