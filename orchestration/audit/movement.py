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

PREVIOUS_RANKS = """
    select area_code, previous_rank from area_index where level <> 'city' order by area_code
"""


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
    if moves.since["kind"] == MONTH_BEFORE:
        compare_previous_ranks(published, comparison, moves)
    if has_decomposition(published, moves):
        compare_decomposition(published, comparison, moves)


def compare_previous_ranks(
    published: Published,
    comparison: Comparison,
    moves: Moves,
) -> None:
    """Compare the previous ranks of areas with those that the month before has."""
    for row in published.rows(PREVIOUS_RANKS):
        code = row["area_code"]
        if code in moves.areas:
            before = moves.areas[code]["rank_before"]
            comparison.compare(code, "previous_rank", row["previous_rank"], before)


def has_decomposition(published: Published, moves: Moves) -> bool:
    """Whether the release stores what moved its areas since then, by the same methodology."""
    compared = published.manifest.compared_with
    if compared is None or compared.period != moves.since["period"]:
        return False
    return bool(moves.since["same_methodology"])


def compare_decomposition(
    published: Published,
    comparison: Comparison,
    moves: Moves,
) -> None:
    """Compare what the release stores of each area's change with what was recounted."""
    for stored in published.rows("from decomposition where level <> 'city'"):
        code = stored["area_code"]
        again = moves.areas[code]
        comparison.compare(code, "change", stored["change"], again["change"])
        if stored["change"] is not None:
            of_stayed = again["of_stayed"] or 0
            comparison.compare(code, "data", stored["data"], of_stayed)


def movements_of(
    published: Published,
    comparison: Comparison,
    area: Row,
    siblings: list[Row],
) -> list[dict[str, Any]]:
    """Why an area's rank has changed, since each time that can be told; nothing of the city."""
    if area["level"] == "city":
        return []
    code = area["area_code"]
    siblings_codes = [row["area_code"] for row in siblings]
    found = movements(published, comparison)
    return [moves.why(siblings_codes, code) for moves in found if code in moves.areas]
