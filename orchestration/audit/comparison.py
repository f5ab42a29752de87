"""Published figures compared with figures that are computed again.

Each figure is computed from the figures one step below it, the lowest from the landed rows. The
release's connection has the table `traced` here: the rows of union_index that are traced.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from orchestration.audit import calculation
from orchestration.audit.calculation import figure, units
from orchestration.audit.published import Published, Row
from orchestration.audit.recount import FACTS

RANKED_IN = {"city_rank": 4, "county_rank": 6}
STATUSES = ("observed", "missing", "not_applicable")
DIMENSIONS_OF_AREA = """
    select area.*, count(unions.rate) as unions,
        sum(unions.rate) as total_rate, sum(unions.points) as total_points
    from (select dimension, rate, points from area_dimension where area_code = $1) as area
    left join (from union_dimension semi join traced using (union_id)) as unions
        using (dimension)
    group by all
"""
INDICATORS_OF_AREA = """
    select area.*, count(unions.score) as unions,
        sum(unions.score) as total, list(unions.status) as statuses
    from (select * exclude (period, area_code) from area_indicator where area_code = $1) as area
    left join (from union_indicator semi join traced using (union_id)) as unions
        using (indicator)
    group by all
"""
DIMENSION_RANKS = """
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
"""


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
        place = None
        if index is not None:
            place = 1 + sum(other > index for other in indices)
        comparison.compare(row["area_code"], "rank", row["rank"], place)


def compare_area(published: Published, comparison: Comparison, area: Row) -> None:
    """Compare an area's figures with the counts and means of its unions' figures."""
    code = area["area_code"]
    [row] = published.rows(
        "select count(*) as unions, count(health_index) as measured, "
        "sum(health_index) as total from traced"
    )
    index = mean(row["total"], row["measured"])
    comparison.compare(code, "linked", area["linked"], row["unions"])
    comparison.compare(code, "health_index", area["health_index"], index)
    compare_area_dimensions(published, comparison, code)
    compare_area_indicators(published, comparison, code)


def compare_area_dimensions(published: Published, comparison: Comparison, code: str) -> None:
    """Compare an area's rates and points with the means of its unions' figures."""
    for row in published.rows(DIMENSIONS_OF_AREA, code):
        dimension = f"{code} {row['dimension']}"
        for column in ("rate", "points"):
            computed = mean(row[f"total_{column}"], row["unions"])
            comparison.compare(dimension, column, row[column], computed)


def compare_area_indicators(published: Published, comparison: Comparison, code: str) -> None:
    """Compare an area's counts and mean scores by indicator with those of its unions."""
    for row in published.rows(INDICATORS_OF_AREA, code):
        indicator = f"{code} {row['indicator']}"
        for status in STATUSES:
            counted = row["statuses"].count(status)
            comparison.compare(indicator, status, row[status], counted)
        score = mean(row["total"], row["unions"])
        comparison.compare(indicator, "mean_score", row["mean_score"], score)


def compare_dimension_ranks(published: Published, comparison: Comparison, area: Row) -> None:
    """Compare a county's ranks in the dimensions with its places by rate among the counties.

    Other areas have none.
    """
    code = area["area_code"]
    for row in published.rows(DIMENSION_RANKS, code):
        place = row["place"] if area["level"] == "county" else None
        comparison.compare(f"{code} {row['dimension']}", "rank", row["rank"], place)


def mean(total: Decimal | None, count: int) -> Decimal | None:
    """Mean of so many figures with that sum; None over none."""
    return None if total is None else figure(calculation.quotient(units(total), count))


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
