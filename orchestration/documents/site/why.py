"""What the internal site shows of "why": unmeasured unions, moved ranks, refused rows.

The ranks are those of the counties.

The first is one script for the whole city, the others are a script for each county and one for
the city, with what lies in no county. Each is read where a reader asks for it. All comes from
the edition's accounts, its tables and the month before that it archives.
"""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import duckdb

from orchestration.documents.definitions import sentences, source_names
from orchestration.documents.edition import Edition, Rows
from orchestration.documents.site.data import script_of
from orchestration.home.layout import PREDECESSOR
from orchestration.why import words
from orchestration.why.movement import Moves, Row, since_month_before, since_superseded
from orchestration.why.refused import refused_rows
from orchestration.why.unmeasured import REASONS, unmeasured_unions
from quality.connection import connect

LIMITS = Path(__file__).with_name("limits.toml")
TABLES = ("area_index", "union_index", "union_dimension")
COMPARED = ("changes", "decomposition")
OF_A_UNION = ("union_org", "enterprise", "operating_event")
COLUMNS = ("union_id", "enterprise_id", "name_zh", "township_code", "reasons")


@cache
def limits() -> dict[str, int]:
    """How much is shown."""
    return tomllib.loads(LIMITS.read_text(encoding="utf-8"))


def why_text(edition: Edition) -> dict[str, Any]:
    """The words that go with the answers.

    They are those of the answers themselves, of source tables, and of what an indicator lacks.
    """
    told = {
        row["indicator"]: sentences(row["indicator"], edition.methodology)
        for row in edition.methodology.tables["indicators"]
    }
    return {
        "words": words.words(),
        "tables": source_names(),
        "lacking": {
            status: {name: parts[status] for name, parts in told.items() if status in parts}
            for status in ("missing", "not_applicable")
        },
    }


def write_why(edition: Edition, folder: Path) -> int:
    """Write `unmeasured.js`, and `why/<code>.js` of the city and each county.

    They go into the folder of the site's data.

    Returns how many unions that are not measured and refused rows lie in no county.
    """
    (folder / "why").mkdir()
    staging = edition.folder / "staging"
    refused, unions = refused_rows(staging), unmeasured_unions(staging)
    content = unmeasured(unions, refused)
    (folder / "unmeasured.js").write_text(script_of("unmeasured", content), encoding="utf-8")
    moves = movements(edition)
    codes = [row["area_code"] for row in edition.ranking]
    unions_of, refused_of = (
        apart(unions, "township_code", codes),
        apart(refused, "region_code", codes),
    )
    for code, area in [*((code, code) for code in codes), (edition.city["area_code"], None)]:
        answers = {
            "movements": [movement(each.why(codes, code)) for each in moves if code in each.areas],
            "unmeasured": by_reason(unions_of.get(area, [])),
            "refused": refusals(refused_of.get(area, [])),
        }
        script = script_of(f"why/{code}", answers)
        (folder / "why" / f"{code}.js").write_text(script, encoding="utf-8")
    return len(unions_of.get(None, [])) + len(refused_of.get(None, []))


def apart(rows: Iterable[Row], column: str, codes: Sequence[str]) -> Mapping[str | None, Rows]:
    """Rows by the county that a code of each lies in, None where it lies in none.

    codes: of the counties.
    """
    found: dict[str | None, Rows] = defaultdict(list)
    for row in rows:
        place = row[column] or ""
        found[next((code for code in codes if place.startswith(code)), None)].append(row)
    return found


def unmeasured(unions: Rows, refused: Rows) -> dict[str, Any]:
    """The columns of the unmeasured unions, and by union the refused rows that say more of why."""
    concerning: dict[tuple[str, str], Rows] = defaultdict(list)
    for row in refused:
        for column in ("union_id", "enterprise_id"):
            if row["table"] in OF_A_UNION and row[column]:
                concerning[column, row[column]].append(row)
    own = {}
    for union in unions:
        found = [
            row
            for column in ("union_id", "enterprise_id")
            for row in concerning.get((column, union[column]), [])
        ]
        if found:
            own[union["union_id"]] = [
                refused_row(row) for number, row in enumerate(found) if row not in found[:number]
            ]
    return {**{name: [union[name] for union in unions] for name in COLUMNS}, "refused": own}


def by_reason(unions: Rows) -> list[list[Any]]:
    """How many unions there are by reason, in the order of the reasons.

    One counts for each of its own.
    """
    counts = Counter(code for union in unions for code, _ in union["reasons"])
    return [[reason, counts[reason]] for reason in REASONS if counts[reason]]


def refusals(rows: Rows) -> dict[str, Any]:
    """How many rows were refused by table and rule, in the registry's order, and some of them."""
    counts = Counter((row["table"], row["rule"]) for row in rows)
    return {
        "counts": [[table, rule, count] for (table, rule), count in counts.items()],
        "rows": [refused_row(row) for row in some_of_each(rows, limits()["refused_rows"])],
    }


def some_of_each(rows: Rows, most: int) -> Rows:
    """So many rows in their order, of each table and rule one before a second of any."""
    seen: Counter[tuple[str, str]] = Counter()
    turns = []
    for place, row in enumerate(rows):
        kind = (row["table"], row["rule"])
        turns.append((seen[kind], place))
        seen[kind] += 1
    return [rows[place] for place in sorted(place for _, place in sorted(turns)[:most])]


def refused_row(row: Row) -> list[Any]:
    """Table, key, rule, and of each column concerned its name, what may be told, and the value."""
    return [row["table"], row["key"], row["rule"], list(words.cells_told(row))]


def movement(why: Row) -> Row:
    """A movement as the page shows it: of the unions that joined how many."""
    others = {key: [moved(other) for other in why[key]] for key in ("overtaken_by", "overtook")}
    return {"since": why["since"], **moved(why), **others}


def moved(row: Row) -> Row:
    """What moved one area."""
    left_out = {"level", "name_zh", "name_en", "since", "overtaken_by", "overtook"}
    dimensions = [[part["dimension"], part["points"]] for part in row["dimensions"]]
    kept = {name: cell for name, cell in row.items() if name not in left_out}
    return {**kept, "joined": len(row["joined"]), "dimensions": dimensions}


def movements(edition: Edition) -> list[Moves]:
    """What moved the counties, since the month before and since the release superseded, if any."""
    with connect() as connection:
        return list(moves_of(edition, connection))


def moves_of(edition: Edition, connection: duckdb.DuckDBPyConnection) -> Iterator[Moves]:
    """The same, over a connection that is given the edition's tables."""
    note, predecessor = edition.note, edition.folder / PREDECESSOR
    compared = COMPARED if note.is_compared_with_its_month else ()
    for table in (*TABLES, *compared):
        connection.read_parquet(str(edition.folder / f"{table}.parquet")).create_view(table)
    if (predecessor / "verdict.json").is_file():
        yield since_month_before(
            connection, predecessor, edition.verdict.methodology, edition.dimensions
        )
    if note.is_compared_with_its_month and note.compared_with and note.revision:
        yield since_superseded(
            connection, note.compared_with, note.revision.kind, edition.dimensions
        )
