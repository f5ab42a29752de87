"""Scores, rates, points and indices computed again, in whole units of the fourth decimal.

The rules are the contract's: Scores, dimensions, index; Exactness.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from itertools import pairwise

PLACES = 4
UNITS = 10**PLACES
FULL_POINTS = 100


def units(figure: Decimal | str) -> int:
    """A figure of at most 4 places in units of the fourth."""
    return int(Decimal(figure).scaleb(PLACES))


def figure(count: int | None) -> Decimal | None:
    """Units of the fourth decimal as a figure; None for none."""
    if count is None:
        return None
    return Decimal(count).scaleb(-PLACES)


def quotient(dividend: int, divisor: int) -> int:
    """A quotient rounded to a whole number, half away from zero; the divisor is above 0."""
    rounded = (2 * abs(dividend) + divisor) // (2 * divisor)
    return rounded if dividend >= 0 else -rounded


def score(knots: Sequence[tuple[int, int]], value: int) -> int:
    """The score of a value, linear between the knots (value, score) and flat beyond them.

    All in units.
    """
    lowest, lowest_score = knots[0]
    if value < lowest:
        return lowest_score
    for (low, low_score), (high, high_score) in pairwise(knots):
        if value < high:
            width = high - low
            rise = (value - low) * (high_score - low_score)
            return quotient(low_score * width + rise, width)
    _, highest_score = knots[-1]
    return highest_score


def weighted_mean(figures: Mapping[str, int | None], weights: Mapping[str, int]) -> int | None:
    """Mean of the figures that are there by their weights; None where none is."""
    total, weight = 0, 0
    for name, count in figures.items():
        if count is not None:
            total += weights[name] * count
            weight += weights[name]
    return quotient(total, weight) if weight else None


def points(weight: int, rate: int | None) -> int | None:
    """Points of a dimension of that weight and rate, in units."""
    if rate is None:
        return None
    return quotient(weight * rate, FULL_POINTS * UNITS)
