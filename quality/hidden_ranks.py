"""Ranks in the public edition that tell where a hidden area stands.

Whoever sees the ranks of all others knows the missing one, and so between which indices a hidden
area lies. Where one of the areas that are ranked together is hidden, none of them may have a rank,
nor where one was hidden the month before a rank of then. Read from the public files themselves, and
written apart from the suppression that it judges; other tables only say which areas have unions.
"""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from quality.disclosure import SMALLEST_AREA
from quality.release_files import read_rows

PREDECESSOR = Path("internal", "predecessor", "tables", "area_index.parquet")
# Townships are ranked with those of the same beginning, counties with each other.
PEERS = """
    case
        when length(area_code) > 6 then substr(area_code, 1, 6)
        when length(area_code) = 6 then 'county'
        else 'city'
    end
"""
TOLD = """
    with placed as (
        select
            {peers} as peers,
            areas.linked > 0 and {figure} is null as is_hidden,
            coalesce({ranks}) is not null as has_rank
        from read_parquet($shown) as shown
        inner join (
            select area_code, linked from read_parquet($areas)
        ) as areas using (area_code)
    )
    select count(*)
    from placed
    where has_rank and peers in (select peers from placed where is_hidden)
"""
TOLD_OF_THEN = f"""
    with shown_then as (
        select area_code
        from read_parquet($shown_then)
        where health_index is not null
    )
    select count(*)
    from read_parquet($shown)
    where previous_rank is not null and {PEERS} in (
        select {PEERS}
        from read_parquet($then)
        where linked > 0 and (linked < {SMALLEST_AREA} or area_code not in (from shown_then))
    )
"""


class Ranked(NamedTuple):
    """A public table with ranks: of what, besides the area; the ranked figure; and the ranks."""

    part: tuple[str, ...]
    figure: str
    ranks: tuple[str, ...]


RANKED = {
    "area_index": Ranked((), "health_index", ("rank",)),
    "area_dimension": Ranked(("dimension",), "rate", ("rank",)),
    "county_ranking": Ranked((), "health_index", ("rank", "rank_low", "rank_high")),
}
RANKED_BEFORE = ("area_index", "county_ranking")


def ranks_told(folder: Path, month_before: Sequence[Path] = ()) -> Iterator[str]:
    """Public tables with ranks of areas among which a hidden one is ranked.

    month_before: the folders of the releases of the month before, the last one in force.
    """
    for table, ranked in RANKED.items():
        count = told_in(folder, table, ranked)
        if count:
            yield f"{table} has {count} ranks among which a hidden area has one"
    if not (folder / PREDECESSOR).exists():
        return
    for table in RANKED_BEFORE:
        count = told_of_then(folder, table, month_before)
        if count:
            yield f"{table} has {count} ranks of then among which a hidden area had one"


def told_in(
    folder: Path,
    table: str,
    ranked: Ranked,
) -> int:
    """How many rows of a public table have ranks among which a hidden area has one."""
    query = TOLD.format(
        peers=" || ' ' || ".join([f"({PEERS})", *ranked.part]),
        figure=f"shown.{ranked.figure}",
        ranks=", ".join(f"shown.{column}" for column in ranked.ranks),
    )
    [(count,)] = read_rows(
        query,
        shown=folder / "public" / f"{table}.parquet",
        areas=folder / "internal" / "area_index.parquet",
    )
    return int(count)


def told_of_then(
    folder: Path,
    table: str,
    month_before: Sequence[Path],
) -> int:
    """How many rows of a public table have a rank of then among which a hidden area had one.

    Where the public has no release of the month before, small areas count as hidden then.
    """
    then = folder / PREDECESSOR
    shown_then = then
    if month_before:
        shown_then = month_before[-1] / "public" / "area_index.parquet"
    [(count,)] = read_rows(
        TOLD_OF_THEN,
        shown=folder / "public" / f"{table}.parquet",
        then=then,
        shown_then=shown_then,
    )
    return int(count)
