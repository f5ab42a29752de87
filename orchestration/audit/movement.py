"""What moved the ranks of areas, by the release's own figures, and compared with what it says."""

from collections.abc import Iterator
from typing import Any

from orchestration.audit.comparison import Comparison
from orchestration.audit.published import Published, Row
from orchestration.home.layout import PREDECESSOR
from orchestration.why.movement import (
    MONTH_BEFORE,
    Moves,
    since_month_before,
    since_superseded,
)


def movements(published: Published, comparison: Comparison) -> Iterator[Moves]:
    """What moved the counties and townships.

    Since the month before and since the superseded release, where the release has these.
    """
    manifest, connection = published.manifest, published.connection
    dimensions = list(published.dimensions.values())
    if manifest.predecessor:
        predecessor = published.folder / "internal" / PREDECESSOR
        moves = since_month_before(connection, predecessor, manifest.methodology, dimensions)
        compare_moves(published, comparison, moves)
        yield moves
    compared, revision = manifest.compared_with, manifest.revision
    if compared and revision and compared.period == manifest.period:
        moves = since_superseded(connection, compared, revision.kind, dimensions)
        compare_moves(published, comparison, moves)
        yield moves


def compare_moves(published: Published, comparison: Comparison, moves: Moves) -> None:
    """Compare previous ranks and the stored decomposition with what was recounted.

    Previous ranks are those of the month before.
    """
    since = moves.since
    if since["kind"] == MONTH_BEFORE:
        for row in published.rows(
            "select area_code, previous_rank from area_index where level <> 'city' "
            "order by area_code"
        ):
            if row["area_code"] in moves.areas:
                before = moves.areas[row["area_code"]]["rank_before"]
                comparison.compare(
                    row["area_code"],
                    "previous_rank",
                    row["previous_rank"],
                    before,
                )
    compared = published.manifest.compared_with
    if not (compared and compared.period == since["period"] and since["same_methodology"]):
        return
    for stored in published.rows("from decomposition where level <> 'city'"):
        again = moves.areas[stored["area_code"]]
        comparison.compare(
            stored["area_code"],
            "change",
            stored["change"],
            again["change"],
        )
        if stored["change"] is not None:
            comparison.compare(
                stored["area_code"],
                "data",
                stored["data"],
                again["of_stayed"] or 0,
            )


def movements_of(
    published: Published,
    comparison: Comparison,
    area: Row,
    siblings: list[Row],
) -> list[dict[str, Any]]:
    """Why an area's rank has changed, since each time that can be told; nothing of the city."""
    if area["level"] == "city":
        return []
    code, codes = area["area_code"], [row["area_code"] for row in siblings]
    return [
        moves.why(codes, code) for moves in movements(published, comparison) if code in moves.areas
    ]
