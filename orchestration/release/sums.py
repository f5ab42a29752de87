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
from dataclasses import dataclass
from fractions import Fraction

from orchestration.contract.parameters import parameters

MOST_STEPS = 1_000

Group = int
Unknown = tuple[Group, int]
Row = Mapping[Unknown, Fraction]


@dataclass(frozen=True)
class Measured:
    """What the figures of one edition of a month are sums over.

    linked: the linked unions of each area, by code; unions: of each of them the code of its
    smallest area, and a text of all its figures that enter a count or a mean, the same only where
    they all are.
    """

    linked: Mapping[str, int]
    unions: Mapping[str, tuple[str, str]]

    @property
    def areas(self) -> frozenset[str]:
        """The codes of all areas."""
        return frozenset(self.linked)


def holders(areas: Collection[str], area: str) -> list[str]:
    """An area and those that hold it, largest first."""
    return [
        area[:length]
        for length in parameters().code_lengths
        if length <= len(area) and area[:length] in areas
    ]


def sums_of(editions: Sequence[Measured]) -> tuple[list[dict[str, Row]], dict[Group, int]]:
    """Each edition's areas as sums of unknowns, and the number of unions in each group."""
    groups = Counter(histories(editions))
    sizes = dict(enumerate(groups.values()))
    sums = [{area: dict[Unknown, Fraction]() for area in edition.areas} for edition in editions]
    for group, history in enumerate(groups):
        for number, area, version in history:
            for code in holders(editions[number].areas, area):
                sums[number][code][group, version] = Fraction(1)
    for area in sorted({area for edition in editions for area in lowest(edition.areas)}):
        group = len(sizes)
        sizes[group] = 0
        for edition, sums_of_area in zip(editions, sums, strict=True):
            for code in holders(edition.areas, area) if area in edition.areas else ():
                sums_of_area[code][group, 0] = Fraction(1)
    return [dict(sums_of_area) for sums_of_area in sums], sizes


def histories(editions: Sequence[Measured]) -> Iterator[tuple[tuple[int, str, int], ...]]:
    """For each union the editions that have it, with its area and the version of its figures."""
    versions: defaultdict[str, dict[str, int]] = defaultdict(dict)
    found: defaultdict[str, list[tuple[int, str, int]]] = defaultdict(list)
    for number, edition in enumerate(editions):
        for union, (area, figures) in edition.unions.items():
            version = versions[union].setdefault(figures, len(versions[union]))
            found[union].append((number, area, version))
    yield from map(tuple, found.values())


def lowest(areas: Collection[str]) -> set[str]:
    """The areas that hold no others."""
    return set(areas) - {holder for area in areas for holder in holders(areas, area)[:-1]}


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
        left = dict(row)
        for unknown in [unknown for unknown in row if unknown in self._rows]:
            left = dict(without(left, self._rows[unknown], unknown))
        return left

    def add(self, row: Row) -> None:
        """Take a sum as known."""
        left = self.rest(row)
        if not left:
            return
        solved = max(left, key=self._heaviness)
        left = {unknown: factor / left[solved] for unknown, factor in left.items()}
        for unknown, other in self._rows.items():
            if solved in other:
                self._rows[unknown] = without(other, left, solved)
        self._rows[solved] = left

    def would_give_away(self, row: Row) -> bool:
        """Whether this sum, added to those known, tells a sum over too few unions.

        One of which that cannot be excluded in MOST_STEPS steps counts as one that does.
        """
        left = self.rest(row)
        if not left or any(self._is_large(unknown) for unknown in left):
            return False
        small = [other for solved, other in self._rows.items() if not self._is_large(solved)]
        others = [counted for other in small if (counted := self._of_unions(other))]
        self._steps = MOST_STEPS
        return self._is_reducible(self._of_unions(left), others, self._smallest - 1)

    def _of_unions(self, row: Row) -> Row:
        """A row without the groups of no unions."""
        return {unknown: factor for unknown, factor in row.items() if self._sizes[unknown[0]]}

    def _is_reducible(self, row: Row, others: Sequence[Row], most: int) -> bool:
        """Whether some of the others, taken from a row, leave a sum over so many unions or fewer.

        A group of the row either stays, and counts, or is taken away by one of the others. Gone
        through first is what the fewest others can take away.
        """
        self._steps -= 1
        if not row or self._steps < 0:
            return True
        held = Counter(unknown for other in others for unknown in other)
        lasting = {group for group, version in row if not held[group, version]}
        if sum(self._sizes[group] for group in lasting) > most:
            return False
        hardest = min(row, key=lambda unknown: (held[unknown], -self._sizes[unknown[0]], unknown))
        size = self._sizes[hardest[0]]
        if size <= most:
            stripped = [unpaid(other, hardest[0]) for other in (row, *others)]
            left = [other for other in stripped[1:] if other]
            if self._is_reducible(stripped[0], left, most - size):
                return True
        taken = next((other for other in others if hardest in other), None)
        if taken is None:
            return False
        remaining = [without(other, taken, hardest) for other in others if other is not taken]
        return self._is_reducible(without(row, taken, hardest), remaining, most)

    def _is_large(self, unknown: Unknown) -> bool:
        return self._sizes[unknown[0]] >= self._smallest

    def _heaviness(self, unknown: Unknown) -> tuple[int, Unknown]:
        return self._sizes[unknown[0]], unknown


def without(row: Row, other: Row, unknown: Unknown) -> Row:
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
    return {unknown: factor for unknown, factor in row.items() if unknown[0] != group}
