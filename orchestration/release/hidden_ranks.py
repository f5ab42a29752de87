"""Which ranks the public edition leaves out, because a hidden area is ranked among them.

The rank that is missing among those shown is that of a hidden area, and tells between which indices
it stands. So of the areas that are ranked together (`peers` in int_area.yml; of each dimension by
itself) all have their ranks, or none. A hidden area without linked unions, which has no rank, hides
none; of one with linked unions, that it has no rank would tell that none of them is measured.

Ranks of the month before are left out likewise, also where an area was hidden among them then.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path

from orchestration.contract.parameters import parameters
from orchestration.release.hidden_rows import Hidden, Key, keys_of
from quality.publication import public_tables
from quality.release_files import read_rows

AREAS = "select area_code, level, linked from read_parquet($areas)"

# The areas that are ranked together, and what the key of their rows has besides the area.
Peers = tuple[str, ...]


@dataclass(frozen=True)
class Areas:
    """The areas of a month: the level of each and how many linked unions it has, by code."""

    levels: Mapping[str, str]
    linked: Mapping[str, int]

    def peers(self, key: Key) -> Peers:
        """What the area of a row is ranked with, by the key of the row.

        Townships are ranked among those with the same beginning, others among those of their level.
        """
        area, *part = key
        level = self.levels[area]
        length = parameters().county_code_length
        return (area[:length] if level == "township" else level, *part)

    def peers_with_hidden(self, hidden: Collection[Key]) -> set[Peers]:
        """The peers of which a hidden one has linked unions; hidden: the keys of hidden rows."""
        return {self.peers(key) for key in hidden if self.linked[key[0]]}


def areas_in(tables: Path) -> Areas:
    """The areas of a folder of tables."""
    rows = read_rows(AREAS, areas=tables / "area_index.parquet")
    return Areas(
        levels={code: level for code, level, _ in rows},
        linked={code: linked for code, _, linked in rows},
    )


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
    areas = areas_in(tables)
    then = set[Peers]()
    if predecessor:
        then = areas_in(predecessor).peers_with_hidden([(area,) for area in unchanging])
    found: Hidden = {}
    for table in public_tables().values():
        if not table.telling("order"):
            continue
        now = areas.peers_with_hidden(hidden[table.name])
        without = {
            table.telling("order"): now,
            table.telling("order_before"): now | then,
        }
        keys = keys_of(table, tables)
        found[table.name] = {
            columns: {key for key in keys if areas.peers(key) in peers}
            for columns, peers in without.items()
        }
    return found
