"""The published figures of single unions compared with those computed again.

They follow from the unions' values by the methodology. The release's connection has the table
`traced` here: the rows of union_index that are traced.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any

from orchestration.audit import calculation
from orchestration.audit.calculation import units
from orchestration.audit.comparison import Comparison
from orchestration.audit.published import Published

Scores = dict[str, int | None]
Key = tuple[str, str]


def compare_unions(published: Published, comparison: Comparison) -> None:
    """Compare the traced unions' scores, rates, points and indices with those computed again.

    They follow from the unions' values by the methodology.
    """
    unions = UnionComparison(published, comparison)
    query = f"select union_id, {in_units('health_index')} from traced"
    for union, index in published.connection.execute(query).fetchall():
        scores = unions.compare_scores(union)
        total = unions.compare_rates(union, scores)
        comparison.compare_units((union,), "health_index", index, total)


class UnionComparison:
    """Compares the figures of traced unions, in units of the fourth decimal."""

    def __init__(self, published: Published, comparison: Comparison) -> None:
        self.comparison = comparison
        self.indicators = published.indicators
        self.weights = weights_of(published.indicators)
        self.dimension_weights = weights_of(published.dimensions)
        knots = published.knots
        self.score_of = cache(lambda name, value: calculation.score(knots[name], value))
        self.of_indicators = figures_by_name(
            published,
            f"union_id, indicator, status, {in_units('value')}, {in_units('score')}",
            "union_indicator",
        )
        self.of_dimensions = figures_by_name(
            published,
            f"union_id, dimension, {in_units('rate')}, {in_units('points')}",
            "union_dimension",
        )

    def compare_scores(self, union: str) -> dict[str, Scores]:
        """Compare a union's scores; returns those computed again, by dimension and indicator."""
        scores: dict[str, Scores] = {dimension: {} for dimension in self.dimension_weights}
        for indicator, row in self.indicators.items():
            key = (union, indicator)
            status, value, score = self.of_indicators.get(key, (None, None, None))
            computed = None
            if status == "missing":
                computed = 0
            elif value is not None:
                computed = self.score_of(indicator, value)
            self.comparison.compare_units(key, "score", score, computed)
            scores[row["dimension"]][indicator] = computed
        return scores

    def compare_rates(self, union: str, scores: Mapping[str, Scores]) -> int | None:
        """Compare a union's rates and points; returns the sum of points, None where none are."""
        rates = {
            dimension: calculation.weighted_mean(of_dimension, self.weights)
            for dimension, of_dimension in scores.items()
        }
        mean_rate = calculation.weighted_mean(rates, self.dimension_weights)
        total = None
        for dimension, rate_of_itself in rates.items():
            rate = mean_rate if rate_of_itself is None else rate_of_itself
            points = calculation.points(self.dimension_weights[dimension], rate)
            if points is not None:
                total = points + (total or 0)
            key = (union, dimension)
            published_rate, published_points = self.of_dimensions.get(key, (None, None))
            self.comparison.compare_units(key, "rate", published_rate, rate)
            self.comparison.compare_units(key, "points", published_points, points)
        return total


def weights_of(rows: Mapping[str, Mapping[str, str]]) -> dict[str, int]:
    """The weights of indicators or dimensions by name, in units of the fourth decimal."""
    return {name: units(row["weight"]) for name, row in rows.items()}


def figures_by_name(
    published: Published,
    columns: str,
    table: str,
) -> dict[Key, tuple[Any, ...]]:
    """The figures of the traced unions in a table, by union and indicator or dimension.

    columns: in SQL, the union and the name first.
    """
    query = f"select {columns} from {table} semi join traced using (union_id)"
    rows = published.connection.execute(query).fetchall()
    return {(union, name): tuple(figures) for union, name, *figures in rows}


def in_units(column: str) -> str:
    """SQL of a figure in units of the fourth decimal."""
    return f"cast(cast({column} as decimal(38, 4)) * {calculation.UNITS} as hugeint)"
