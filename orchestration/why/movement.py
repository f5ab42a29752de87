"""Why an area's rank has changed.

It tells what moved the area's index, and that of each area whose order with it changed. Before is
the month before that the release archives, or the release that it supersedes, of which the release
stores every difference. Of the unions that an area has both times the change of their mean points
is told by dimension; what is left of the change of the index is that of its members.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.build.warehouse import sql_path
from orchestration.contract.methodology import same_method
from orchestration.home.records.release import ReleaseIdentity
from orchestration.home.records.verdict import MethodologyIdentity, Verdict
from quality.connection import rows_as_dictionaries

MONTH_BEFORE, SUPERSEDED = "month_before", "superseded"
BEFORE = (
    "before_area_index",
    "before_union_index",
    "before_union_dimension",
    "movement_members",
)
TABLES = ("area_index", "union_index", "union_dimension")
SHOWN = (
    "area_code",
    "level",
    "name_zh",
    "name_en",
    "rank_before",
    "rank",
    "health_index_before",
    "health_index",
)
PLACES = 4

Row = dict[str, Any]
Dimensions = Sequence[Mapping[str, str]]


@dataclass(frozen=True)
class Moves:
    """What moved the areas since a release or month: parts by area, the state before and now."""

    since: Row
    areas: Mapping[str, Row]

    def why(self, siblings: Iterable[str], code: str) -> Row:
        """An area's movement, with those of the areas that went past it, or that it went past.

        siblings: codes of its like.
        """
        own = self.areas[code]
        others = []
        for sibling in siblings:
            if sibling in self.areas and sibling != code:
                row = self.areas[sibling]
                if ranked_both_times(own, row):
                    others.append(row)
        return {
            "since": self.since,
            **own,
            "overtaken_by": [row for row in others if went_past(row, own)],
            "overtook": [row for row in others if went_past(own, row)],
        }


def ranked_both_times(own: Row, other: Row) -> bool:
    """Whether two areas have a rank before and now."""
    ranks = (
        own["rank_before"],
        own["rank"],
        other["rank_before"],
        other["rank"],
    )
    return None not in ranks


def went_past(row: Row, other: Row) -> bool:
    """Whether an area was not ahead of another before, and is now."""
    was_ahead = row["rank_before"] < other["rank_before"]
    is_ahead = row["rank"] < other["rank"]
    return is_ahead and not was_ahead


def since_month_before(
    connection: duckdb.DuckDBPyConnection,
    predecessor: Path,
    methodology: MethodologyIdentity,
    dimensions: Dimensions,
) -> Moves:
    """What moved the areas since the month before.

    connection: has the release's tables as views; predecessor: the folder that archives the month
    before; methodology: as the release's verdict describes it; dimensions: rows of the methodology,
    in order.
    """
    for table in TABLES:
        file = sql_path(predecessor / "tables" / f"{table}.parquet")
        connection.execute(f"create temporary table before_{table} as from read_parquet('{file}')")
    verdict = Verdict.read(predecessor / "verdict.json")
    since = {
        "kind": MONTH_BEFORE,
        "period": verdict.period,
        "release": None,
        "same_methodology": same_method(verdict.methodology, methodology),
    }
    return moves_since(connection, since, dimensions)


def since_superseded(
    connection: duckdb.DuckDBPyConnection,
    compared: ReleaseIdentity,
    kind: str,
    dimensions: Dimensions,
) -> Moves:
    """What moved the areas since the release that this one supersedes.

    connection: has the release's tables as views, `changes` and `decomposition` too; compared:
    month and name of the other release; kind: why this one supersedes it.
    """
    connection.execute(query_of("before_superseded"))
    since = {
        "kind": SUPERSEDED,
        "period": compared.period,
        "release": compared.release,
        "same_methodology": kind != "method_change",
    }
    moves = moves_since(connection, since, dimensions)
    # Which unions left is not stored of a release superseded, only how many.
    stored = connection.execute("select area_code, left_sample from decomposition")
    left = dict(stored.fetchall())
    areas = {}
    for code, row in moves.areas.items():
        areas[code] = {**row, "left": left[code]}
    return Moves(since, areas)


def moves_since(
    connection: duckdb.DuckDBPyConnection,
    since: Row,
    dimensions: Dimensions,
) -> Moves:
    """What moved the areas since what `before_*` show, which are taken away again."""
    connection.execute(query_of("movement_members"))
    parts: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in rows_of(connection, "movement"):
        parts[row["area_code"]][row["dimension"]] = row
    moved = {}
    for row in rows_of(connection, "movement_areas"):
        code = row["area_code"]
        moved[code] = moved_area(row, parts[code], dimensions)
    for table in BEFORE:
        connection.execute(f"drop table {table}")
    return Moves(since, moved)


def moved_area(
    row: Row,
    parts: Mapping[str, Row],
    dimensions: Dimensions,
) -> Row:
    """The movement of an area's index: by dimension for unions that stayed, and for its members.

    parts: of the unions that stayed, by dimension; each has how many these are.
    """
    change = difference(row["health_index_before"], row["health_index"])
    stayed = next((part["stayed"] for part in parts.values()), 0)
    of_stayed = sum_of(parts, stayed)
    of_members = None
    if change is not None:
        of_members = change - (of_stayed or Decimal(0))
    return {
        **{name: row[name] for name in SHOWN},
        "change": change,
        "stayed": stayed,
        "joined": row["joined"],
        "left": len(row["gone"]),
        "of_stayed": of_stayed,
        "of_members": of_members,
        "dimensions": moved_dimensions(parts, dimensions),
    }


def difference(before: Decimal | None, now: Decimal | None) -> Decimal | None:
    """A figure now less that before; None unless both are there."""
    if before is None or now is None:
        return None
    return now - before


def moved_dimensions(parts: Mapping[str, Row], dimensions: Dimensions) -> list[Row]:
    """By how much each dimension moved the index of the unions that stayed, in order."""
    found = []
    for dimension in dimensions:
        code = dimension["dimension"]
        if code in parts:
            moved = {
                "dimension": code,
                "points": mean_change(parts[code]),
                "name_zh": dimension["name_zh"],
                "name_en": dimension["name_en"],
            }
            found.append(moved)
    return found


def mean_change(part: Row) -> Decimal:
    """By how much the mean points of the unions that stayed moved."""
    return mean(change_of_sum(part), part["stayed"])


def change_of_sum(part: Row) -> int:
    """By how much the sum of the points of the unions that stayed moved."""
    change: int = part["stayed_after"] - part["stayed_before"]
    return change


def sum_of(parts: Mapping[str, Row], stayed: int) -> Decimal | None:
    """By how much the mean index of the unions that stayed moved; None without any."""
    if not parts:
        return None
    moved = sum(change_of_sum(part) for part in parts.values())
    return mean(moved, stayed)


def mean(total: int, count: int) -> Decimal:
    """The mean, as a figure rounded half away from zero.

    total: the sum in units of the fourth decimal; count: how many.
    """
    exact = Decimal(total) / count
    units = exact.quantize(Decimal(1), ROUND_HALF_UP)
    return units.scaleb(-PLACES)


def rows_of(connection: duckdb.DuckDBPyConnection, name: str) -> list[Row]:
    """The rows of a query beside this module, by its name."""
    return rows_as_dictionaries(connection.execute(query_of(name)))


def query_of(name: str) -> str:
    """The text of a query beside this module."""
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
