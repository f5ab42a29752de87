"""Which counts of rows that are shown are hidden, because they would tell hidden ones by bounds.

Where no union of the hidden areas in a shown one is counted, or every one, that is told of each
hidden area. Each union is counted or not, so a count is a sum of figures that are 1 or 0, and what
is hidden is found as for means (`suppression.py`): in each sum of hidden areas that can be told by
difference, one union at least is counted and one is not. Counts of enterprises have no highest
figure. Counts that add up to another are hidden together, and the figures beside them shown.

What one edition of a month shows beside a hidden count tells this together with an edition that
shows it; so what is hidden once in a shown row stays hidden in all later ones.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from decimal import Decimal
from pathlib import Path

from orchestration.home.releases import Beside
from orchestration.release.hidden_rows import Hidden, Key, Part
from orchestration.release.sums import Room
from orchestration.release.suppression import hidden_for_bounds
from quality.publication import PublishedTable, public_tables
from quality.release_files import read_rows

LINKED = "select area_code, linked from read_parquet($areas)"

# The columns that are hidden together.
Group = tuple[str, ...]
Counts = dict[str, tuple[int, ...]]


def hidden_counts(
    tables: Path,
    beside: Beside,
    hidden: Mapping[str, Collection[Key]],
) -> Hidden:
    """Of each public table, by group of its counts, the keys of the rows that lack them.

    Those of rows that are hidden whole are among them.

    tables: the folder of the judged tables; beside: the releases that there are; hidden: the keys
    of the hidden rows of each table.
    """
    linked: dict[str, int] = dict(read_rows(LINKED, areas=tables / "area_index.parquet"))
    found: Hidden = defaultdict(dict)
    for table in public_tables().values():
        for group in table.groups_of_counts:
            before = [lacking_in(release, table, group) for release in beside.earlier]
            stay_hidden = set(hidden[table.name]).union(*before)
            found[table.name][group] = set(lacking(table, group, tables, linked, stay_hidden))
    return found


def lacking(
    table: PublishedTable,
    group: Group,
    tables: Path,
    linked: Mapping[str, int],
    stay_hidden: Collection[Key],
) -> Iterator[Key]:
    """The keys of the rows of a table that lack a group of counts.

    linked: the linked unions of each area; stay_hidden: the keys of rows that lack it anyway.
    """
    hidden: defaultdict[Part, set[str]] = defaultdict(set)
    for area, *part in stay_hidden:
        hidden[tuple(part)].add(area)
    room_of = room_among_unions if table.facts[group[0]].part_of else room_among_enterprises
    for each, counts in counts_by_part(table, group, tables / f"{table.name}.parquet").items():
        room = {area: room_of(counts[area], linked[area]) for area in counts}
        # An area without linked unions has enterprises all the same.
        behind = {area: max(linked[area], 1) for area in counts}
        for area in hidden_for_bounds(behind, hidden[each], room):
            yield area, *each


def room_among_unions(counts: tuple[int, ...], linked: int) -> Room:
    """How many of an area's linked unions each count counts, and how many it does not."""
    return tuple(Decimal(number) for count in counts for number in (count, linked - count))


def room_among_enterprises(counts: tuple[int, ...], _linked: int) -> Room:
    """How many enterprises each count counts; those that it does not are of no known number."""
    return tuple(map(Decimal, counts))


def counts_by_part(
    table: PublishedTable,
    group: Group,
    file: Path,
) -> dict[Part, Counts]:
    """The counts of a group by area, for each rest of the key."""
    found: defaultdict[Part, Counts] = defaultdict(dict)
    query = f"select {', '.join([*table.key, *group])} from read_parquet($file)"
    width = len(table.key)
    for row in read_rows(query, file=file):
        area, *part = row[:width]
        found[tuple(part)][area] = row[width:]
    return found


def lacking_in(
    release: Path,
    table: PublishedTable,
    group: Group,
) -> list[Key]:
    """The keys of the rows that a release shows without a group of counts; none without it."""
    file = release / "public" / f"{table.name}.parquet"
    if not file.exists():
        return []
    return read_rows(
        f"""
        select {", ".join(table.key)}
        from read_parquet($file)
        where not suppressed and {group[0]} is null
        """,
        file=file,
    )
