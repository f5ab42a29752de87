"""The unions' indices of one release, scored by the methodology of another.

They are scored exactly as the contract scores (Scores, dimensions, index): by its knots and
weights, on the values as they were measured. What acts on the measuring (windows, limits, grades),
and indicators that only one of the methodologies has, cannot be told apart from the data.
"""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa

from orchestration.build.warehouse import sql_path
from orchestration.contract.methodology import Row, rows_of_version
from orchestration.home.records.verdict import Verdict

UNITS = 10_000
FULL_POINTS = 100
SCORING = ("dimensions", "indicators", "scoring_knots")
SCORED_BY = ("dimension", "indicator", "weight", "value", "score")

Knots = Sequence[tuple[Fraction, Fraction]]


def rescore(connection: duckdb.DuckDBPyConnection, before: Path, after: Path) -> None:
    """Make the table `rescored`: union_id, units.

    The indices of a release, in units of the fourth decimal, by a later one's methodology.

    The connection has the macro `quotient`.
    """
    scoring = scoring_of(after)
    if scoring_of(before) == scoring:
        unions = f"read_parquet('{sql_path(before / 'internal' / 'union_index.parquet')}')"
        units = in_units("health_index")
        connection.execute(
            f"create or replace table rescored as select union_id, {units} as units from {unions}"
        )
        return
    values = f"read_parquet('{sql_path(before / 'internal' / 'union_indicator.parquet')}')"
    measured = connection.execute(
        f"select distinct indicator, value from {values} where status = 'observed'"
    ).fetchall()
    connection.register("new_score", scores_of(scoring["scoring_knots"], measured))
    connection.register("new_dimension", weights_of(scoring["dimensions"]))
    connection.register("new_indicator", weights_of(scoring["indicators"]))
    connection.execute(f"""
        create or replace table rescored as
        with
        measured as (
            select
                union_id, dimension, cast(weight as hugeint) as weight,
                cast(
                    case when status = 'missing' then 0 else new_score.score end as hugeint
                ) as score
            from {values}
            inner join new_indicator using (indicator)
            left join new_score using (indicator, value)
            where status <> 'not_applicable'
        ),
        rates as (
            select union_id, dimension, quotient(sum(weight * score), sum(weight)) as rate
            from measured
            group by all
        ),
        weighted as (
            select union_id, rate, cast(weight as hugeint) as weight
            from rates
            inner join new_dimension using (dimension)
        ),
        means as (
            select union_id, quotient(sum(weight * rate), sum(weight)) as rate
            from weighted
            group by union_id
        )
        select
            union_id,
            sum(
                quotient(
                    new_dimension.weight * coalesce(rates.rate, means.rate), {FULL_POINTS * UNITS}
                )
            ) as units
        from means
        cross join new_dimension
        left join rates using (union_id, dimension)
        group by union_id
    """)


def in_units(figure: str) -> str:
    """SQL of a figure in units of the fourth decimal; narrow decimals are widened first."""
    return f"cast(cast({figure} as decimal(38, 4)) * {UNITS} as hugeint)"


def scoring_of(release: Path) -> dict[str, list[Row]]:
    """The dimensions, indicators and knots that a release scores by, without names and order."""
    name = Verdict.read(release / "verdict.json").methodology.name
    tables = rows_of_version(release / "internal" / "methodology", name, SCORING)
    return {
        table: [scored_by(row) for row in sorted_by_cells(rows)] for table, rows in tables.items()
    }


def sorted_by_cells(rows: Sequence[Row]) -> list[Row]:
    """Rows in an order that does not depend on that of their file.

    The knots of an indicator by value.
    """
    return sorted(
        rows,
        key=lambda row: (
            row.get("dimension", ""),
            row.get("indicator", ""),
            Decimal(row.get("value", 0)),
        ),
    )


def scored_by(row: Row) -> Row:
    """The cells of a row that scores depend on."""
    return {column: row[column] for column in SCORED_BY if column in row}


def weights_of(rows: Sequence[Row]) -> pa.Table:
    """Indicators or dimensions with their weights, in units of the fourth decimal."""
    return pa.Table.from_pylist(
        [{**row, "weight": int(Decimal(row["weight"]) * UNITS)} for row in rows]
    )


def scores_of(rows: Sequence[Row], measured: Sequence[tuple[str, Decimal]]) -> pa.Table:
    """The score of each measured value, in units of the fourth decimal.

    Only values of indicators that have knots are scored.
    """
    knots: dict[str, list[tuple[Fraction, Fraction]]] = defaultdict(list)
    for row in rows:
        knots[row["indicator"]].append((Fraction(row["value"]), Fraction(row["score"])))
    scored = [
        (indicator, value, score(knots[indicator], value))
        for indicator, value in measured
        if indicator in knots
    ]
    types = (pa.string(), pa.decimal128(38, 4), pa.int64())
    columns = zip(*scored, strict=True) if scored else ([], [], [])
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(columns, types, strict=True)],
        names=["indicator", "value", "score"],
    )


def score(knots: Knots, value: Decimal) -> int:
    """The score of a value, in units of the fourth decimal, rounded half up.

    It is linear between the knots and flat beyond them.
    """
    at = Fraction(value)
    if at <= knots[0][0]:
        exact = knots[0][1]
    elif at >= knots[-1][0]:
        exact = knots[-1][1]
    else:
        (low, low_score), (high, high_score) = next(
            pair for pair in pairwise(knots) if at < pair[1][0]
        )
        exact = low_score + (high_score - low_score) * (at - low) / (high - low)
    return int((2 * exact * UNITS + 1) // 2)
