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
    compare_dimension_ranks,
    compare_facts,
    compare_keys,
    compare_sample,
    compare_union_ranks,
)
from orchestration.audit.grades import grades
from orchestration.audit.landed import LandedFile, landed_for
from orchestration.audit.movement import movements_of
from orchestration.audit.published import Published, open_release
from orchestration.audit.recount import FACTS, landed_files, recount
from orchestration.audit.refusals import refusals, tables_with_refusals
from orchestration.audit.traced_figures import (
    dimensions_of,
    indicators_of,
    linked_union,
    rank_interval,
    siblings_of,
    source_rows,
    the_area,
    the_indicator,
)
from orchestration.audit.union_comparison import compare_unions
from orchestration.errors import UsageError
from orchestration.release.context import sums_digest

SCORED = (*FACTS, "score")
RECOUNTED = "from recounted where union_id = $1 order by indicator"


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
        indicators = list(published.indicators)
        if indicator is not None:
            indicators = [the_indicator(published, indicator)]
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
            "recounted": published.rows(RECOUNTED, union),
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
            "interval": rank_interval(published, area),
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
