"""From a source and a methodology to the tables of results.md, period after period.

Here belongs the order of things: which month's result is the history of the next, which rows make
up which table, and how exact figures are at last written as text.
"""

from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from pathlib import Path

from tests.reference.alerts import judge
from tests.reference.areas import (
    area_dimension,
    area_index,
    area_indicator,
    by_area,
    county_ranking,
    population_change,
    ranks,
    ranks_within,
)
from tests.reference.contract import Row
from tests.reference.exact import decimal_text, difference
from tests.reference.intake import read_source
from tests.reference.methodology import Methodology, read_methodology
from tests.reference.quality import data_quality
from tests.reference.spans import Span, month_before
from tests.reference.unions import City, Result

Tables = dict[str, list[dict[str, str | None]]]

COLUMNS = {
    "union_indicator": "union_id indicator status numerator denominator value score",
    "union_dimension": "union_id dimension rate points",
    "union_index": (
        "union_id enterprise_id name_zh township_code county_code health_index index_change "
        "city_rank county_rank months_yellow health_code"
    ),
    "area_index": (
        "area_code level name_zh name_en frame linked sampling_rate health_index index_change "
        "rank previous_rank green yellow red"
    ),
    "area_dimension": "area_code dimension rate points rank",
    "area_indicator": "area_code indicator observed missing not_applicable mean_score",
    "county_ranking": "rank previous_rank area_code name_zh name_en health_index sampling_rate",
    "alert": "union_id rule level dimension observed threshold opened_period months_open",
    "population_change": "area_code opened resumed converted relocated suspended merged closed",
    "data_quality": (
        "area_code observed missing completeness landed refused conformity conflicting consistency "
        "dated days_late timeliness score"
    ),
}
"""The columns of each table after its period (results.md, Tables).

The interval of a county's rank is not among them.
"""


@dataclass
class Stored:
    """The result of one period as later periods look back on it."""

    span: Span
    methodology: Methodology
    tables: dict[str, list[Row]]

    def areas(self) -> dict[str, Row]:
        """Give the area_index rows by area."""
        return {row["area_code"]: row for row in self.tables["area_index"]}

    def union(self, union_id: str) -> tuple[Row, list[Row]] | None:
        """Give a union's index row and alerts, nothing if it has no row."""
        own = [row for row in self.tables["union_index"] if row["union_id"] == union_id]
        if not own:
            return None
        return own[0], [row for row in self.tables["alert"] if row["union_id"] == union_id]


def calculate(
    source_folder: Path | str,
    methodology_folder: Path | str,
    periods: list[str],
    as_of: date | None = None,
) -> dict[str, Tables]:
    """Calculate periods in the order given, each with the result of the month before.

    That stored result is the period's history. An `as_of` before the end of its month makes that
    period provisional. Cells are text, null is None.
    """
    city = City(read_source(source_folder))
    history: dict[str, Stored] = {}
    for period in periods:
        methodology = read_methodology(methodology_folder, period)
        span = Span.of(period, methodology.window_months, as_of)
        before = history.get(month_before(period))
        if before is not None and before.span.provisional:
            before = None
        history[period] = Stored(span, methodology, _tables(city, span, methodology, before))
    return {period: _written(period, stored.tables) for period, stored in history.items()}


def _tables(
    city: City, span: Span, methodology: Methodology, before: Stored | None
) -> dict[str, list[Row]]:
    """Make all tables of a period, with exact figures."""
    results = city.results(span, methodology)
    comparable = (
        before is not None and replace(before.methodology, name=methodology.name) == methodology
    )
    union_rows, alerts = _union_index(
        city, span, methodology, results, before, comparable=comparable
    )
    health_codes = {row["union_id"]: row["health_code"] for row in union_rows}
    areas = by_area(city, results)
    earlier_areas = before.areas() if before else None
    index_rows = area_index(city, span, areas, health_codes, earlier_areas, comparable=comparable)
    return {
        "union_indicator": [row for result in results for row in _indicator_rows(result)],
        "union_dimension": [row for result in results for row in _dimension_rows(result)],
        "union_index": union_rows,
        "area_index": index_rows,
        "area_dimension": area_dimension(city, areas, methodology),
        "area_indicator": area_indicator(areas, methodology),
        "county_ranking": county_ranking(index_rows),
        "alert": alerts,
        "population_change": population_change(city, span),
        "data_quality": data_quality(city, span, results),
    }


def _union_index(
    city: City,
    span: Span,
    methodology: Methodology,
    results: list[Result],
    before: Stored | None,
    *,
    comparable: bool,
) -> tuple[list[Row], list[Row]]:
    """Make the union_index rows and the alerts."""
    indices = {result.unit.union["union_id"]: result.index for result in results}
    enterprises = {result.unit.union["union_id"]: result.unit.enterprise for result in results}
    counties = {
        union_id: enterprise["region_code"][:6] for union_id, enterprise in enterprises.items()
    }
    city_ranks, county_ranks = ranks(indices), ranks_within(indices, counties)
    rows, alerts = [], []
    for result in results:
        union_id, enterprise = result.unit.union["union_id"], result.unit.enterprise
        earlier = before.union(union_id) if before else None
        change = difference(
            result.index, earlier[0]["health_index"] if earlier and comparable else None
        )
        months_yellow, health_code, own_alerts = judge(
            result, change, earlier, methodology, span.period
        )
        alerts += own_alerts
        rows.append(
            {
                "union_id": union_id,
                "enterprise_id": enterprise["enterprise_id"],
                "name_zh": enterprise["name_zh"],
                "township_code": enterprise["region_code"],
                "county_code": counties[union_id],
                "health_index": result.index,
                "index_change": change,
                "city_rank": city_ranks[union_id],
                "county_rank": county_ranks[union_id],
                "months_yellow": months_yellow,
                "health_code": health_code,
            },
        )
    return rows, alerts


def _indicator_rows(result: Result) -> list[Row]:
    """Make a union's rows of union_indicator."""
    return [
        {
            "union_id": result.unit.union["union_id"],
            "indicator": indicator,
            "status": reading.status,
            "numerator": reading.numerator,
            "denominator": reading.denominator,
            "value": reading.value,
            "score": result.scores[indicator],
        }
        for indicator, reading in sorted(result.readings.items())
    ]


def _dimension_rows(result: Result) -> list[Row]:
    """Make a union's rows of union_dimension."""
    union_id = result.unit.union["union_id"]
    return [
        {
            "union_id": union_id,
            "dimension": dimension,
            "rate": rate,
            "points": result.points[dimension],
        }
        for dimension, rate in sorted(result.rates.items())
    ]


def _written(period: str, tables: dict[str, list[Row]]) -> Tables:
    """Write every cell as text, null as None, columns in the order of results.md."""
    return {
        table: [
            {"period": period, **{column: _text(row[column]) for column in COLUMNS[table].split()}}
            for row in rows
        ]
        for table, rows in tables.items()
    }


def _text(cell: str | int | Fraction | None) -> str | None:
    """Write one cell: counts, ranks and months as integers, other numbers with four decimals."""
    if isinstance(cell, Fraction):
        return decimal_text(cell)
    return None if cell is None else str(cell)
