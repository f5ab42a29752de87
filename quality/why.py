"""What the internal site answers to "why", checked against its edition.

It is compared with the edition's accounts and tables, and the month before that it archives.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from quality.nouns import counted_noun
from quality.publication import published_tables
from quality.release_files import Cells, Json, read_rows
from quality.scripts import data_of

MOVED = """
    with moved as (
        select
            now.dimension,
            count(*) as unions,
            sum(cast((now.points - earlier.points) * 10000 as hugeint)) as units
        from read_parquet($points) as now
        inner join read_parquet($earlier_points) as earlier using (union_id, dimension)
        inner join read_parquet($unions) as unions using (union_id)
        inner join read_parquet($earlier_unions) as earlier_unions using (union_id)
        where
            starts_with(unions.township_code, $area)
            and starts_with(earlier_unions.township_code, $area)
            and now.points is not null and earlier.points is not null
        group by now.dimension
    )
    select
        dimension,
        cast(sign(units) * ((2 * abs(units) + unions) // (2 * unions)) as bigint)
    from moved
"""
REFUSED = """
    select refused.source_table, refused.source_key, refused.rule, places.region_code
    from read_parquet($rows) as refused
    inner join read_parquet($places) as places using (source_table, landing_row)
"""
VALUES = """
    select refused.source_table, refused.source_key, told.column_name, told.landed_value
    from read_parquet($rows) as refused
    inner join read_parquet($values) as told using (source_table, landing_row)
    where not told.looks_personal
"""
UNMEASURED = """
    select * replace (cast(happened_on as varchar) as happened_on)
    from read_parquet($account)
"""
CITY = "select area_code from read_parquet($areas) where level = 'city' limit 1"
AREAS = "select area_code, health_index, rank from read_parquet($areas)"
QUALITY = "data_quality"
UNIT = Decimal("0.0001")

Moved = dict[str, Any]
Shown = dict[str, Json]


class Standing(NamedTuple):
    """The index and the rank of an area."""

    health_index: Decimal | None
    rank: int | None


def answers(edition: Path) -> Iterator[str]:
    """Answers of the internal site that are not those of its edition."""
    data = edition / "site" / "data"
    shown = {file.stem: data_of(file) for file in sorted((data / "why").glob("*.js"))}
    index = data_of(data / "unmeasured.js")
    places = Places(edition, shown)
    yield from other_unions(edition, index, shown, places)
    yield from other_rows(edition, shown, places)
    yield from other_quality(edition, shown)
    for code, content in shown.items():
        for moved in content["movements"]:
            wrong = set(other_movement(edition, code, moved))
            if wrong:
                others = ", ".join(sorted(wrong))
                yield f"internal/site tells of {code} another movement than its tables: {others}"


class Places:
    """The script that tells of what lies in a division: that of its county, else the city's."""

    def __init__(self, edition: Path, codes: Iterable[str]) -> None:
        """Know the city and the counties of an edition; codes: those that have a script."""
        [(city,)] = read_rows(CITY, areas=edition / "area_index.parquet")
        self.city: str = city
        self.counties = [code for code in codes if code != self.city]

    def of(self, division: str | None) -> str:
        """The code of the script that tells of a division."""
        if division is None:
            return self.city
        for code in self.counties:
            if division.startswith(code):
                return code
        return self.city


# The unions that are not measured.


def other_unions(
    edition: Path,
    index: Json,
    shown: Shown,
    places: Places,
) -> Iterator[str]:
    """Unions told not to be measured for other reasons than the account has, or miscounted."""
    account = edition / "staging" / "unmeasured_unions.parquet"
    due = set(read_rows(UNMEASURED, account=account))
    count = len(set(reasons_on_site(index)) ^ due)
    if count:
        yield (
            "internal/site tells otherwise than the account of them why unions are not measured: "
            f"{counted_noun(count, 'reason')}"
        )
    counts = Counter[tuple[str, str]]()
    for *_, township, reason, _ in due:
        counts[places.of(township), reason] += 1
    counted = {}
    for code, content in shown.items():
        for reason, unions in content["unmeasured"]:
            counted[code, reason] = unions
    if counted != dict(counts):
        yield "internal/site counts other unions that are not measured than the account of them"


def reasons_on_site(index: Json) -> Iterator[Cells]:
    """A row for each union and reason that the site tells."""
    columns = (
        index["union_id"],
        index["enterprise_id"],
        index["name_zh"],
        index["township_code"],
        index["reasons"],
    )
    for *union, reasons in zip(*columns, strict=True):
        for reason in reasons:
            yield (*union, *reason)


# The rows that were refused.


def other_rows(
    edition: Path,
    shown: Shown,
    places: Places,
) -> Iterator[str]:
    """Refused rows that are not counted as the accounts have them, or show another value."""
    staging = edition / "staging"
    refused_rows = staging / "refused_rows.parquet"
    refused = read_rows(
        REFUSED,
        rows=refused_rows,
        places=staging / "refused_places.parquet",
    )
    rows = set()
    counts = Counter[tuple[str, str, str]]()
    for table, key, rule, region in refused:
        place = places.of(region)
        rows.add((place, table, key, rule))
        counts[place, table, rule] += 1
    if counts_on_site(shown) != dict(counts):
        yield "internal/site counts other refused rows than the accounts of them"
    values = read_rows(
        VALUES,
        rows=refused_rows,
        values=staging / "refused_values.parquet",
    )
    wrong = wrong_rows(shown, rows, set(values))
    if wrong:
        found = counted_noun(wrong, "row")
        yield f"internal/site shows as refused what was not, or with other values: {found}"


def counts_on_site(shown: Shown) -> dict[tuple[str, str, str], int]:
    """How many rows the site says were refused, by script, table and rule."""
    counted = {}
    for code, content in shown.items():
        for table, rule, count in content["refused"]["counts"]:
            counted[code, table, rule] = count
    return counted


def wrong_rows(
    shown: Shown,
    rows: set[Cells],
    values: set[Cells],
) -> int:
    """How many of the refused rows on the site are none, or show a value that was not landed.

    rows: script, table, key and rule of each; values: table, key, column and value of each.
    """
    wrong = 0
    for code, content in shown.items():
        for table, key, rule, cells in content["refused"]["rows"]:
            told = {
                (table, key, column, value) for column, state, value in cells if state == "value"
            }
            if (code, table, key, rule) not in rows or not told <= values:
                wrong += 1
    return wrong


# The data quality of the counties.


def other_quality(edition: Path, shown: Shown) -> Iterator[str]:
    """Counties of which another data quality is told than its table has.

    Sites that an older version made tell none.
    """
    columns = list(published_tables()[QUALITY].columns)
    query = f"select area_code, {', '.join(columns)} from read_parquet($file)"
    due = {
        code: dict(zip(columns, row, strict=True))
        for code, *row in read_rows(query, file=edition / f"{QUALITY}.parquet")
    }
    for code, content in shown.items():
        if "quality" in content and content["quality"] != due.get(code):
            yield f"internal/site tells of {code} another data quality than its table"


# What moved an index.


def other_movement(
    edition: Path,
    code: str,
    moved: Moved,
) -> Iterator[str]:
    """What of a movement that is shown of a county is not so."""
    areas = areas_of(edition)
    before: dict[str, Standing] = {}
    if moved["since"]["kind"] == "month_before":
        before = areas_of(edition / "predecessor" / "tables")
    for one in (moved, *moved["overtaken_by"], *moved["overtook"]):
        yield from other_figures(one, areas, before)
    if not before:
        return
    dimensions = {name: number(points) for name, points in moved["dimensions"]}
    if dimensions != points_moved(edition, code):
        yield "points by dimension"
    passed = {one["area_code"] for one in moved["overtaken_by"]}
    due = set()
    for other in areas.keys() & before.keys() - {code}:
        is_like = len(other) == len(code)
        if is_like and went_past(moved, before[other].rank, areas[other].rank):
            due.add(other)
    if passed != due:
        yield "who went past"


def other_figures(
    one: Moved,
    areas: dict[str, Standing],
    before: dict[str, Standing],
) -> Iterator[str]:
    """What is shown of an area's index and rank, now and before, and is not so."""
    code = one["area_code"]
    now = Standing(number(one["health_index"]), one["rank"])
    if now != areas[code]:
        yield "index or rank"
    if before:
        then = Standing(number(one["health_index_before"]), one["rank_before"])
        if then != before[code]:
            yield "index or rank before"
    if one["change"] is not None and not adds_up(one):
        yield "parts of the change"


def went_past(
    moved: Moved,
    before: int | None,
    now: int | None,
) -> bool:
    """Whether another area, by its ranks before and now, went past one."""
    was = moved["rank_before"]
    own = moved["rank"]
    if None in (before, now, was, own):
        return False
    return bool(before >= was and now < own)


def adds_up(one: Moved) -> bool:
    """Whether the change of an index is that of its two figures, and the sum of its parts."""
    before = number(one["health_index_before"])
    now = number(one["health_index"])
    of_members = number(one["of_members"])
    of_stayed = number(one["of_stayed"]) or 0
    if before is None or now is None or of_members is None:
        return False
    return now - before == number(one["change"]) == of_members + of_stayed


def points_moved(edition: Path, area: str) -> dict[str, Decimal]:
    """By how much the mean points of the unions that an area has both times moved, by dimension."""
    before = edition / "predecessor" / "tables"
    rows = read_rows(
        MOVED,
        points=edition / "union_dimension.parquet",
        earlier_points=before / "union_dimension.parquet",
        unions=edition / "union_index.parquet",
        earlier_unions=before / "union_index.parquet",
        area=area,
    )
    return {dimension: units * UNIT for dimension, units in rows}


def areas_of(folder: Path) -> dict[str, Standing]:
    """Index and rank of each area of a folder of tables."""
    rows = read_rows(AREAS, areas=folder / "area_index.parquet")
    return {code: Standing(index, rank) for code, index, rank in rows}


def number(cell: Any) -> Decimal | None:  # noqa: ANN401
    """A number of a script as it compares."""
    return None if cell is None else Decimal(cell)
