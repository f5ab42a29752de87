"""Figures as they are published (contract, Exactness).

They are rounded half away from zero from the exact ones, with a dash for none. What rounds to zero
is zero, and has no sign. A figure below zero has a true minus, in every document: `true_minus`
alone decides that.
"""

import re
from decimal import ROUND_HALF_UP, Decimal

INDEX_PLACES = Decimal("0.1")
RATE_PLACES = Decimal("0.01")
NONE = "–"
MINUS = "−"
HYPHEN_BEFORE_NUMBER = re.compile(r"(?<![\w./-])-(?=\.?[0-9])")


def true_minus(text: str) -> str:
    """A text with a true minus (U+2212) for each hyphen that stands before a number.

    A hyphen within a word, a date or a range is left: `2020-12`, `SHA-256`, `5-95`.
    """
    return HYPHEN_BEFORE_NUMBER.sub(MINUS, text)


def figure(value: Decimal | None, places: Decimal) -> str:
    """A figure with that many places and groups of thousands."""
    if value is None:
        return NONE
    return true_minus(f"{published(value, places):,}")


def published(value: Decimal, places: Decimal) -> Decimal:
    """A figure as the number that is published of it; a zero has no sign."""
    rounded = value.quantize(places, ROUND_HALF_UP)
    return rounded or abs(rounded)


def index(value: Decimal | None) -> str:
    """An index, with 1 place."""
    return figure(value, INDEX_PLACES)


def rate(value: Decimal | None) -> str:
    """A rate, with 2 places."""
    return figure(value, RATE_PLACES)


def percent(value: Decimal | None) -> str:
    """A rate with its sign."""
    return NONE if value is None else f"{rate(value)}%"


def count(value: int | None) -> str:
    """A count, with groups of thousands."""
    if value is None:
        return NONE
    return true_minus(f"{value:,}")


def change(value: Decimal | None) -> str:
    """A change of an index, with its sign; what rounds to nothing has none."""
    if value is None:
        return NONE
    shown = published(value, INDEX_PLACES)
    if shown == 0:
        return f"{shown}"
    return true_minus(f"{shown:+,}")
