"""Which ranks the public edition leaves out, because a hidden area is ranked among them.

The rank that is missing among those shown is that of a hidden area, and tells between which indices
it stands. So of the areas that are ranked together (`peers` in int_area.yml; of each dimension by
itself) all have their ranks, or none. A hidden area without a rank hides none.

Ranks of the month before are left out likewise, also where an area was hidden among them then.
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from pathlib import Path

from orchestration.contract.parameters import parameters
from orchestration.release.hidden_rows import Hidden, Key, keys_of
from quality.publication import PublishedTable, public_tables
from quality.release_files import read_rows

LEVELS = "select area_code, level from read_parquet($areas)"
INDEX = "area_index"

# The areas that are ranked together, and what the key of their rows has besides the area.
Peers = tuple[str, ...]
PeersOf = Callable[[Key], Peers]


def hidden_ranks(
    tables: Path,
    hidden: Mapping[str, Collection[Key]],
    predecessor: Path | None = None,
    unchanging: Collection[str] = (),
) -> Hidden:
    """Of each public table with ranks, by group of its columns, the keys of the rows without them.

    tables: the folder of the judged tables; hidden: the keys of the hidden rows of each table;
    predecessor: the tables of the month before, if any; unchanging: the areas of which nothing is
    told against it, those hidden then among them.
    """
    peers_of = grouping(tables)
    then = set[Peers]()
    if predecessor:
        then = peers_then(predecessor, unchanging)
    found: Hidden = {}
    for table in public_tables().values():
        ranks = table.telling("order")
        if not ranks:
            continue
        now = peers_with_hidden(table, tables, hidden[table.name], peers_of)
        found[table.name] = {ranks: set(rows_of_peers(table, tables, now, peers_of))}
        before = table.telling("order_before")
        if before:
            without = set(rows_of_peers(table, tables, now | then, peers_of))
            found[table.name][before] = without
    return found


def peers_then(predecessor: Path, unchanging: Collection[str]) -> set[Peers]:
    """The peers of the month before of which one that was ranked may not be told of."""
    hidden = [(area,) for area in unchanging]
    table = public_tables()[INDEX]
    return peers_with_hidden(table, predecessor, hidden, grouping(predecessor))


def peers_with_hidden(
    table: PublishedTable,
    tables: Path,
    hidden: Collection[Key],
    peers_of: PeersOf,
) -> set[Peers]:
    """The peers of a table of which a ranked one is hidden."""
    ranks = table.telling("order")
    ranked = set(keys_of(table, tables, f"{ranks[0]} is not null"))
    return {peers_of(key) for key in ranked.intersection(hidden)}


def rows_of_peers(
    table: PublishedTable,
    tables: Path,
    peers: Collection[Peers],
    peers_of: PeersOf,
) -> Iterator[Key]:
    """The keys of a table's rows of these peers."""
    for key in keys_of(table, tables):
        if peers_of(key) in peers:
            yield key


def grouping(tables: Path) -> PeersOf:
    """What gives the peers of a row by its key, from the areas of a folder of tables.

    Townships are ranked among those with the same beginning, others among those of their level.
    """
    length = parameters().county_code_length
    levels: dict[str, str] = dict(read_rows(LEVELS, areas=tables / f"{INDEX}.parquet"))

    def peers_of(key: Key) -> Peers:
        area, *part = key
        level = levels[area]
        return (area[:length] if level == "township" else level, *part)

    return peers_of
