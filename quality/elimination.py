"""Exact elimination: which sums follow from others by adding and subtracting."""

from collections.abc import Callable, Iterable
from fractions import Fraction
from typing import Any

Unknown = tuple[Any, int]
Row = dict[Unknown, Fraction]
Solved = dict[Unknown, Row]


def solve(
    rows: Iterable[Row],
    order: Callable[[Unknown], Any] = lambda unknown: unknown,
) -> Solved:
    """Independent rows, each by an unknown that no later one has, for `remainder` to take away.

    order: of a row's unknowns the first by it is the one that the row is solved for.
    """
    known: Solved = {}
    for row in sorted(rows, key=shortest_first):
        rest = remainder(row, known)
        if rest:
            unknown = min(rest, key=order)
            known[unknown] = solve_for(unknown, rest)
    return known


def shortest_first(row: Row) -> tuple[int, list[Unknown]]:
    """The place of a row among others: by the number of its unknowns, then by the unknowns."""
    return len(row), sorted(row)


def solve_for(unknown: Unknown, row: Row) -> Row:
    """A row divided by the factor of one of its unknowns."""
    factor = row[unknown]
    return {other: value / factor for other, value in row.items()}


def remainder(row: Row, known: Solved) -> Row:
    """What is left of a row without what the known ones determine; empty if they determine it."""
    rest = dict(row)
    while determined := [unknown for unknown in rest if unknown in known]:
        unknown = determined[0]
        rest = eliminate(rest, known[unknown], unknown)
    return rest


def eliminate(
    row: Row,
    other: Row,
    unknown: Unknown,
) -> Row:
    """A row less so much of another that an unknown of both is gone."""
    factor = row[unknown] / other[unknown]
    rest = dict(row)
    for each, value in other.items():
        rest[each] = rest.get(each, Fraction(0)) - factor * value
        if not rest[each]:
            del rest[each]
    return rest
