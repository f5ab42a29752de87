"""Which rows of the public tables are hidden, besides all those of hidden areas.

A mean is hidden by the number of unions behind it, not by the area's linked unions: an indicator
may concern few unions of a large area. The model of a table says what its means are of
(`mean_of`); the unions with a figure there are those behind a mean. Of each row of a table all
figures are hidden, or none: the counts beside a mean tell how many unions are behind it.

What is hidden for others is found as for areas (`suppression.py`), for each indicator or dimension
by itself: with the unions behind it for linked unions, and with all hidden areas hidden.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from orchestration.home.releases import Beside
from orchestration.release.sums import Measured, Room, holders, room_of
from orchestration.release.suppression import Shown, suppressed_areas
from quality.publication import PublishedTable, Source, bounds_of, public_tables, published_tables
from quality.release_files import read_rows

AREAS = "select area_code from read_parquet($areas)"

# What the key of a row has besides the area, such as an indicator.
Part = tuple[str, ...]
Key = tuple[str, ...]
# Of each public table, by the columns that are hidden together, the keys of the rows without them.
Hidden = dict[str, dict[tuple[str, ...], set[Key]]]


def hidden_rows(
    tables: Path,
    beside: Beside,
    hidden: Collection[str],
) -> dict[str, set[Key]]:
    """Of each public table the keys of the rows that are hidden, those of hidden areas too.

    tables: the folder of the judged tables; beside: the releases that there are; hidden: the codes
    of the hidden areas.
    """
    found = {}
    for table in public_tables().values():
        keys = keys_of(table, tables)
        few = set(rows_over_few(table, tables, beside, hidden))
        found[table.name] = {key for key in keys if key[0] in hidden or key in few}
    return found


def keys_of(table: PublishedTable, tables: Path) -> list[Key]:
    """The keys of the rows of a judged table."""
    query = f"select {', '.join(table.key)} from read_parquet($file)"
    return read_rows(query, file=tables / f"{table.name}.parquet")


def rows_over_few(
    table: PublishedTable,
    tables: Path,
    beside: Beside,
    hidden: Collection[str],
) -> Iterator[Key]:
    """The keys of a table's rows with a mean over few unions, or that would give one away."""
    if len(table.key) == 1:
        return
    for source in set(table.means.values()):
        earlier = [shown_by(table, source, release) for release in beside.earlier]
        for part, measured in measured_by_part(source, tables).items():
            shown = [each[part] for each in earlier if part in each]
            stay_hidden = set(hidden)
            if earlier:
                stay_hidden |= measured.areas.difference(*(each.areas for each in shown))
            for area in suppressed_areas(measured, shown, stay_hidden):
                yield area, *part


def shown_by(
    table: PublishedTable,
    source: Source,
    release: Path,
) -> dict[Part, Shown]:
    """What a release shows of a table's means, by part; nothing where it lacks the table."""
    file = release / "public" / f"{table.name}.parquet"
    if not file.exists():
        return {}
    areas: defaultdict[Part, set[str]] = defaultdict(set)
    query = f"select {', '.join(table.key)} from read_parquet($table) where not suppressed"
    for area, *part in read_rows(query, table=file):
        areas[tuple(part)].add(area)
    measured = measured_by_part(source, release / "internal")
    return {part: Shown(measured[part], areas[part]) for part in measured}


def measured_by_part(source: Source, tables: Path) -> dict[Part, Measured]:
    """The unions with a figure of a source, and their number in each area, by part.

    tables: the folder of the tables of a month.
    """
    areas = [area for (area,) in read_rows(AREAS, areas=tables / "area_index.parquet")]
    unions: defaultdict[Part, dict[str, tuple[str, str]]] = defaultdict(dict)
    rows = read_rows(
        figures_of(source),
        figures=tables / f"{source.table}.parquet",
        unions=tables / "union_index.parquet",
    )
    sums: defaultdict[Part, defaultdict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    for union, township, figure, figures, *part in rows:
        of_part = unions[tuple(part)]
        if figure is not None:
            of_part[union] = (township, figures)
            sums[tuple(part)][township] += figure
    measured = {}
    for key, of_part in unions.items():
        townships = Counter(township for township, _ in of_part.values())
        numbers = numbers_by_area(areas, townships)
        measured[key] = Measured(numbers, of_part, room_by_area(areas, sums[key], numbers, source))
    return measured


def room_by_area(
    areas: Sequence[str],
    sums: Mapping[str, Decimal],
    numbers: Mapping[str, int],
    source: Source,
) -> dict[str, Room]:
    """How far the unions of each area are from the lowest and highest figure, in its range.

    sums: the figures of each township's unions, added; numbers: the unions of each area.
    """
    bounds = bounds_of(source)
    added = dict.fromkeys(areas, Decimal(0))
    for township, figures in sums.items():
        for area in holders(areas, township):
            added[area] += figures
    return {area: room_of(total, numbers[area], bounds) for area, total in added.items()}


def figures_of(source: Source) -> str:
    """The query of the unions of a source: union, township, figure, all figures and part.

    All figures are those that enter a count or a mean, as one text.
    """
    table = published_tables()[source.table]
    columns = ", ".join([source.column, *table.codes])
    part = "".join(f", {column}" for column in table.key[1:])
    return f"""
        select
            union_id,
            township_code,
            {source.column},
            concat_ws(' ', {columns})
            {part}
        from read_parquet($figures)
        inner join (
            select union_id, township_code from read_parquet($unions)
        ) using (union_id)
    """


def numbers_by_area(areas: Sequence[str], townships: Mapping[str, int]) -> dict[str, int]:
    """How many unions each area has, from those of the townships."""
    numbers = dict.fromkeys(areas, 0)
    for township, number in townships.items():
        for area in holders(areas, township):
            numbers[area] += number
    return numbers
