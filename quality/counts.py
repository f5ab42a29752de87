"""How near a reader comes to hidden counts: their feasible intervals, by one linear program.

A reader who knows the linked unions of every area knows sums of counts: a shown count less the
shown ones in it is the sum over hidden areas. Each of these counts is at least 0 and counts no
union twice, and those that add up to the linked unions do so in every area. A hidden count of few
unions is safe where what this leaves holds more than one whole number (minimum frequency and
feasibility interval: Hundepool and others, Statistical Disclosure Control, Wiley 2012). Sums of
hidden areas have no area in common, so that all of them are solved at once. Written apart from the
suppression that it judges.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import block_diag

from quality.intervals import SMALLEST_AREA, TOLERANCE, rests_of
from quality.nouns import counted_noun
from quality.publication import PublishedTable, public_tables
from quality.release_files import read_rows

LINKED = "select area_code, linked from read_parquet($areas)"
# The least width of the interval of a whole number that is not known.
LEAST_WIDTH = 1

Figures = dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class Counts:
    """Counts of a release that are shown or hidden together, of every area.

    columns: what each is called, by table, column and what the key has besides the area;
    is_partition: whether they add up to the linked unions; judged, shown: the counts by area, in
    the order of the columns, all of them and those that the public edition shows.
    """

    columns: Sequence[str]
    is_partition: bool
    judged: Figures
    shown: Figures


@dataclass(frozen=True)
class Block:
    """Hidden areas without areas in them, of which a reader knows the sum of each count.

    names: what each count is called; sums: of each count; told: the counts that are no secret;
    linked: the linked unions by area; looked_at: the area whose interval is looked at, of those
    with few unions the one with the most, for the more unions, the narrower the interval in the
    same sum; is_partition: whether the counts of an area add up to its linked unions.
    """

    names: Sequence[str]
    sums: Sequence[int]
    told: Collection[str]
    linked: Mapping[str, int]
    looked_at: str
    is_partition: bool

    @property
    def matrix(self) -> np.ndarray:
        """What is known of its unknowns, a row each.

        An unknown is a count of an area, in the order of the areas, then of the counts.
        """
        areas, counts = len(self.linked), len(self.names)
        sums = np.kron(np.ones((1, areas)), np.eye(counts))
        if not self.is_partition:
            return sums
        return np.vstack([sums, np.kron(np.eye(areas), np.ones((1, counts)))])

    @property
    def totals(self) -> list[int]:
        """What each row of the matrix makes."""
        return [*self.sums, *(self.linked.values() if self.is_partition else ())]

    @property
    def unknowns(self) -> int:
        """How many unknowns it has."""
        return len(self.linked) * len(self.names)

    def picked(self, name: str) -> np.ndarray:
        """The factors of the unknowns that make a count of the area that is looked at."""
        areas = [float(area.startswith(self.looked_at)) for area in self.linked]
        counts = [float(each == name) for each in self.names]
        return np.kron(areas, counts)


def narrow_counts(release: Path) -> Iterator[str]:
    """Counts of which hidden ones of few unions are known too nearly.

    Raises ValueError where no counts add up to what is shown.
    """
    areas = release / "internal" / "area_index.parquet"
    linked: dict[str, int] = dict(read_rows(LINKED, areas=areas))
    blocks = [block for counts in counts_of(release) for block in blocks_of(counts, linked)]
    for name, number in narrow_among(blocks).items():
        sums = counted_noun(number, "sum of hidden areas tells", "sums of hidden areas tell")
        yield f"{name}: {sums} counts of few unions"


def narrow_among(blocks: Sequence[Block]) -> Counter[str]:
    """How many blocks leave too narrow an interval, by the name of the count."""
    found = Counter[str]()
    for number in range(max((len(block.names) for block in blocks), default=0)):
        looked_at = [block for block in blocks if len(block.names) > number]
        names = [block.names[number] for block in looked_at]
        for block, name, width in zip(looked_at, names, widths(looked_at, names), strict=True):
            if width < LEAST_WIDTH - TOLERANCE and name not in block.told:
                found[name] += 1
    return found


def widths(blocks: Sequence[Block], names: Sequence[str]) -> list[float]:
    """How wide the interval of a count of the area that each block looks at is.

    names: the count of each block. All blocks are one program: they share no unknown, so what is
    least for all is least for each.
    """
    picked = [block.picked(name) for block, name in zip(blocks, names, strict=True)]
    factors = np.concatenate(picked)
    ranges = factors * (extreme(blocks, -factors) - extreme(blocks, factors))
    ends = np.cumsum([block.unknowns for block in blocks])
    return [float(part.sum()) for part in np.split(ranges, ends[:-1])]


def extreme(blocks: Sequence[Block], factors: np.ndarray) -> np.ndarray:
    """The unknowns of all blocks where the sum of their multiples is least.

    Raises ValueError where no counts make the sums, so that those shown do not add up.
    """
    found = linprog(
        factors,
        A_eq=block_diag([block.matrix for block in blocks], format="csr"),
        b_eq=np.concatenate([block.totals for block in blocks]),
        bounds=(0, None),
        method="highs",
    )
    if not found.success:
        message = f"no counts add up to what is shown: {found.message}"
        raise ValueError(message)
    unknowns: np.ndarray = found.x
    return unknowns


def blocks_of(counts: Counts, linked: Mapping[str, int]) -> Iterator[Block]:
    """The hidden areas of which a reader knows the sums of counts.

    A count of no union of the city, or of all, is told of all areas alike, not of one.
    """
    areas = sorted(counts.judged)
    city = min(areas, key=len)
    ends = (0, linked[city]) if counts.is_partition else (0,)
    told = [
        name
        for name, count in zip(counts.columns, counts.judged[city], strict=True)
        if count in ends
    ]
    hidden = [area for area in areas if area not in counts.shown]
    least = 1 if counts.is_partition else 0
    few = [area for area in hidden if least <= linked[area] < SMALLEST_AREA]
    for rest in rests_of(counts.shown, areas):
        within = [area for area in few if any(part.startswith(area) for part in rest.hidden)]
        if not within:
            continue
        known = [counts.shown[area] for area in (rest.area, *rest.shown)]
        yield Block(
            names=counts.columns,
            sums=[all_of - sum(parts) for all_of, *parts in zip(*known, strict=True)],
            told=told,
            linked={part: linked[part] for part in rest.hidden},
            looked_at=max(within, key=lambda area: linked[area]),
            is_partition=counts.is_partition,
        )


def counts_of(release: Path) -> Iterator[Counts]:
    """The counts of a release, by table, columns that are hidden together and rest of the key."""
    for table in public_tables().values():
        for columns in table.groups_of_counts:
            judged = figures_by_part(table, columns, release / "internal")
            shown = figures_by_part(table, columns, release / "public")
            for part, figures in judged.items():
                yield Counts(
                    columns=[" ".join([f"{table.name}.{column}", *part]) for column in columns],
                    is_partition=table.facts[columns[0]].part_of is not None,
                    judged=figures,
                    shown={
                        area: values for area, values in shown[part].items() if None not in values
                    },
                )


def figures_by_part(
    table: PublishedTable,
    columns: Sequence[str],
    edition: Path,
) -> dict[tuple[str, ...], Figures]:
    """What an edition has of counts by area, for each rest of the key."""
    figures: defaultdict[tuple[str, ...], Figures] = defaultdict(dict)
    query = f"select {', '.join([*table.key, *columns])} from read_parquet($file)"
    for row in read_rows(query, file=edition / f"{table.name}.parquet"):
        area, *part = row[: len(table.key)]
        figures[tuple(part)][area] = row[len(table.key) :]
    return figures
