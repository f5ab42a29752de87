"""Answers to "why" for all counties of a release: moved ranks, unmeasured unions, refused rows."""

from pathlib import Path
from typing import Any

from orchestration.audit import unmeasured
from orchestration.audit.comparison import Comparison
from orchestration.audit.movement import movements
from orchestration.audit.published import open_release
from orchestration.audit.recount import recount_frame
from orchestration.audit.refusals import refusals, tables_with_refusals


def area_answers(release: Path, landing: Path) -> dict[str, Any]:
    """The answers as JSON, recounted from the release and its landing.

    Figures that differ are among them.

    landing: a home, or the intake's folder. Raises as tracing.trace_area does.
    """
    with open_release(release) as published:
        wanted = {*unmeasured.OF_THE_FRAME, *tables_with_refusals(published)}
        landed = unmeasured.landed_for(published, landing, wanted)
        comparison = Comparison()
        counties = published.rows(
            "select area_code, name_zh from area_index where level = 'county' "
            "order by rank nulls last, area_code"
        )
        codes = [row["area_code"] for row in counties]
        moved = [
            moves.why(codes, code)
            for moves in movements(published, comparison)
            for code in codes
            if code in moves.areas
        ]
        recount_frame(published, landed, "true", "")
        return {
            "counties": {row["area_code"]: row["name_zh"] for row in counties},
            "movements": moved,
            "unmeasured": unmeasured.reasons_of(published),
            "refused_rows": refusals(published, landed, "true"),
            "figures_compared": comparison.figures,
            "differences": comparison.differences,
        }
