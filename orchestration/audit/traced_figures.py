"""The published figures of what is traced: a union or an area, its dimensions and indicators."""

from orchestration.audit.comparison import Comparison, compare_area_ranks
from orchestration.audit.published import Published, Row
from orchestration.contract.parameters import parameters
from orchestration.errors import UsageError


def linked_union(published: Published, union: str) -> Row | None:
    """A linked union's row, without the period; None of one that is not linked."""
    found = published.rows("select * exclude (period) from union_index where union_id = $1", union)
    return found[0] if found else None


def the_area(published: Published, area: str) -> Row:
    """An area's row, without the period.

    Raises UsageError naming the areas that there are, townships where their county was meant.
    """
    if found := published.rows(
        "select * exclude (period) from area_index where area_code = $1", area
    ):
        return found[0]
    known = published.rows(
        "select area_code, name_zh, name_en from area_index "
        "where level <> 'township' or left(area_code, $1) = left($2, $1) order by area_code",
        parameters().county_code_length,
        area,
    )
    areas = ", ".join(" ".join(row.values()) for row in known)
    raise UsageError(f"{published.folder} has no area {area}; it has {areas}.")


def rank_interval(published: Published, area: str) -> Row | None:
    """The lowest and highest rank of a county where the weights vary; None of another area."""
    query = "select rank_low, rank_high from county_ranking where area_code = $1"
    found = published.rows(query, area)
    return found[0] if found else None


def the_indicator(published: Published, indicator: str) -> str:
    """The name of an indicator. Raises UsageError naming all where it is none."""
    if indicator in published.indicators:
        return indicator
    known = ", ".join(published.indicators)
    raise UsageError(f"{published.folder} has no indicator {indicator}; it has {known}.")


def siblings_of(
    published: Published,
    comparison: Comparison,
    area: Row,
) -> list[Row]:
    """The areas that an area is ranked among, itself too, by rank; none of the city.

    Their ranks are compared.
    """
    siblings = published.rows(
        "select area_code, name_zh, name_en, health_index, rank from area_index "
        "where level = $1 and level <> 'city' and (level = 'county' or starts_with(area_code, $2)) "
        "order by rank nulls last, area_code",
        area["level"],
        area["area_code"][: parameters().county_code_length],
    )
    compare_area_ranks(comparison, siblings)
    return siblings


def dimensions_of(
    published: Published,
    rows: str,
    code: str,
) -> list[Row]:
    """The dimensions of a union or area, with their names and weights; rows: from where, in SQL."""
    found = {row["dimension"]: row for row in published.rows(f"from {rows}", code)}
    dimensions = []
    for name in published.dimensions:
        row = found[name]
        columns = [column for column in ("rate", "points", "rank") if column in row]
        figures = {column: row[column] for column in columns}
        dimensions.append(named(published.dimensions, name) | figures)
    return dimensions


def indicators_of(
    published: Published,
    rows: str,
    code: str,
    columns: tuple[str, ...],
) -> list[Row]:
    """The indicators of a union or area, with names, weights and knots.

    Each with how many rows of each source table it counts.
    """
    found = {row["indicator"]: row for row in published.rows(f"from {rows}", code)}
    recounted = {row["indicator"] for row in published.rows("from indicators")}
    counts = row_counts(published)
    return [
        {
            "indicator": name,
            **named(published.indicators, name),
            "knots": knots_of(published, name),
            **{column: found[name][column] for column in columns},
            "rows": counts.get(name, {}) if name in recounted else None,
        }
        for name in published.indicators
    ]


def row_counts(published: Published) -> dict[str, dict[str, int]]:
    """How many rows count, by indicator and source table."""
    counts: dict[str, dict[str, int]] = {}
    query = (
        "select indicator, source_table, sum(row_count) as rows from counted_sums "
        "group by all order by all"
    )
    for row in published.rows(query):
        of_indicator = counts.setdefault(row["indicator"], {})
        of_indicator[row["source_table"]] = int(row["rows"])
    return counts


def knots_of(published: Published, indicator: str) -> list[Row]:
    """The knots of an indicator's scoring, as the methodology has them."""
    return [
        {"value": row["value"], "score": row["score"]}
        for row in published.methodology["scoring_knots"]
        if row["indicator"] == indicator
    ]


def named(rows: dict[str, dict[str, str]], name: str) -> Row:
    """What the methodology says of a dimension or indicator: its names and weight."""
    return {column: rows[name][column] for column in ("dimension", "name_zh", "name_en", "weight")}


def source_rows(published: Published) -> list[Row]:
    """The source rows that count, each with what it counts as and what it adds."""
    tables = published.connection.execute(
        "select distinct source_table from counted_sums order by all"
    ).fetchall()
    columns = "origin.table, key, landing_row, counts_as, numerator, denominator"
    return [
        row
        for (table,) in tables
        for row in published.rows(
            f"select {columns} from counted join {table} using (origin) order by landing_row"
        )
    ]
