"""Why an area's rank has changed.

It tells what moved the area's index, and that of each area whose order with it changed. Before is
the month before that the release archives, or the release that it supersedes, of which the release
stores every difference. Of the unions that an area has both times the change of their mean points
is told by dimension; what is left of the change of the index is that of its members.
"""

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

MONTH_BEFORE, SUPERSEDED = "month_before", "superseded"
BEFORE = ("before_area_index", "before_union_index", "before_union_dimension", "movement_members")
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


@dataclass(frozen=True)
class Moves:
    """What moved the areas since a release or month: parts by area, the state before and now."""

    since: Row
    areas: Mapping[str, Row]

    def why(self, siblings: Iterable[str], code: str) -> Row:
        """An area's movement, with those of the areas that went past it, or that it went past.

        siblings: codes of its like.
        """
        known = [self.areas[sibling] for sibling in siblings if sibling in self.areas]
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


def since_month_before(
    connection: duckdb.DuckDBPyConnection,
    predecessor: Path,
    methodology: MethodologyIdentity,
    dimensions: Sequence[Mapping[str, str]],
) -> Moves:
    """What moved the areas since the month before.

    connection: has the release's tables as views; predecessor: the folder that archives the month
    before; methodology: as the release's verdict describes it; dimensions: rows of the methodology,
    in order.
    """
    for table in TABLES:
        source = f"read_parquet('{sql_path(predecessor / 'tables' / f'{table}.parquet')}')"
        connection.execute(f"create temporary table before_{table} as from {source}")
    verdict = Verdict.read(predecessor / "verdict.json")
    is_same = same_method(verdict.methodology, methodology)
    since = {"kind": MONTH_BEFORE, "period": verdict.period, "release": None}
    return moves_since(connection, {**since, "same_methodology": is_same}, dimensions)


def since_superseded(
    connection: duckdb.DuckDBPyConnection,
    compared: ReleaseIdentity,
    kind: str,
    dimensions: Sequence[Mapping[str, str]],
) -> Moves:
    """What moved the areas since the release that this one supersedes.

    connection: has the release's tables as views, `changes` and `decomposition` too; compared:
    month and name of the other release; kind: why this one supersedes it.
    """
    connection.execute(query_of("before_superseded"))
    named = {"period": compared.period, "release": compared.release}
    since = {"kind": SUPERSEDED, **named, "same_methodology": kind != "method_change"}
    moves = moves_since(connection, since, dimensions)
    # Which unions left is not stored of a release superseded, only how many.
    left = dict(connection.execute("select area_code, left_sample from decomposition").fetchall())
    return Moves(since, {code: row | {"left": left[code]} for code, row in moves.areas.items()})


def moves_since(
    connection: duckdb.DuckDBPyConnection,
    since: Row,
    dimensions: Sequence[Mapping[str, str]],
) -> Moves:
    """What moved the areas since what `before_*` show, which are taken away again."""
    connection.execute(query_of("movement_members"))
    parts: dict[str, dict[str, Row]] = {}
    for row in rows_of(connection, query_of("movement")):
        parts.setdefault(row["area_code"], {})[row["dimension"]] = row
    moved = {
        row["area_code"]: moved_area(row, parts.get(row["area_code"], {}), dimensions)
        for row in rows_of(connection, query_of("movement_areas"))
    }
    for table in BEFORE:
        connection.execute(f"drop table {table}")
    return Moves(since, moved)


def moved_area(row: Row, parts: Mapping[str, Row], dimensions: Sequence[Mapping[str, str]]) -> Row:
    """The movement of an area's index: by dimension for unions that stayed, and for its members."""
    before, index = row["health_index_before"], row["health_index"]
    change = None if before is None or index is None else index - before
    of_stayed = sum_of(parts)
    return {
        **{name: row[name] for name in SHOWN},
        "change": change,
        "stayed": next((part["stayed"] for part in parts.values()), 0),
        "joined": row["joined"],
        "left": len(row["gone"]),
        "of_stayed": of_stayed,
        "of_members": None if change is None else change - (of_stayed or Decimal(0)),
        "dimensions": [
            {
                "dimension": each["dimension"],
                "points": mean_change(parts[each["dimension"]]),
                "name_zh": each["name_zh"],
                "name_en": each["name_en"],
            }
            for each in dimensions
            if each["dimension"] in parts
        ],
    }


def mean_change(part: Row) -> Decimal:
    """By how much the mean points of the unions that stayed moved."""
    return mean(part["stayed_after"] - part["stayed_before"], part["stayed"])


def sum_of(parts: Mapping[str, Row]) -> Decimal | None:
    """By how much the mean index of the unions that stayed moved; None without any."""
    if not parts:
        return None
    moved = sum(part["stayed_after"] - part["stayed_before"] for part in parts.values())
    return mean(moved, next(iter(parts.values()))["stayed"])


def mean(total: int, count: int) -> Decimal:
    """The mean, as a figure rounded half away from zero.

    total: the sum in units of the fourth decimal; count: how many.
    """
    units = (Decimal(total) / count).quantize(Decimal(1), ROUND_HALF_UP)
    return units.scaleb(-PLACES)


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[Row]:
    """A query's rows."""
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def query_of(name: str) -> str:
    """The text of a query beside this module."""
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")
