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

from quality.elimination import Row, Unknown, less, reduced, solved

FEWEST = 10


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

    sizes: Mapping[int, int]
    before: Mapping[Unknown, Row]

    def finds(self, rows: Sequence[Row], most: int) -> bool:
        """Whether rows combine to a sum, not told before, over so many unions or fewer."""
        no_unions = frozenset(group for group, size in self.sizes.items() if not size)
        return any(
            self.finds_with(row, rows[number + 1 :], most, no_unions)
            for number, row in enumerate(rows)
        )

    def finds_with(
        self, row: Row, others: Sequence[Row], most: int, counted: frozenset[int]
    ) -> bool:
        """Whether a row, with or without some of the others, is such a sum.

        Each of its unknowns is taken away by one of the others, or its group is counted.
        """
        left = {unknown for unknown in row if unknown[0] not in counted}
        if not left:
            return bool(reduced(row, self.before))
        takers = {unknown: [other for other in others if unknown in other] for unknown in left}
        lasting = {unknown[0] for unknown in left if not takers[unknown]}
        if sum(self.sizes[group] for group in lasting) > most:
            return False
        unknown = min(left, key=lambda unknown: (len(takers[unknown]), unknown))
        if takers[unknown]:
            taken = takers[unknown][0]
            rest = [
                less(other, taken, unknown) if unknown in other else other
                for other in others
                if other is not taken
            ]
            if self.finds_with(less(row, taken, unknown), rest, most, counted):
                return True
        size = self.sizes[unknown[0]]
        return size <= most and self.finds_with(row, others, most - size, counted | {unknown[0]})


def given_away(before: Sequence[Edition], edition: Edition) -> int:
    """How many sums over fewer than 10 unions an edition tells that were not told before."""
    rows, sizes = rows_of([*before, edition])

    def order(unknown: Unknown) -> tuple[int, Unknown]:
        return -sizes[unknown[0]], unknown

    known_before = solved([row for each in rows[:-1] for row in each], order)
    known = solved([row for each in rows for row in each], order)
    small = {unknown: row for unknown, row in known.items() if sizes[unknown[0]] < FEWEST}
    search = Search(sizes, known_before)
    return sum(search.finds(block, FEWEST - 1) for block in blocks_of(small))


def rows_of(editions: Sequence[Edition]) -> tuple[list[list[Row]], dict[int, int]]:
    """Of each edition the sums that it shows, and the number of unions in each group."""
    unions = {union for edition in editions for union in edition.unions}
    patterns = Counter(
        pattern_of([edition.unions.get(union) for edition in editions]) for union in unions
    )
    for township in {township for edition in editions for township in edition.townships}:
        besides = [township if township in edition.townships else "" for edition in editions]
        patterns[tuple((place, -1) for place in besides)] = 0
    found = []
    for number, edition in enumerate(editions):
        rows: defaultdict[str, Row] = defaultdict(dict)
        for group, pattern in enumerate(sorted(patterns)):
            township, version = pattern[number]
            for length in range(1, len(township) + 1):
                if township[:length] in edition.shown:
                    rows[township[:length]][group, version] = Fraction(1)
        found.append(list(rows.values()))
    return found, {group: patterns[pattern] for group, pattern in enumerate(sorted(patterns))}


def pattern_of(history: Sequence[tuple[str, str] | None]) -> tuple[tuple[str, int], ...]:
    """A union's township in each edition, and the first edition that had the same figures of it."""
    figures = [found and found[1] for found in history]
    return tuple((found[0], figures.index(found[1])) if found else ("", 0) for found in history)


def blocks_of(rows: Mapping[Unknown, Row]) -> Iterator[list[Row]]:
    """Solved rows, each free of what the others are solved for, in blocks that share no group."""
    apart = []
    for unknown, row in rows.items():
        others = {each: other for each, other in rows.items() if each != unknown}
        apart.append(reduced(row, others))
    while apart:
        block, groups = [apart.pop()], set[int]()
        while len(groups) < len(groups := groups_of(block)):
            block += [row for row in apart if groups & groups_of([row])]
            apart = [row for row in apart if not groups & groups_of([row])]
        yield block


def groups_of(rows: Iterable[Row]) -> set[int]:
    """The groups that rows are sums over."""
    return {group for row in rows for group, _ in row}
