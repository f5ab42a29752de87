"""Sums over few unions that follow from several public editions of a month, by exact elimination.

Written apart from the suppression that it judges, and knowing more than a reader: which unions
stand where, and which have the same figures in two editions. Unions with the same history are one
group; a group has an unknown for each version of its figures. What a township counts besides, its
enterprises without a linked union, is a group of no unions. A sum over a group of 10 unions or more
is no secret; so these are eliminated first, and of what is left, sums of small groups alone, the
one over the fewest unions is looked for.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate, chain

from quality.elimination import Row, Solved, Unknown, eliminate, remainder, solve

FEWEST = 10

# A union's township in an edition, and the number of the edition that had its figures first.
Place = tuple[str, int]
History = tuple[Place, ...]
Sizes = Mapping[int, int]
Takers = Mapping[Unknown, Sequence[Row]]
Rows = list[Row]
NOT_THERE: tuple[str, str | None] = ("", None)


@dataclass(frozen=True)
class Edition:
    """An edition of a month: its unions, and the areas of which it shows figures.

    townships: the codes of the areas without areas in them; unions: of each union the code of its
    township, and a text of all its figures.
    """

    townships: AbstractSet[str]
    unions: Mapping[str, tuple[str, str]]
    shown: AbstractSet[str]


@dataclass(frozen=True)
class Search:
    """What a search for the smallest sum needs: sizes of groups, and what was told before."""

    sizes: Sizes
    before: Solved

    def finds(self, rows: Sequence[Row], most: int) -> bool:
        """Whether rows combine to a sum, not told before, over so many unions or fewer."""
        without_unions = frozenset(group for group, size in self.sizes.items() if not size)
        for number, row in enumerate(rows, start=1):
            later_rows = rows[number:]
            if self.finds_with(row, later_rows, most, without_unions):
                return True
        return False

    def finds_with(
        self,
        row: Row,
        others: Sequence[Row],
        most: int,
        counted: frozenset[int],
    ) -> bool:
        """Whether a row, with or without some of the others, is such a sum.

        Each of its unknowns is taken away by one of the others, or its group is counted.
        """
        left = {unknown for unknown in row if unknown[0] not in counted}
        if not left:
            return not is_known(row, self.before)
        takers = takers_of(left, others)
        if self.unions_that_stay(takers) > most:
            return False
        unknown = min(left, key=lambda unknown: (len(takers[unknown]), unknown))
        if takers[unknown]:
            taker = takers[unknown][0]
            smaller = eliminate(row, taker, unknown)
            rest = others_without(taker, unknown, others)
            if self.finds_with(smaller, rest, most, counted):
                return True
        group, _ = unknown
        left_over = most - self.sizes[group]
        if left_over < 0:
            return False
        return self.finds_with(row, others, left_over, counted | {group})

    def unions_that_stay(self, takers: Takers) -> int:
        """How many unions are in the groups of unknowns that no other row takes away."""
        groups = {group for (group, _), rows in takers.items() if not rows}
        return sum(self.sizes[group] for group in groups)


def is_known(row: Row, known: Solved) -> bool:
    """Whether a sum follows from known ones."""
    return not remainder(row, known)


def takers_of(unknowns: Iterable[Unknown], rows: Sequence[Row]) -> Takers:
    """The rows that can take away each of these unknowns."""
    return {unknown: [row for row in rows if unknown in row] for unknown in unknowns}


def others_without(
    taker: Row,
    unknown: Unknown,
    rows: Sequence[Row],
) -> list[Row]:
    """Rows other than one, which has taken an unknown away from each of them."""
    found = []
    for row in rows:
        if row is taker:
            continue
        found.append(eliminate(row, taker, unknown) if unknown in row else row)
    return found


def given_away(before: Sequence[Edition], edition: Edition) -> int:
    """How many sums over fewer than 10 unions an edition tells that were not told before."""
    rows, sizes = rows_of([*before, edition])

    def largest_first(unknown: Unknown) -> tuple[int, Unknown]:
        return -sizes[unknown[0]], unknown

    rows_before = list(chain.from_iterable(rows[:-1]))
    known_before = solve(rows_before, largest_first)
    known = solve([*rows_before, *rows[-1]], largest_first)
    small = {}
    for unknown, row in known.items():
        group, _ = unknown
        if sizes[group] < FEWEST:
            small[unknown] = row
    search = Search(sizes, known_before)
    return sum(search.finds(block, FEWEST - 1) for block in blocks_of(small))


def rows_of(editions: Sequence[Edition]) -> tuple[list[Rows], Sizes]:
    """Of each edition the sums that it shows, and the number of unions in each group."""
    counts = unions_by_history(editions)
    histories = sorted(counts)
    rows = []
    for number, edition in enumerate(editions):
        groups = [history[number] for history in histories]
        rows.append(sums_shown(edition, groups))
    sizes = [counts[history] for history in histories]
    return rows, dict(enumerate(sizes))


def unions_by_history(editions: Sequence[Edition]) -> Counter[History]:
    """How many unions have each history; none has that of what a township counts besides."""
    unions = set[str]()
    townships = set[str]()
    for edition in editions:
        unions.update(edition.unions)
        townships.update(edition.townships)
    counts = Counter(history_of(union, editions) for union in unions)
    for township in townships:
        places = [township if township in edition.townships else "" for edition in editions]
        besides = tuple((place, -1) for place in places)
        counts[besides] = 0
    return counts


def history_of(union: str, editions: Sequence[Edition]) -> History:
    """A union's township in each edition, and the first edition that had the same figures of it."""
    found = [edition.unions.get(union, NOT_THERE) for edition in editions]
    figures = [text for _, text in found]
    return tuple((township, first_with(text, figures)) for township, text in found)


def first_with(text: str | None, figures: Sequence[str | None]) -> int:
    """The number of the first edition with the same figures of a union; 0 where it has none."""
    return 0 if text is None else figures.index(text)


def sums_shown(edition: Edition, groups: Sequence[Place]) -> Rows:
    """The sums that an edition shows: of each area over the groups in it.

    groups: of each group its township there, and the version of its figures.
    """
    rows: defaultdict[str, Row] = defaultdict(dict)
    for group, (township, version) in enumerate(groups):
        for area in areas_around(township):
            if area in edition.shown:
                rows[area][group, version] = Fraction(1)
    return list(rows.values())


def areas_around(township: str) -> Iterator[str]:
    """The code of a township, and those of the areas that it is in: what its code begins with."""
    return accumulate(township)


def blocks_of(rows: Solved) -> Iterator[Rows]:
    """Solved rows, each free of what the others are solved for, in blocks that share no group."""
    apart = []
    for unknown, row in rows.items():
        others = {each: other for each, other in rows.items() if each != unknown}
        apart.append(remainder(row, others))
    while apart:
        block = [apart.pop()]
        linked = block
        while linked:
            groups = groups_of(block)
            linked = [row for row in apart if groups & groups_of([row])]
            apart = [row for row in apart if not groups & groups_of([row])]
            block = [*block, *linked]
        yield block


def groups_of(rows: Iterable[Row]) -> set[int]:
    """The groups that rows are sums over."""
    return {group for row in rows for group, _ in row}
