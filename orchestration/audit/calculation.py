"""Scores, rates, points and indices computed again, in whole units of the fourth decimal.

The rules are the contract's: Scores, dimensions, index; Exactness.
"""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from decimal import Decimal

PLACES = 4
UNITS = 10**PLACES
FULL_POINTS = 100


def units(figure: Decimal | str) -> int:
    """A figure of at most 4 places in units of the fourth."""
    return int(Decimal(figure).scaleb(PLACES))


def figure(count: int | None) -> Decimal | None:
    """Units of the fourth decimal as a figure; None for none."""
    return None if count is None else Decimal(count).scaleb(-PLACES)


def quotient(dividend: int, divisor: int) -> int:
    """A quotient rounded to a whole number, half away from zero; the divisor is above 0."""
    rounded = (2 * abs(dividend) + divisor) // (2 * divisor)
    return rounded if dividend >= 0 else -rounded


def mean(figures: Sequence[int]) -> int | None:
    """Mean of figures in units; None over none."""
    return quotient(sum(figures), len(figures)) if figures else None


def score(knots: Sequence[tuple[int, int]], value: int) -> int:
    """The score of a value, linear between the knots (value, score) and flat beyond them.

    All in units.
    """
    after = bisect_right(knots, value, key=lambda knot: knot[0])
    if after in (0, len(knots)):
        return knots[min(after, len(knots) - 1)][1]
    (low, low_score), (high, high_score) = knots[after - 1 : after + 1]
    return quotient(low_score * (high - low) + (value - low) * (high_score - low_score), high - low)


def weighted_mean(figures: Mapping[str, int | None], weights: Mapping[str, int]) -> int | None:
    """Mean of the figures that are there by their weights; None where none is."""
    there = {name: each for name, each in figures.items() if each is not None}
    if not there:
        return None
    return quotient(
        sum(weights[name] * each for name, each in there.items()),
        sum(weights[name] for name in there),
    )


def points(weight: int, rate: int | None) -> int | None:
    """Points of a dimension of that weight and rate, in units."""
    return None if rate is None else quotient(weight * rate, FULL_POINTS * UNITS)
