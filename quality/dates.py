"""What the dates of each source table look like by themselves, so a first month can be judged too.

A platform that has no date may hand over a day that stands for "none". Every such day would count
as a fact: a union linked in 1900, a member who leaves in 9999.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Self

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


@dataclass(frozen=True)
class PossibleDays:
    """The days that a source may know of, besides the earliest one of each column.

    latest: the last one; placeholders: those that stand for no date.
    """

    latest: date
    placeholders: tuple[date, ...]

    @classmethod
    def of(cls, limits: Mapping[str, Any], as_of: date) -> Self:
        """Those of an as-of date.

        limits: up to how many `years_ahead` of it a day is possible, and the `placeholders`.
        """
        latest = date(as_of.year + limits["years_ahead"], 12, 31)
        return cls(latest, tuple(limits["placeholders"]))


def date_columns(
    connection: duckdb.DuckDBPyConnection,
    columns: Mapping[str, Sequence[ProfiledColumn]],
    possible: PossibleDays,
) -> pa.Table:
    """Judge the dates of accepted rows: one row for each column that the registry dates.

    is_watermark: whether it is the day of the row's last change, which a whole hand-over may share;
    filled: cells with a date; impossible: those before the column's earliest day, after the latest
    possible one, or one of the placeholders; example: the commonest of these; commonest,
    commonest_cells: the day that most cells share, and their number.
    """
    rows = []
    for table, profiled in columns.items():
        for column in profiled:
            if column.earliest:
                figures = dates_of(connection, table, column, possible)
                rows.append((table, column.name, column.is_watermark, *figures))
    by_name = [dict(zip(TYPE.names, row, strict=True)) for row in rows]
    return pa.Table.from_pylist(by_name, TYPE)


def dates_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    column: ProfiledColumn,
    possible: PossibleDays,
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
            "latest": possible.latest,
            "placeholders": list(possible.placeholders),
        },
    ).fetchall()
    return tuple(figures)
