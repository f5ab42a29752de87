"""Figures as they are published: rounded half away from zero from the exact ones, with a dash for none (contract, Exactness)."""

from decimal import ROUND_HALF_UP, Decimal

INDEX_PLACES = Decimal("0.1")
RATE_PLACES = Decimal("0.01")
NONE = "–"


def figure(value: Decimal | None, places: Decimal) -> str:
    """A figure with that many places and groups of thousands."""
    return NONE if value is None else f"{value.quantize(places, ROUND_HALF_UP):,}"


def index(value: Decimal | None) -> str:
    """An index, with 1 place."""
    return figure(value, INDEX_PLACES)


def rate(value: Decimal | None) -> str:
    """A rate, with 2 places."""
    return figure(value, RATE_PLACES)


def count(value: int | None) -> str:
    """A count, with groups of thousands."""
    return NONE if value is None else f"{value:,}"


def change(value: Decimal | None) -> str:
    """A change of an index, with its sign; what rounds to nothing has none."""
    if value is None:
        return NONE
    shown = value.quantize(INDEX_PLACES, ROUND_HALF_UP)
    return f"{shown:+}" if shown else f"{abs(shown)}"
