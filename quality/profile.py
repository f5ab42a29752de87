"""A profile of the accepted rows of each source table, column by column.

With it a month can be compared with the month before.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import duckdb
import pyarrow as pa

TYPE = pa.schema(
    [
        ("source_table", pa.string()),
        ("column_name", pa.string()),
        ("measure", pa.string()),
        ("code", pa.string()),
        ("rows", pa.int64()),
        ("figure", pa.decimal128(18, 4)),
    ]
)
NUMBERS = ("integer", "decimal")
CLOCK = "Asia/Shanghai"


@dataclass(frozen=True)
class ProfiledColumn:
    """A column of the landing.

    codes: those of an enumeration; count_repeats: whether repetitions of its values are counted;
    seldom_above: a column that it seldom exceeds; earliest: of dates and moments the first day that
    is thought possible, in ISO 8601; is_watermark: whether it says when the row was changed, of
    which nothing is compared with the month before.
    """

    name: str
    type: str
    codes: tuple[str, ...] = ()
    count_repeats: bool = False
    seldom_above: str | None = None
    earliest: str | None = None
    is_watermark: bool = False


def profile(
    connection: duckdb.DuckDBPyConnection, columns: Mapping[str, Sequence[ProfiledColumn]]
) -> pa.Table:
    """Profile the accepted rows; return a row for each measure of a column.

    A row is (source_table, column_name, measure, code, rows of the table, figure). Measures:

    - `filled`: per cent of the cells;
    - `share` of a code or of true: per cent of the filled cells;
    - `mean` and `highest` of numbers;
    - `above`: per cent of the rows that exceed the column that they seldom exceed;
    - `mean_day` of dates: since 1970-01-01;
    - `ahead` of dates: per cent later than the row's own change;
    - `mean_hour` of moments: by the city's clock;
    - where repetitions are counted, `repeated`: per cent of the filled cells whose value occurs
      more than once, `commonest`: per cent of the filled cells with the commonest value, and
      `crowd`: their number.
    """
    rows: list[tuple[object, ...]] = []
    for table, profiled in columns.items():
        compared = [column for column in profiled if not column.is_watermark]
        rows += profile_of(connection, table, compared)
    return pa.table(list(zip(*rows, strict=True)), schema=TYPE)


def profile_of(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    profiled: Sequence[ProfiledColumn],
) -> list[tuple[object, ...]]:
    """The rows of one table, as `profile` has them."""
    names = []
    expressions = []
    for column in profiled:
        for measure, code, expression in measures_of(column):
            names.append((column.name, measure, code))
            expressions.append(f"cast({expression} as decimal(18, 4))")
    query = f"""
        select count(*), {", ".join(expressions)}
        from (
            select *, {changed_on(connection, table)} as changed_on
            from accepted_{table}
        )
    """
    [(count, *figures)] = connection.execute(query).fetchall()
    rows: list[tuple[object, ...]] = []
    for name, figure in zip(names, figures, strict=True):
        rows.append((table, *name, count, figure))
    for column in profiled:
        if not column.count_repeats:
            continue
        for measure, figure in repeats(connection, table, column.name):
            rows.append((table, column.name, measure, "", count, figure))
    return rows


def changed_on(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """SQL of the day on which a row of a table changed; null where the table does not say so."""
    if "updated_at" not in connection.table(f"accepted_{table}").columns:
        return "cast(null as date)"
    return f"cast(timezone('{CLOCK}', updated_at) as date)"


def measures_of(column: ProfiledColumn) -> Iterator[tuple[str, str, str]]:
    """Measures of a column as (measure, code, aggregate)."""
    name = column.name
    yield "filled", "", f"100.0 * count({name}) / nullif(count(*), 0)"
    for code in column.codes:
        yield (
            "share",
            code,
            f"100.0 * count(*) filter ({name} = '{code}') / nullif(count({name}), 0)",
        )
    if column.type == "boolean":
        yield "share", "true", f"100.0 * count(*) filter ({name}) / nullif(count({name}), 0)"
    elif column.type.startswith(NUMBERS):
        yield "mean", "", f"avg({name})"
        yield "highest", "", f"max({name})"
        if column.seldom_above:
            yield (
                "above",
                "",
                f"100.0 * count(*) filter ({name} > {column.seldom_above}) / nullif(count(*), 0)",
            )
    elif column.type == "date":
        yield "mean_day", "", f"avg({name} - date '1970-01-01')"
        yield (
            "ahead",
            "",
            f"100.0 * count(*) filter ({name} > changed_on) / nullif(count({name}), 0)",
        )
    elif column.type == "timestamptz":
        yield "mean_hour", "", f"avg(extract(hour from timezone('{CLOCK}', {name})))"


def repeats(
    connection: duckdb.DuckDBPyConnection,
    table: str,
    column: str,
) -> list[tuple[str, object]]:
    """How often the values of a column repeat."""
    [counted] = connection.execute(f"""
        select
            cast(100.0 * coalesce(sum(cells) filter (cells > 1), 0) / sum(cells) as decimal(18, 4)),
            cast(100.0 * max(cells) / sum(cells) as decimal(18, 4)),
            cast(max(cells) as decimal(18, 4))
        from (
            select count(*) as cells
            from accepted_{table}
            where {column} is not null
            group by {column}
        )
    """).fetchall()
    return list(zip(("repeated", "commonest", "crowd"), counted, strict=True))
