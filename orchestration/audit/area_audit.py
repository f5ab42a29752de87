"""Answers to "why" for all counties of a release: moved ranks, unmeasured unions, refused rows."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from orchestration.audit import unmeasured
from orchestration.audit.comparison import Comparison
from orchestration.audit.landed import landed_for
from orchestration.audit.movement import movements
from orchestration.audit.published import Published, Row, open_release
from orchestration.audit.recount import recount_frame
from orchestration.audit.refusals import refusals, tables_with_refusals

COUNTIES = """
    select area_code, name_zh from area_index
    where level = 'county' order by rank nulls last, area_code
"""


def audit_areas(release: Path, landing: Path) -> dict[str, Any]:
    """The answers as JSON, recounted from the release and its landing.

    Figures that differ are among them.

    landing: a home, or the intake's folder. Raises as tracing.trace_area does.
    """
    with open_release(release) as published:
        tables = {*unmeasured.OF_THE_FRAME, *tables_with_refusals(published)}
        landed = landed_for(published, landing, tables)
        comparison = Comparison()
        counties = {row["area_code"]: row["name_zh"] for row in published.rows(COUNTIES)}
        moved = list(moved_counties(published, comparison, list(counties)))
        recount_frame(published, landed, "true", "")
        return {
            "counties": counties,
            "movements": moved,
            "unmeasured": unmeasured.reasons_of(published),
            "refused_rows": refusals(published, landed, "true"),
            "figures_compared": comparison.figures,
            "differences": comparison.differences,
        }


def moved_counties(
    published: Published, comparison: Comparison, counties: list[str]
) -> Iterator[Row]:
    """Why each county's rank has changed, since each time that can be told; counties: by code."""
    for moves in movements(published, comparison):
        for code in counties:
            if code in moves.areas:
                yield moves.why(counties, code)
