"""Published figures compared with figures that are computed again.

Each figure is computed from the figures one step below it, the lowest from the landed rows. The
release's connection has the table `traced` here: the rows of union_index that are traced.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cache
from typing import Any

from orchestration.audit import calculation
from orchestration.audit.calculation import figure, units
from orchestration.audit.published import Published, Row
from orchestration.audit.recount import FACTS

RANKED_IN = {"city_rank": 4, "county_rank": 6}

Scores = dict[str, int | None]
Key = tuple[str, str]


@dataclass
class Comparison:
    """What was computed again: how many figures, and those that are published otherwise."""

    figures: int = 0
    differences: list[dict[str, Any]] = field(default_factory=list)

    def compare(
        self,
        of: str,
        what: str,
        published: object,
        computed: object,
    ) -> None:
        """Hold a published figure against the one computed again."""
        self.figures += 1
        if published != computed:
            self.differences.append(
                {"of": of, "figure": what, "published": published, "computed": computed}
            )

    def compare_units(
        self,
        of: tuple[str, ...],
        what: str,
        published: int | None,
        computed: int | None,
    ) -> None:
        """The same of figures in units of the fourth decimal; of: what it is of, in parts."""
        self.figures += 1
        if published != computed:
            self.differences.append(
                {
                    "of": " ".join(of),
                    "figure": what,
                    "published": figure(published),
                    "computed": figure(computed),
                }
            )


def compare_union_ranks(
    published: Published,
    comparison: Comparison,
    union: Row,
) -> dict[str, int]:
    """Compare a union's ranks with its places by index in city and county.

    Returns among how many it is ranked in each.
    """
    ranked = {}
    for rank, length in RANKED_IN.items():
        [row] = published.rows(
            "select count(health_index) as ranked, "
            "case when $2 is not null "
            "then 1 + count(*) filter (where health_index > $2) end as place "
            "from union_index where starts_with(township_code, $1)",
            union["township_code"][:length],
            union["health_index"],
        )
        comparison.compare(
            union["union_id"],
            rank,
            union[rank],
            row["place"],
        )
        ranked[rank] = row["ranked"]
    return ranked


def compare_area_ranks(comparison: Comparison, siblings: list[Row]) -> None:
    """Compare the ranks of the areas of one kind with their places by index among each other.

    Without an index there is none.
    """
    indices = [row["health_index"] for row in siblings if row["health_index"] is not None]
    for row in siblings:
        index = row["health_index"]
        comparison.compare(
            row["area_code"],
            "rank",
            row["rank"],
            None if index is None else 1 + sum(other > index for other in indices),
        )


def compare_area(published: Published, comparison: Comparison, area: Row) -> None:
    """Compare an area's figures with the counts and means of its unions' figures."""
    code = area["area_code"]
    [row] = published.rows(
        "select count(*) as unions, count(health_index) as measured, "
        "sum(health_index) as total from traced"
    )
    comparison.compare(
        code,
        "linked",
        area["linked"],
        row["unions"],
    )
    comparison.compare(
        code, "health_index", area["health_index"], mean(row["total"], row["measured"])
    )
    for row in published.rows(
        """
        select area.*, count(unions.rate) as unions,
            sum(unions.rate) as total_rate, sum(unions.points) as total_points
        from (select dimension, rate, points from area_dimension where area_code = $1) as area
        left join (from union_dimension semi join traced using (union_id)) as unions
            using (dimension)
        group by all
        """,
        code,
    ):
        for column in ("rate", "points"):
            comparison.compare(
                f"{code} {row['dimension']}",
                column,
                row[column],
                mean(row[f"total_{column}"], row["unions"]),
            )
    for row in published.rows(
        """
        select area.*, count(unions.score) as unions,
            sum(unions.score) as total, list(unions.status) as statuses
        from (select * exclude (period, area_code) from area_indicator where area_code = $1) as area
        left join (from union_indicator semi join traced using (union_id)) as unions
            using (indicator)
        group by all
        """,
        code,
    ):
        for status in ("observed", "missing", "not_applicable"):
            comparison.compare(
                f"{code} {row['indicator']}", status, row[status], row["statuses"].count(status)
            )
        comparison.compare(
            f"{code} {row['indicator']}",
            "mean_score",
            row["mean_score"],
            mean(row["total"], row["unions"]),
        )


def compare_dimension_ranks(published: Published, comparison: Comparison, area: Row) -> None:
    """Compare a county's ranks in the dimensions with its places by rate among the counties.

    Other areas have none.
    """
    for row in published.rows(
        """
        select mine.dimension, mine.rank,
            case when mine.rate is not null then 1 + count(higher.rate) end as place
        from area_dimension as mine
        left join (
            from area_dimension
            semi join (from area_index where level = 'county') using (area_code)
        ) as higher
            on mine.dimension = higher.dimension and mine.rate < higher.rate
        where mine.area_code = $1
        group by mine.dimension, mine.rank, mine.rate
        """,
        area["area_code"],
    ):
        place = row["place"] if area["level"] == "county" else None
        comparison.compare(
            f"{area['area_code']} {row['dimension']}",
            "rank",
            row["rank"],
            place,
        )


def mean(total: Decimal | None, count: int) -> Decimal | None:
    """Mean of so many figures with that sum; None over none."""
    return None if total is None else figure(calculation.quotient(units(total), count))


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


def compare_facts(published: Published, comparison: Comparison) -> None:
    """Compare the traced unions' facts, and which unions are linked, with the landed rows."""
    differing = " or ".join(f"published.{name} is distinct from recounted.{name}" for name in FACTS)
    columns = ", ".join(f"published.{name} as published_{name}, recounted.{name}" for name in FACTS)
    joined = """
        (
            from union_indicator
            semi join traced using (union_id)
            semi join indicators using (indicator)
        ) as published
        full join recounted using (union_id, indicator)
    """
    [row] = published.rows(f"select count(*) as compared from {joined}")
    comparison.figures += row["compared"] * len(FACTS)
    for row in published.rows(
        f"select union_id, indicator, {columns} from {joined} where {differing} "
        "order by union_id, indicator"
    ):
        comparison.differences += [
            {
                "of": f"{row['union_id']} {row['indicator']}",
                "figure": name,
                "published": row[f"published_{name}"],
                "computed": row[name],
            }
            for name in FACTS
            if row[f"published_{name}"] != row[name]
        ]


def compare_sample(published: Published, comparison: Comparison, area: Row) -> None:
    """Compare an area's frame and sampling rate with the frame that was recounted there."""
    [row] = published.rows(
        "select count(*) as frame, count(*) filter (where is_linked) as linked from frame"
    )
    rate = None
    if row["frame"]:
        linked_percent = calculation.UNITS * 100 * row["linked"]
        rate = figure(calculation.quotient(linked_percent, row["frame"]))
    comparison.compare(
        area["area_code"],
        "frame",
        area["frame"],
        row["frame"],
    )
    comparison.compare(
        area["area_code"],
        "sampling_rate",
        area["sampling_rate"],
        rate,
    )


def compare_keys(
    published: Published,
    comparison: Comparison,
    tables: Iterable[str],
) -> None:
    """No key of a source table counts twice, however often it was landed."""
    for table in tables:
        query = (
            f"select key, count(*) as rows from {table} where key_rows > 1 "
            "group by all order by all"
        )
        for row in published.rows(query):
            comparison.compare(
                f"{table} {row['key']}",
                "rows that count",
                1,
                row["rows"],
            )
