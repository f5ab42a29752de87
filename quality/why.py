"""What the internal site answers to "why", checked against its edition.

It is compared with the edition's accounts and tables, and the month before that it archives.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from quality.connection import reading
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
AREAS = "select area_code, level, health_index, rank from read_parquet($1)"
UNIT = Decimal("0.0001")

Cells = tuple[Any, ...]
Moved = dict[str, Any]


def answers(edition: Path) -> Iterator[str]:
    """Answers of the internal site that are not those of its edition."""
    data = edition / "site" / "data"
    shown = {file.stem: data_of(file) for file in sorted((data / "why").glob("*.js"))}
    places = Places(edition, shown)
    yield from other_unions(edition, data_of(data / "unmeasured.js"), shown, places.of)
    yield from other_rows(edition, shown, places.of)
    for code, content in shown.items():
        for moved in content["movements"]:
            if wrong := sorted(set(other_movement(edition, code, moved))):
                others = ", ".join(wrong)
                yield f"internal/site tells of {code} another movement than its tables: {others}"


class Places:
    """The script that tells of what lies in a division: that of its county, else the city's."""

    def __init__(self, edition: Path, codes: Iterable[str]) -> None:
        """Know the city and the counties of an edition; codes: those that have a script."""
        levels = {
            code: level for code, level, *_ in rows_of(AREAS, [str(edition / "area_index.parquet")])
        }
        self.city = next(code for code, level in levels.items() if level == "city")
        self.counties = [code for code in codes if code != self.city]

    def of(self, division: str | None) -> str:
        """The code of the script that tells of a division."""
        return next(
            (code for code in self.counties if (division or "").startswith(code)), self.city
        )


def other_unions(
    edition: Path,
    index: dict[str, Any],
    shown: dict[str, Any],
    place_of: Callable[[str | None], str],
) -> Iterator[str]:
    """Unions told not to be measured for other reasons than the account has, or miscounted."""
    columns = [
        index[name] for name in ("union_id", "enterprise_id", "name_zh", "township_code", "reasons")
    ]
    told = {
        (*union, *reason) for *union, reasons in zip(*columns, strict=True) for reason in reasons
    }
    query = "select * replace (cast(happened_on as varchar) as happened_on) from read_parquet($1)"
    due = set(rows_of(query, [str(edition / "staging" / "unmeasured_unions.parquet")]))
    if count := len(told ^ due):
        yield (
            f"internal/site tells of {count} reasons why unions are not measured "
            "otherwise than the account of them"
        )
    by_area = Counter((place_of(township), reason) for *_, township, reason, _ in due)
    counted = {
        (code, reason): count
        for code, content in shown.items()
        for reason, count in content["unmeasured"]
    }
    if counted != dict(by_area):
        yield "internal/site counts other unions that are not measured than the account of them"


def other_rows(
    edition: Path, shown: dict[str, Any], place_of: Callable[[str | None], str]
) -> Iterator[str]:
    """Refused rows that are not counted as the accounts have them, or show another value."""
    staging = edition / "staging"
    files = {
        name: str(staging / f"refused_{name}.parquet") for name in ("rows", "places", "values")
    }
    refused = rows_of(REFUSED, {name: files[name] for name in ("rows", "places")})
    by_area = Counter((place_of(region), table, rule) for table, _, rule, region in refused)
    counted = {
        (code, table, rule): count
        for code, content in shown.items()
        for table, rule, count in content["refused"]["counts"]
    }
    if counted != dict(by_area):
        yield "internal/site counts other refused rows than the accounts of them"
    due = {(place_of(region), table, key, rule) for table, key, rule, region in refused}
    told = [(code, *row) for code, content in shown.items() for row in content["refused"]["rows"]]
    values = set(rows_of(VALUES, {name: files[name] for name in ("rows", "values")}))
    wrong = [
        row
        for *row, cells in told
        if tuple(row) not in due
        or any(
            state == "value" and (*row[1:3], column, value) not in values
            for column, state, value in cells
        )
    ]
    if wrong:
        yield f"internal/site shows {len(wrong)} refused rows that are none, or with other values"


def other_movement(edition: Path, code: str, moved: Moved) -> Iterator[str]:
    """What of a movement that is shown of a county is not so."""
    areas = areas_of(edition)
    is_since_month_before = moved["since"]["kind"] == "month_before"
    before = areas_of(edition / "predecessor" / "tables") if is_since_month_before else {}
    for one in (moved, *moved["overtaken_by"], *moved["overtook"]):
        if (number(one["health_index"]), one["rank"]) != areas[one["area_code"]]:
            yield "index or rank"
        if before:
            told_before = (number(one["health_index_before"]), one["rank_before"])
            if told_before != before[one["area_code"]]:
                yield "index or rank before"
        if one["change"] is not None and not adds_up(one):
            yield "parts of the change"
    if before:
        dimensions = {name: number(points) for name, points in moved["dimensions"]}
        if dimensions != points_moved(edition, code):
            yield "points by dimension"
    passed = {one["area_code"] for one in moved["overtaken_by"]}
    like = {
        other: rank
        for other, (_, rank) in areas.items()
        if len(other) == len(code) and other in before
    }
    due = {other for other, rank in like.items() if went_past(moved, before[other][1], rank)}
    if before and passed != due - {code}:
        yield "who went past"


def went_past(moved: Moved, before: int | None, now: int | None) -> bool:
    """Whether another area, by its ranks before and now, went past one."""
    was, own = moved["rank_before"], moved["rank"]
    if before is None or now is None or was is None or own is None:
        return False
    return bool(before >= was and now < own)


def adds_up(one: Moved) -> bool:
    """Whether the change of an index is that of its two figures, and the sum of its parts."""
    before, now, change, members = (
        number(one[name])
        for name in ("health_index_before", "health_index", "change", "of_members")
    )
    if before is None or now is None or members is None:
        return False
    return now - before == change == members + (number(one["of_stayed"]) or 0)


def points_moved(edition: Path, area: str) -> dict[str, Decimal]:
    """By how much the mean points of the unions that an area has both times moved, by dimension."""
    before = edition / "predecessor" / "tables"
    files = {
        "points": str(edition / "union_dimension.parquet"),
        "earlier_points": str(before / "union_dimension.parquet"),
        "unions": str(edition / "union_index.parquet"),
        "earlier_unions": str(before / "union_index.parquet"),
        "area": area,
    }
    return {dimension: units * UNIT for dimension, units in rows_of(MOVED, files)}


def areas_of(folder: Path) -> dict[str, Cells]:
    """Index and rank of each area of a folder of tables."""
    return {
        code: (index, rank)
        for code, _, index, rank in rows_of(AREAS, [str(folder / "area_index.parquet")])
    }


def number(cell: Any) -> Decimal | None:  # noqa: ANN401
    """A number of a script as it compares."""
    return None if cell is None else Decimal(cell)


def rows_of(query: str, given: Any) -> list[Cells]:  # noqa: ANN401
    """A query's rows."""
    with reading() as connection:
        return connection.execute(query, given).fetchall()
