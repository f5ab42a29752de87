"""Answers of the internal site: unmeasured unions, moved ranks, refused rows, data quality.

The ranks are those of the counties.

The first is one script for the whole city, the others are a script for each county and one for
the city, with what lies in no county. Each is read where a reader asks for it. All comes from
the edition's accounts, its tables and the month before that it archives.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import duckdb

from orchestration.documents.definitions import sentences, source_names
from orchestration.documents.edition import Edition, Row, Rows
from orchestration.documents.site.data import write_script
from orchestration.documents.texts import Words
from orchestration.home.layout import PREDECESSOR
from orchestration.why import quality, words
from orchestration.why.movement import Moves, since_month_before, since_superseded
from orchestration.why.places import by_county, limits, some_of_each
from orchestration.why.refused import refused_rows
from orchestration.why.unmeasured import REASONS, unmeasured_unions
from quality.connection import connect

TABLES = ("area_index", "union_index", "union_dimension")
COMPARED = ("changes", "decomposition")
OF_A_UNION = ("union_org", "enterprise", "operating_event")
IDENTIFIERS = ("union_id", "enterprise_id")
COLUMNS = (
    "union_id",
    "enterprise_id",
    "name_zh",
    "township_code",
    "reasons",
)
LACKING = ("missing", "not_applicable")
NOT_SHOWN = {
    "level",
    "name_zh",
    "name_en",
    "since",
    "overtaken_by",
    "overtook",
}


def why_text(edition: Edition) -> dict[str, Any]:
    """The words that go with the answers.

    They are those of the answers themselves, of source tables, and of what an indicator lacks; the
    weights of the parts of a county's data quality stand beside them.
    """
    return {
        "words": words.words(),
        "quality_weights": quality.weights(),
        "tables": source_names(),
        "lacking": {status: lacking(edition, status) for status in LACKING},
    }


def lacking(edition: Edition, status: str) -> dict[str, Words]:
    """When an indicator has a status, in words, by indicator that can have it.

    status: missing or not_applicable.
    """
    found = {}
    for row in edition.methodology.tables["indicators"]:
        indicator = row["indicator"]
        definition = sentences(indicator, edition.methodology)
        if status in definition:
            found[indicator] = definition[status]
    return found


def write_why(edition: Edition, folder: Path) -> int:
    """Write `unmeasured.js`, and `why/<code>.js` of the city and each county.

    They go into the folder of the site's data.

    Returns how many unions that are not measured and refused rows lie in no county.
    """
    (folder / "why").mkdir()
    staging = edition.folder / "staging"
    refused = refused_rows(staging)
    unions = unmeasured_unions(staging)
    write_script(folder, "unmeasured", unmeasured(unions, refused))
    codes = [row["area_code"] for row in edition.ranking]
    unions_of = by_county(unions, "township_code", codes)
    refused_of = by_county(refused, "region_code", codes)
    moved = movements_of(edition, codes)
    scores = {row["area_code"]: row for row in edition.table(quality.TABLE)}
    city = edition.city["area_code"]
    for code in (*codes, city):
        place = None if code == city else code
        answers = {
            "movements": moved[code],
            "unmeasured": by_reason(unions_of[place]),
            "quality": scores.get(code),
            "refused": refusals(refused_of[place]),
        }
        write_script(folder, f"why/{code}", answers)
    return len(unions_of[None]) + len(refused_of[None])


def unmeasured(unions: Rows, refused: Rows) -> dict[str, Any]:
    """The columns of the unmeasured unions, and by union the refused rows that say more of why."""
    concerning = by_identifier(refused)
    own = {}
    for union in unions:
        found: Rows = []
        for column in IDENTIFIERS:
            rows = concerning[column, union[column]]
            found += [row for row in rows if row not in found]
        if found:
            own[union["union_id"]] = [refused_row(row) for row in found]
    columns = {name: [union[name] for union in unions] for name in COLUMNS}
    return {**columns, "refused": own}


def by_identifier(refused: Rows) -> defaultdict[tuple[str, str], Rows]:
    """The refused rows that are about a union, by each identifier of theirs and its column."""
    found: defaultdict[tuple[str, str], Rows] = defaultdict(list)
    for row in refused:
        if row["table"] in OF_A_UNION:
            for column in IDENTIFIERS:
                if row[column]:
                    found[column, row[column]].append(row)
    return found


def by_reason(unions: Rows) -> list[list[Any]]:
    """How many unions there are by reason, in the order of the reasons.

    One counts for each of its own.
    """
    counts: Counter[str] = Counter()
    for union in unions:
        counts.update(code for code, _ in union["reasons"])
    return [[reason, counts[reason]] for reason in REASONS if counts[reason]]


def refusals(rows: Rows) -> dict[str, Any]:
    """How many rows were refused by table and rule, in the registry's order, and some of them."""
    counts = Counter((row["table"], row["rule"]) for row in rows)
    some = some_of_each(rows, limits()["refused_rows"])
    return {
        "counts": [[table, rule, count] for (table, rule), count in counts.items()],
        "rows": [refused_row(row) for row in some],
    }


def refused_row(row: Row) -> list[Any]:
    """Table, key, rule, and of each column concerned its name, what may be told, and the value."""
    return [
        row["table"],
        row["key"],
        row["rule"],
        list(words.cells_told(row)),
    ]


def movements_of(edition: Edition, codes: Sequence[str]) -> defaultdict[str, Rows]:
    """The movements of each county, and of the city if it has any, as the page shows them.

    codes: of the counties.
    """
    found: defaultdict[str, Rows] = defaultdict(list)
    city = edition.city["area_code"]
    for moves in movements(edition):
        for code in (*codes, city):
            if code in moves.areas:
                why = moves.why(codes, code)
                found[code].append(moved_area(why))
    return found


def moved_area(why: Row) -> Row:
    """A movement as the page shows it, with those of the areas that it changed places with."""
    return {
        "since": why["since"],
        **movement(why),
        "overtaken_by": list(map(movement, why["overtaken_by"])),
        "overtook": list(map(movement, why["overtook"])),
    }


def movement(row: Row) -> Row:
    """What moved one area: of the unions that joined how many."""
    dimensions = [[part["dimension"], part["points"]] for part in row["dimensions"]]
    shown = {
        **row,
        "joined": len(row["joined"]),
        "dimensions": dimensions,
    }
    for name in NOT_SHOWN:
        shown.pop(name, None)
    return shown


def movements(edition: Edition) -> list[Moves]:
    """What moved the counties, since the month before and since the release superseded, if any."""
    with connect() as connection:
        return list(moves_of(edition, connection))


def moves_of(edition: Edition, connection: duckdb.DuckDBPyConnection) -> Iterator[Moves]:
    """The same, over a connection that is given the edition's tables."""
    note = edition.note
    compared = COMPARED if note.is_compared_with_its_month else ()
    for table in (*TABLES, *compared):
        rows = connection.read_parquet(str(edition.folder / f"{table}.parquet"))
        rows.create_view(table)
    predecessor = edition.folder / PREDECESSOR
    if (predecessor / "verdict.json").is_file():
        yield since_month_before(
            connection,
            predecessor,
            edition.verdict.methodology,
            edition.dimensions,
        )
    if note.is_compared_with_its_month and note.compared_with and note.revision:
        yield since_superseded(
            connection,
            note.compared_with,
            note.revision.kind,
            edition.dimensions,
        )
