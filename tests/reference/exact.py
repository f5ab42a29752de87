"""Exact numbers: rounding, means and their text.

Here belongs arithmetic that knows nothing of unions: every figure is a `Fraction`, rounded half
away from zero to four decimals at the step that makes it (index.md, Exactness), and written out
without ever passing through a float.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

UNITS = 10_000
"""How many units of the last kept decimal make one."""


def rounded(number: Fraction | int) -> Fraction:
    """Round half away from zero to four decimals, by the integer formula of index.md, Exactness."""
    exact = Fraction(number) * UNITS
    units = (2 * abs(exact.numerator) + exact.denominator) // (2 * exact.denominator)
    return Fraction(-units if exact < 0 else units, UNITS)


def mean(numbers: Sequence[Fraction]) -> Fraction | None:
    """Give the mean, rounded once; nothing has none."""
    return rounded(sum(numbers, Fraction(0)) / len(numbers)) if numbers else None


def weighted_mean(pairs: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Give sum(weight * figure) / sum(weight) over pairs of weight and figure, rounded once.

    Nothing has none.
    """
    listed = list(pairs)
    if not listed:
        return None
    return rounded(
        sum(weight * figure for weight, figure in listed) / sum(weight for weight, _ in listed)
    )


def difference(later: Fraction | None, earlier: Fraction | None) -> Fraction | None:
    """Subtract the earlier figure; a figure that is not there makes the difference nothing."""
    return None if later is None or earlier is None else later - earlier


def decimal_text(number: Fraction | int | None) -> str | None:
    """Write a figure with its four decimals (results.md, Tables)."""
    if number is None:
        return None
    units = rounded(number) * UNITS
    whole, rest = divmod(abs(units.numerator), UNITS)
    return f"{'-' if units < 0 else ''}{whole}.{rest:04d}"
