"""What a reader learns by adding and subtracting published sums: exact linear algebra.

Its unknowns are the figures of groups of unions.

A published count or mean of an area is a sum over its unions. Unions that stand in the same areas
with the same figures in all editions are one group, so the figures of a group are one unknown; a
group whose figures were changed has an unknown for each version of them. What an area without areas
in it counts besides, the enterprises without a linked union, is a group of no unions, the same in
all editions.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from typing import NamedTuple

from orchestration.contract.parameters import parameters

MOST_STEPS = 1_000

Group = int


class Unknown(NamedTuple):
    """A version of the figures of a group of unions."""

    group: Group
    version: int


class Place(NamedTuple):
    """Where a union stands in an edition: its smallest area, and the version of its figures."""

    edition: int
    area: str
    version: int


Row = Mapping[Unknown, Fraction]
Sums = dict[str, dict[Unknown, Fraction]]
History = tuple[Place, ...]


# How far the unions of an area are, in all, from each bound of a figure, in ranges of the figure.
Room = tuple[Decimal, ...]


def room_of(
    total: Decimal,
    unions: int,
    bounds: tuple[int, int],
) -> Room:
    """What so many unions, whose figures make a total, are above the lowest and below the highest.

    bounds: the lowest and the highest figure.
    """
    lowest, highest = bounds
    above_lowest = (total - lowest * unions) / (highest - lowest)
    return above_lowest, unions - above_lowest


@dataclass(frozen=True)
class Measured:
    """What the figures of one edition of a month are sums over.

    linked: the linked unions of each area, by code; unions: of each of them the code of its
    smallest area, and a text of all its figures that enter a count or a mean, the same only where
    they all are; room: of each area how far all its unions are from the bounds of their figures,
    the same bounds for each; empty where bounds are not looked at.
    """

    linked: Mapping[str, int]
    unions: Mapping[str, tuple[str, str]]
    room: Mapping[str, Room] = field(default_factory=dict)

    @property
    def areas(self) -> frozenset[str]:
        """The codes of all areas."""
        return frozenset(self.linked)


def holders(areas: Collection[str], area: str) -> list[str]:
    """An area and those that hold it, largest first."""
    lengths = [length for length in parameters().code_lengths if length <= len(area)]
    codes = [area[:length] for length in lengths]
    return [code for code in codes if code in areas]


def sums_of(editions: Sequence[Measured]) -> tuple[list[Sums], dict[Group, int]]:
    """Each edition's areas as sums of unknowns, and the number of unions in each group."""
    groups = Counter(histories(editions))
    sizes = dict(enumerate(groups.values()))
    sums: list[Sums] = [{area: {} for area in edition.areas} for edition in editions]
    for group, history in enumerate(groups):
        for place in history:
            unknown = Unknown(group, place.version)
            areas = editions[place.edition].areas
            add_to_holders(sums[place.edition], unknown, holders(areas, place.area))
    for area in lowest_of(editions):
        unknown = Unknown(group=len(sizes), version=0)
        sizes[unknown.group] = 0
        for edition, sums_of_area in zip(editions, sums, strict=True):
            if area in edition.areas:
                add_to_holders(sums_of_area, unknown, holders(edition.areas, area))
    return sums, sizes


def add_to_holders(
    sums: Sums,
    unknown: Unknown,
    areas: Collection[str],
) -> None:
    """Count an unknown in the sums of these areas."""
    for area in areas:
        sums[area][unknown] = Fraction(1)


def histories(editions: Sequence[Measured]) -> Iterator[History]:
    """For each union the editions that have it, with its area and the version of its figures."""
    versions: defaultdict[str, dict[str, int]] = defaultdict(dict)
    found: defaultdict[str, list[Place]] = defaultdict(list)
    for number, edition in enumerate(editions):
        for union, (area, figures) in edition.unions.items():
            seen = versions[union]
            version = seen.setdefault(figures, len(seen))
            found[union].append(Place(number, area, version))
    yield from map(tuple, found.values())


def lowest_of(editions: Sequence[Measured]) -> list[str]:
    """The areas that hold no others in an edition, by code."""
    areas = set[str]()
    for edition in editions:
        areas |= lowest(edition.areas)
    return sorted(areas)


def lowest(areas: Collection[str]) -> set[str]:
    """The areas that hold no others."""
    holding = set[str]()
    for area in areas:
        holding.update(holders(areas, area)[:-1])
    return set(areas) - holding


class Known:
    """All sums that follow from those that were published.

    sizes: the number of unions in each group; smallest: a sum over fewer unions than this gives
    them away.
    """

    def __init__(self, sizes: Mapping[Group, int], smallest: int) -> None:
        self._sizes = sizes
        self._smallest = smallest
        self._rows: dict[Unknown, Row] = {}
        self._steps = MOST_STEPS

    def rest(self, row: Row) -> Row:
        """What is left of a sum once all that is known is taken away; empty where it is known."""
        left = row
        for unknown in row:
            if unknown in self._rows:
                left = without(left, self._rows[unknown], unknown)
        return left

    def add(self, row: Row) -> None:
        """Take a sum as known."""
        left = self.rest(row)
        if not left:
            return
        solved = max(left, key=self._heaviness)
        by_solved = {unknown: factor / left[solved] for unknown, factor in left.items()}
        for unknown, other in self._rows.items():
            self._rows[unknown] = without(other, by_solved, solved)
        self._rows[solved] = by_solved

    def would_give_away(self, row: Row) -> bool:
        """Whether this sum, added to those known, tells a sum over too few unions.

        One of which that cannot be excluded in MOST_STEPS steps counts as one that does.
        """
        left = self.rest(row)
        if not left or any(self._is_large(unknown) for unknown in left):
            return False
        small = [other for solved, other in self._rows.items() if not self._is_large(solved)]
        counted = [self._of_unions(other) for other in small]
        others = [other for other in counted if other]
        self._steps = MOST_STEPS
        return self._is_reducible(self._of_unions(left), others, self._smallest - 1)

    def _of_unions(self, row: Row) -> Row:
        """A row without the groups of no unions."""
        return {unknown: factor for unknown, factor in row.items() if self._size(unknown)}

    def _is_reducible(
        self,
        row: Row,
        others: Sequence[Row],
        most: int,
    ) -> bool:
        """Whether some of the others, taken from a row, leave a sum over so many unions or fewer.

        A group of the row either stays, and counts, or is taken away by one of the others. Gone
        through first is what the fewest others can take away.
        """
        self._steps -= 1
        if not row or self._steps < 0:
            return True
        takers = Counter(chain.from_iterable(others))
        staying = {unknown.group for unknown in row if not takers[unknown]}
        if sum(self._sizes[group] for group in staying) > most:
            return False
        hardest = min(row, key=lambda unknown: (takers[unknown], -self._size(unknown), unknown))
        if self._is_reducible_with(hardest.group, row, others, most):
            return True
        return self._is_reducible_without(hardest, row, others, most)

    def _is_reducible_with(
        self,
        group: Group,
        row: Row,
        others: Sequence[Row],
        most: int,
    ) -> bool:
        """The same, where a group of the row stays."""
        left = most - self._sizes[group]
        if left < 0:
            return False
        uncounted = [unpaid(other, group) for other in others]
        remaining = [other for other in uncounted if other]
        return self._is_reducible(unpaid(row, group), remaining, left)

    def _is_reducible_without(
        self,
        unknown: Unknown,
        row: Row,
        others: Sequence[Row],
        most: int,
    ) -> bool:
        """The same, where the first of the others that can takes an unknown of the row away."""
        takers = [other for other in others if unknown in other]
        if not takers:
            return False
        taker = takers[0]
        remaining = [without(other, taker, unknown) for other in others if other is not taker]
        return self._is_reducible(without(row, taker, unknown), remaining, most)

    def _size(self, unknown: Unknown) -> int:
        return self._sizes[unknown.group]

    def _is_large(self, unknown: Unknown) -> bool:
        return self._size(unknown) >= self._smallest

    def _heaviness(self, unknown: Unknown) -> tuple[int, Unknown]:
        return self._size(unknown), unknown


def without(
    row: Row,
    other: Row,
    unknown: Unknown,
) -> Row:
    """A row less so much of another that it has the unknown no more; the row itself without it."""
    if unknown not in row:
        return row
    factor = row[unknown] / other[unknown]
    left = dict(row)
    for each, value in other.items():
        rest = left.get(each, Fraction(0)) - factor * value
        if rest:
            left[each] = rest
        else:
            left.pop(each, None)
    return left


def unpaid(row: Row, group: Group) -> Row:
    """A row without the unknowns of a group."""
    return {unknown: factor for unknown, factor in row.items() if unknown.group != group}
