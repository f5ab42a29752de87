"""Why an area's rank is another than before: what moved its index, and that of each area whose order with it changed.

Before is the month before that the release archives, or the release that it supersedes, of which
the release stores every difference. Of the unions that an area has both times the change of their
mean points is told by dimension; what is left of the change of the index is that of its members.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orchestration import files
from orchestration.audit.calculation import figure, quotient
from orchestration.audit.comparison import Comparison
from orchestration.audit.published import Published, Row
from orchestration.audit.recount import query_of
from orchestration.release.published import PREDECESSOR
from orchestration.warehouse import sql_path

MONTH_BEFORE, SUPERSEDED = "month_before", "superseded"
BEFORE = ("before_area_index", "before_union_index", "before_union_dimension", "movement_members")


@dataclass(frozen=True)
class Moves:
    """What moved the areas since some release or month: its parts by area, and the state before and now."""

    since: Row
    areas: Mapping[str, Row]

    def why(self, siblings: list[Row], code: str) -> Row:
        """An area's movement, with those of the areas that went past it, or that it went past; siblings: its like."""
        known = [self.areas[row["area_code"]] for row in siblings if row["area_code"] in self.areas]
        own = self.areas[code]
        others = [row for row in known if row["area_code"] != code and ranked_both_times(own, row)]
        was_not_ahead = [row for row in others if row["rank_before"] >= own["rank_before"]]
        was_not_behind = [row for row in others if row["rank_before"] <= own["rank_before"]]
        return {
            "since": self.since,
            **own,
            "overtaken_by": [row for row in was_not_ahead if row["rank"] < own["rank"]],
            "overtook": [row for row in was_not_behind if row["rank"] > own["rank"]],
        }


def ranked_both_times(own: Row, other: Row) -> bool:
    """Whether two areas have a rank before and now."""
    return None not in (own["rank_before"], own["rank"], other["rank_before"], other["rank"])


def movements(published: Published, comparison: Comparison) -> Iterator[Moves]:
    """What moved the counties and townships, since the month before and since the release superseded, where these are."""
    manifest = published.manifest
    if manifest["predecessor"]:
        show_month_before(published)
        verdict = files.read_json(published.folder / "internal" / PREDECESSOR / "verdict.json")
        since = {"kind": MONTH_BEFORE, "period": verdict["period"], "release": None}
        is_same = verdict["methodology"]["sha256"] == manifest["methodology"]["sha256"]
        yield moves_since(published, comparison, {**since, "same_methodology": is_same})
    compared = manifest["compared_with"]
    if compared and compared["period"] == manifest["period"]:
        published.connection.execute(query_of("why/before_superseded"))
        named = {name: compared[name] for name in ("period", "release")}
        is_same = manifest["revision"]["kind"] != "method_change"
        yield moves_since(published, comparison, {"kind": SUPERSEDED, **named, "same_methodology": is_same})


def show_month_before(published: Published) -> None:
    """Show the tables of the month before, as the release archives them, where the queries look for them."""
    folder = published.folder / "internal" / PREDECESSOR / "tables"
    for table in ("area_index", "union_index", "union_dimension"):
        source = f"read_parquet('{sql_path(folder / f'{table}.parquet')}')"
        published.connection.execute(f"create temporary table before_{table} as from {source}")


def moves_since(published: Published, comparison: Comparison, since: Row) -> Moves:
    """What moved the areas since what `before_*` show, which are taken away again."""
    published.connection.execute(query_of("why/movement_members"))
    parts: dict[str, dict[str, Row]] = {}
    for row in published.rows(query_of("why/movement")):
        parts.setdefault(row["area_code"], {})[row["dimension"]] = row
    rows = published.rows(query_of("why/movement_areas"))
    moved = {row["area_code"]: moved_area(published, row, parts.get(row["area_code"], {})) for row in rows}
    compare_moves(published, comparison, since, rows, moved)
    if since["kind"] == SUPERSEDED:
        stored = published.rows("select area_code, left_sample from decomposition")
        counts = {row["area_code"]: row["left_sample"] for row in stored}
        moved = {code: row | {"left": counts[code]} for code, row in moved.items()}
    for table in BEFORE:
        published.connection.execute(f"drop table {table}")
    return Moves(since, moved)


def moved_area(published: Published, row: Row, parts: Mapping[str, Row]) -> Row:
    """An area's movement: of its index, by dimension for the unions that stayed, and for its members."""
    stayed = {name: mean_change(parts[name]) for name in published.dimensions if name in parts}
    before, index = row["health_index_before"], row["health_index"]
    change = None if before is None or index is None else index - before
    of_stayed = sum_of(parts)
    named = (
        "area_code",
        "level",
        "name_zh",
        "name_en",
        "rank_before",
        "rank",
        "health_index_before",
        "health_index",
    )
    # Which unions left is not stored of a release superseded, only how many.
    return {
        **{name: row[name] for name in named},
        "change": change,
        "stayed": next((part["stayed"] for part in parts.values()), 0),
        "joined": row["joined"],
        "left": len(row["gone"]),
        "of_stayed": of_stayed,
        "of_members": None if change is None else change - (of_stayed or Decimal(0)),
        "dimensions": [{"dimension": name, "points": points, **labels_of(published, name)} for name, points in stayed.items()],
    }


def labels_of(published: Published, dimension: str) -> dict[str, str]:
    """Both names of a dimension."""
    return {name: published.dimensions[dimension][name] for name in ("name_zh", "name_en")}


def mean_change(part: Row) -> Decimal | None:
    """By how much the mean points of the unions that stayed moved."""
    return figure(quotient(int(part["stayed_after"] - part["stayed_before"]), part["stayed"]))


def sum_of(parts: Mapping[str, Row]) -> Decimal | None:
    """By how much the mean index of the unions that stayed moved; None without any."""
    if not parts:
        return None
    moved = sum(int(part["stayed_after"] - part["stayed_before"]) for part in parts.values())
    return figure(quotient(moved, next(iter(parts.values()))["stayed"]))


def compare_moves(
    published: Published,
    comparison: Comparison,
    since: Row,
    rows: list[Row],
    moved: Mapping[str, Row],
) -> None:
    """Compare previous ranks with those of the month before, and the stored decomposition with what was recounted."""
    if since["kind"] == MONTH_BEFORE:
        for row in rows:
            comparison.compare(row["area_code"], "previous_rank", row["previous_rank"], row["rank_before"])
    compared = published.manifest["compared_with"]
    if not (compared and compared["period"] == since["period"] and since["same_methodology"]):
        return
    for stored in published.rows("from decomposition where level <> 'city'"):
        again = moved[stored["area_code"]]
        comparison.compare(stored["area_code"], "change", stored["change"], again["change"])
        if stored["change"] is not None:
            data = again["of_stayed"] or Decimal("0.0000")
            comparison.compare(stored["area_code"], "data", stored["data"], data)


def movements_of(published: Published, comparison: Comparison, area: Row, siblings: list[Row]) -> list[dict[str, Any]]:
    """Why an area's rank is another than before, since each time that can be told; nothing of the city."""
    if area["level"] == "city":
        return []
    code = area["area_code"]
    return [moves.why(siblings, code) for moves in movements(published, comparison) if code in moves.areas]
