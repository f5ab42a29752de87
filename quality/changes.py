"""What a release says has changed since the one it follows, held against both: every difference stated, and none that is not one.

The stated differences are looked up among the cells of both releases, and counted; the parts of what moved the indices are recounted in
exact fractions, union by union. Where the methodologies score otherwise, of method, data and membership only the sum is judged.
"""

import csv
import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from quality.connection import connect, reading
from quality.suites import SUITES

EDITIONS = ("internal", "public")
TABLES = ("changes", "decomposition")
SCORING = {
    "dimensions": ("dimension", "weight"),
    "indicators": ("dimension", "indicator", "weight"),
    "scoring_knots": ("indicator", "value", "score"),
}
NUMBERS = {"weight", "value", "score"}
PARTS = ("data", "membership", "method")
COUNTS = ("stayed", "joined", "left_sample")
MOST_ROUNDING = Decimal("0.0003")
SMALLEST_GROUP = 10
UNITS = 10_000


def other_changes(folder: Path, before: Path | None) -> Iterator[str]:
    """How a release tells otherwise of its changes than it and the release that it follows (none: None) have them."""
    named = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["compared_with"]
    if (named and named["sha256sums"]) != (
        before and hashlib.sha256((before / "SHA256SUMS").read_bytes()).hexdigest()
    ):
        yield "the release that it is compared with is not the one that it follows"
    elif before:
        for edition in EDITIONS:
            yield from (
                f"{edition}/changes: {fault}"
                for fault in misstated(before / edition, folder / edition)
            )
        yield from other_decomposition(folder, before)


def misstated(before: Path, after: Path) -> Iterator[str]:
    """How an edition's stated differences are others than those between two editions."""
    with connect() as connection:
        for name, edition, other in (("old", before, after), ("new", after, before)):
            connection.execute(f"create table {name} as {differing_cells(edition, other)}")
        connection.from_parquet(str(after / "changes.parquet")).create("stated")
        connection.execute("""
            create view stated_cells as
            select table_name, key, column_name, coalesce(before_text, cast(before as varchar)) as old_value,
                coalesce(after_text, cast(after as varchar)) as new_value
            from stated where change = 'changed'
        """)
        cell = "table_name, key, column_name"
        questions = {
            "differences of figures that the release followed has otherwise": f"select {cell}, old_value from stated_cells except from old",
            "differences of figures that this release has otherwise": f"select {cell}, new_value from stated_cells except from new",
            "figures that differ and are not stated": f"""
                (select {cell} from old inner join new using ({cell}) where old.value is distinct from new.value)
                except select {cell} from stated_cells
            """,
            "differences that are none": "select 1 from stated_cells where old_value is not distinct from new_value",
            "differences stated twice": f"select 1 from stated_cells group by {cell} having count(*) > 1",
            "differences that are not after less before": "select 1 from stated where difference is distinct from after - before",
            "rows that appeared and are not stated, or did not": stated_rows(
                "new", "old", "appeared"
            ),
            "rows that are gone and are not stated, or are not": stated_rows("old", "new", "gone"),
        }
        for what, question in questions.items():
            if count := connection.execute(f"select count(*) from ({question})").fetchall()[0][0]:
                yield f"{count} {what}"


def stated_rows(there: str, elsewhere: str, change: str) -> str:
    """The query of rows that only one edition has and that are not stated so, and of those that are stated and are not."""
    rows = f"(select table_name, key from {there} except select table_name, key from {elsewhere})"
    stated = f"(select table_name, key from stated where change = '{change}')"
    return f"({rows} except {stated}) union all ({stated} except {rows})"


def differing_cells(edition: Path, other: Path) -> str:
    """The query of all cells of an edition's rows that another edition does not have just so.

    Its columns are table_name, key, column_name and value, as text, figures with 4 places; of
    tables and columns that both editions have.
    """
    parts = []
    with reading() as connection:
        for table in SUITES:
            here, there = edition / f"{table}.parquet", other / f"{table}.parquet"
            if not (here.exists() and there.exists()):
                continue
            relation, columns = (
                connection.read_parquet(str(here)),
                connection.read_parquet(str(there)).columns,
            )
            key = [name for name in SUITES[table].key if name != "period"]
            kinds = {
                name: str(kind)
                for name, kind in zip(relation.columns, relation.types, strict=True)
                if name in columns
            }
            compared = [name for name in kinds if name not in (*key, "period", "suppressed")]
            row = ", ".join((*key, *compared))
            cells = ", ".join(
                name
                if kinds[name] == "VARCHAR"
                else f"cast(cast({name} as decimal(38, 4)) as varchar) as {name}"
                for name in compared
            )
            keyed = " || '/' || ".join(f"coalesce({name}, '')" for name in key)
            rows = f"select {row} from {parquet(here)} except select {row} from {parquet(there)}"
            texts = f"select '{table}' as table_name, {keyed} as key, {cells} from ({rows})"
            parts.append(
                f"from ({texts}) unpivot include nulls (value for column_name in ({', '.join(compared)}))"
            )
    return " union all ".join(parts)


def parquet(file: Path) -> str:
    """A Parquet file as a table of a query."""
    return "read_parquet('" + str(file).replace("'", "''") + "')"


def other_decomposition(folder: Path, before: Path) -> Iterator[str]:
    """Areas of which what moved the index does not add up, or is not what the unions of both releases tell."""
    rows = {row["area_code"]: row for row in rows_of(folder / "internal" / "decomposition.parquet")}
    areas = [
        {row["area_code"]: row for row in rows_of(release / "internal" / "area_index.parquet")}
        for release in (before, folder)
    ]
    unions = [unions_of(release) for release in (before, folder)]
    is_scored_alike = scoring_of(before) == scoring_of(folder)
    if rows.keys() != areas[0].keys() & areas[1].keys():
        yield "internal/decomposition is of other areas"
    wrong = []
    for code in rows.keys() & areas[1].keys():
        indices = [each.get(code, {}).get("health_index") for each in areas]
        if other_row(
            rows[code], indices, [each[code] for each in unions], is_scored_alike=is_scored_alike
        ):
            wrong.append(code)
    if wrong:
        yield f"internal/decomposition is wrong for {len(wrong)} areas"
    yield from other_public_decomposition(folder, before, rows, is_scored_alike=is_scored_alike)


def other_public_decomposition(
    folder: Path, before: Path, rows: dict[str, dict[str, Any]], *, is_scored_alike: bool
) -> Iterator[str]:
    """Where the public edition tells of other areas than the city, otherwise, or of few unions.

    rows: the internal table by area.
    """
    areas = rows_of(folder / "internal" / "area_index.parquet")
    shown = rows_of(folder / "public" / "decomposition.parquet")
    cities = [row["area_code"] for row in areas if row["level"] == "city"]
    if [row["area_code"] for row in shown] != cities:
        yield "public/decomposition is not of the city alone"
    for row in shown:
        told = {name: row[name] for name in (*PARTS, "rounding", *COUNTS) if row[name] is not None}
        whole = rows.get(row["area_code"], {})
        if not told:
            continue
        if told != {name: whole.get(name) for name in told}:
            yield "public/decomposition tells otherwise than the internal one"
        groups = [row[name] for name in COUNTS]
        if is_scored_alike:
            groups.append(moved_by_data(before, folder, row["area_code"]))
        if any(0 < count < SMALLEST_GROUP for count in groups):
            yield "public/decomposition tells of few unions"
        if of_one_month(before, folder) and sum(1 for name in PARTS if row[name]) > 1:
            yield "public/decomposition parts the movement of a revision"


def moved_by_data(before: Path, after: Path, area: str) -> int:
    """How many unions of an area in both releases have another index."""
    old, new = (unions_of(release)[area] for release in (before, after))
    return sum(1 for union in old.keys() & new.keys() if old[union] != new[union])


def of_one_month(before: Path, after: Path) -> bool:
    """Whether two releases are of the same month."""
    months = {
        row["period"]
        for release in (before, after)
        for row in rows_of(release / "internal" / "area_index.parquet")
    }
    return len(months) == 1


def other_row(
    row: dict[str, Any],
    indices: list[Decimal | None],
    unions: list[dict[str, int]],
    *,
    is_scored_alike: bool,
) -> bool:
    """Whether an area's row is other than the indices and the unions of both releases, by union, give."""
    old, new = unions
    both = old.keys() & new.keys()
    counts = [len(both), len(new) - len(both), len(old) - len(both)]
    if [row[name] for name in COUNTS] != counts or [row["before"], row["after"]] != indices:
        return True
    if not old or not new:
        return any(row[name] is not None for name in ("change", *PARTS, "rounding"))
    if row["change"] != row["after"] - row["before"] or row["change"] != sum(
        row[name] for name in (*PARTS, "rounding")
    ):
        return True
    data = mean({union: new[union] - old[union] for union in both}) if both else Fraction(0)
    due = {"data": data, "membership": mean(new) - mean(old) - data, "method": Fraction(0)}
    return abs(row["rounding"]) > MOST_ROUNDING or (
        is_scored_alike and any(row[name] != rounded(due[name]) for name in PARTS)
    )


def mean(values: dict[str, int]) -> Fraction:
    """The exact mean."""
    return Fraction(sum(values.values()), len(values))


def rounded(units: Fraction) -> Decimal:
    """Units of the fourth decimal, rounded half away from zero, as a figure."""
    whole = int((2 * abs(units) + 1) // 2)
    return Decimal(whole if units >= 0 else -whole) / UNITS


def unions_of(release: Path) -> defaultdict[str, dict[str, int]]:
    """The indices of a release's unions that have one, in units of the fourth decimal, by area and union."""
    city = next(
        row["area_code"]
        for row in rows_of(release / "internal" / "area_index.parquet")
        if row["level"] == "city"
    )
    found: defaultdict[str, dict[str, int]] = defaultdict(dict)
    for row in rows_of(
        release / "internal" / "union_index.parquet",
        "union_id, county_code, township_code, health_index",
    ):
        if row["health_index"] is not None:
            for area in (city, row["county_code"], row["township_code"]):
                found[area][row["union_id"]] = int(row["health_index"] * UNITS)
    return found


def scoring_of(release: Path) -> dict[str, list[tuple[str | Decimal, ...]]]:
    """The weights and knots that a release scores by."""
    name = json.loads((release / "verdict.json").read_text(encoding="utf-8"))["methodology"]["name"]
    tables = {}
    for table, columns in SCORING.items():
        with (release / "internal" / "methodology" / f"{table}.csv").open(
            encoding="utf-8-sig", newline=""
        ) as lines:
            rows = list(csv.DictReader(lines, strict=True))
        own = [row for row in rows if row["methodology"] == name]
        tables[table] = sorted(
            tuple(Decimal(row[column]) if column in NUMBERS else row[column] for column in columns)
            for row in own
        )
    return tables


def rows_of(file: Path, columns: str = "*") -> list[dict[str, Any]]:
    """Rows of a Parquet file."""
    with reading() as connection:
        relation = connection.read_parquet(str(file)).select(columns)
        return [dict(zip(relation.columns, row, strict=True)) for row in relation.fetchall()]
