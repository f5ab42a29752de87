"""`uhi trace`: from a published rank or index down to the landed rows that it was made of.

Each step is computed again and compared.
"""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from orchestration.audit import unmeasured
from orchestration.audit.comparison import (
    Comparison,
    compare_area,
    compare_area_ranks,
    compare_dimension_ranks,
    compare_facts,
    compare_keys,
    compare_sample,
    compare_union_ranks,
)
from orchestration.audit.grades import grades
from orchestration.audit.landed import LandedFile, landed_for
from orchestration.audit.movement import movements_of
from orchestration.audit.published import Published, Row, open_release
from orchestration.audit.recount import FACTS, landed_files, recount
from orchestration.audit.refusals import refusals, tables_with_refusals
from orchestration.audit.union_comparison import compare_unions
from orchestration.contract.parameters import parameters
from orchestration.errors import UsageError
from orchestration.release.context import sums_digest

SCORED = (*FACTS, "score")


def trace_union(
    release: Path,
    landing: Path,
    union: str,
    indicator: str | None = None,
) -> dict[str, Any]:
    """What a union's index is made of, as JSON.

    Of one indicator every row that it counts, else how many rows each one counts.

    landing: a home, or the intake's folder. Raises UsageError where the release has no such union
    or indicator, or the landing is not there; VerificationError where the release or the landing
    has been changed. Figures that differ are among what is returned.

    Of a union that is not linked, but that the landing has, why it is not measured instead: its
    `union` is null.
    """
    with open_release(release) as published, ThreadPoolExecutor() as pool:
        found = linked_union(published, union)
        if found is None:
            return unmeasured_union(published, landing, union)
        indicators = (
            list(published.indicators)
            if indicator is None
            else [the_indicator(published, indicator)]
        )
        verifying = pool.submit(landed_files, published, landing, indicators)
        comparison = Comparison()
        published.connection.execute(
            "create temp table traced as select * from union_index where union_id = $1", [union]
        )
        ranked_among = compare_union_ranks(published, comparison, found)
        compare_unions(published, comparison)
        landed = verifying.result()
        recount(
            published,
            landed,
            indicators,
            "source.enterprise_id = getvariable('traced')",
            found["enterprise_id"],
        )
        compare_facts(published, comparison)
        return {
            **heading(published),
            "union": {**found, "ranked_among": ranked_among},
            "dimensions": dimensions_of(published, "union_dimension where union_id = $1", union),
            "indicators": indicators_of(
                published, "union_indicator where union_id = $1", union, SCORED
            ),
            "recounted": published.rows("from recounted where union_id = $1", union),
            "grades": grades(published),
            "source_rows": source_rows(published) if indicator else None,
            **closing(published, landed, comparison),
        }


def trace_area(
    release: Path,
    landing: Path,
    area: str,
) -> dict[str, Any]:
    """What an area's rank and index are made of, as JSON.

    Its place among its siblings, its unions, and what all of these were made of.

    landing: a home, or the intake's folder. Raises as trace_union does.
    """
    with open_release(release) as published, ThreadPoolExecutor() as pool:
        found = the_area(published, area)
        indicators = list(published.indicators)
        verifying = pool.submit(landed_files, published, landing, indicators)
        comparison = Comparison()
        published.connection.execute(
            "create temp table traced as select * from union_index "
            "where starts_with(township_code, $1)",
            [area],
        )
        siblings = siblings_of(published, comparison, found)
        compare_area(published, comparison, found)
        compare_dimension_ranks(published, comparison, found)
        compare_unions(published, comparison)
        landed = verifying.result()
        recount(
            published,
            landed,
            indicators,
            "starts_with(source.region_code, getvariable('traced'))",
            area,
        )
        compare_sample(published, comparison, found)
        compare_facts(published, comparison)
        further = set(tables_with_refusals(published)) - landed.keys()
        every_file = landed | landed_for(published, landing, further)
        counts = ("observed", "missing", "not_applicable", "mean_score")
        return {
            **heading(published),
            "area": found,
            "movements": movements_of(published, comparison, found, siblings),
            "unmeasured": unmeasured.reasons_of(published),
            "refused_rows": refusals(published, every_file, "starts_with(region_code, $1)", area),
            "interval": next(
                iter(
                    published.rows(
                        "select rank_low, rank_high from county_ranking where area_code = $1", area
                    )
                ),
                None,
            ),
            "siblings": siblings,
            "dimensions": dimensions_of(published, "area_dimension where area_code = $1", area),
            "indicators": indicators_of(
                published, "area_indicator where area_code = $1", area, counts
            ),
            **published.rows(
                "select sum(health_index) as sum_of_indices, count(health_index) as measured "
                "from traced"
            )[0],
            "unions": published.rows(
                "select union_id, name_zh, health_index, city_rank from traced "
                "order by city_rank nulls last, union_id"
            ),
            **closing(published, landed, comparison),
        }


def linked_union(published: Published, union: str) -> Row | None:
    """A linked union's row, without the period; None of one that is not linked."""
    found = published.rows("select * exclude (period) from union_index where union_id = $1", union)
    return found[0] if found else None


def unmeasured_union(
    published: Published,
    landing: Path,
    union: str,
) -> dict[str, Any]:
    """Why a union is not measured.

    Raises UsageError where it is nowhere, naming those whose identifiers are most like the one
    given.
    """
    landed = landed_for(published, landing, unmeasured.OF_THE_FRAME)
    if (why := unmeasured.why_not_measured(published, landed, union)) is not None:
        comparison = Comparison()
        comparison.compare(union, "linked", published=False, computed=not why["reasons"])
        return {
            **heading(published),
            "union": None,
            "not_measured": why,
            **closing(published, landed, comparison),
        }
    near = published.rows(
        "select union_id from union_index order by levenshtein(union_id, $1), union_id limit 3",
        union,
    )
    near_ids = ", ".join(row["union_id"] for row in near)
    raise UsageError(
        f"{published.folder} has no linked union {union}; there are {near_ids} and others, "
        "which uhi trace --area lists by area. "
        f"No landed row of union_org has {union} either."
    )


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
    ranked = {"rank"} & set(next(iter(found.values()), {}))
    return [
        {
            **named(published.dimensions, name),
            **{column: found[name][column] for column in ("rate", "points", *ranked)},
        }
        for name in published.dimensions
    ]


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
    counts: dict[str, dict[str, int]] = {}
    for row in published.rows(
        "select indicator, source_table, sum(row_count) as rows from counted_sums "
        "group by all order by all"
    ):
        counts.setdefault(row["indicator"], {})[row["source_table"]] = int(row["rows"])
    recounted = {
        indicator for (indicator,) in published.connection.execute("from indicators").fetchall()
    }
    return [
        {
            "indicator": name,
            **named(published.indicators, name),
            "knots": [
                {"value": row["value"], "score": row["score"]}
                for row in published.methodology["scoring_knots"]
                if row["indicator"] == name
            ],
            **{column: found[name][column] for column in columns},
            "rows": counts.get(name, {}) if name in recounted else None,
        }
        for name in published.indicators
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


def heading(published: Published) -> dict[str, Any]:
    """Which release it is."""
    return {
        "release": str(published.folder),
        "sha256sums": sums_digest(published.folder),
        "period": published.manifest.period,
        "as_of": published.manifest.as_of,
        "methodology": published.manifest.methodology.name,
    }


def closing(
    published: Published,
    landed: Mapping[str, LandedFile],
    comparison: Comparison,
) -> dict[str, Any]:
    """What was read, which landed rows do not count and why, and what came of comparing."""
    compare_keys(published, comparison, landed)
    return {
        "landing": {
            **published.manifest.landing.as_json(),
            "files": [
                {"table": each.table, "file": str(each.file), "sha256": each.sha256}
                for each in landed.values()
            ],
        },
        "not_counted": published.rows(
            'select source_table as "table", rule, detail, '
            "count(*) as rows, list(row_key order by row_key) as keys "
            "from not_counted group by all order by all"
        ),
        "figures_compared": comparison.figures,
        "differences": comparison.differences,
    }
