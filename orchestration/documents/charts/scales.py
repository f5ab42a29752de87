"""Scales of charts: limits that hold all values, and round numbers within them, with labels."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from math import ceil, floor

FACTORS = (
    Decimal("0.5"),
    Decimal(1),
    Decimal(2),
    Decimal(5),
    Decimal(10),
)
LEAST_ROOM = Decimal("0.6")
SHARE_OF_ROOM = Decimal("0.15")
ROOM_AFTER_BARS = Decimal("1.03")
ROOM_ABOUT_RANKS = Decimal("0.7")
LOWEST, HIGHEST = Decimal(0), Decimal(100)
MOST_RANKS = 20
FEWEST_TICKS = 2

Values = Sequence[Decimal | None]
Tick = tuple[Decimal, str]


@dataclass(frozen=True)
class Scale:
    """The ends of a scale, and its marks: where they stand and what they are called."""

    low: Decimal
    high: Decimal
    ticks: Sequence[Tick]


def scale_of(values: Values, most: int = 5) -> Scale:
    """A scale of figures between 0 and 100, with some room about them and about so many steps."""
    known = [value for value in values if value is not None]
    least = min(known, default=LOWEST)
    greatest = max(known, default=HIGHEST)
    spread = greatest - least
    room = max(spread * SHARE_OF_ROOM, LEAST_ROOM)
    low = least - room
    high = greatest + room
    marks = round_numbers(low, high, most)
    within = [mark for mark in marks if LOWEST <= mark <= HIGHEST]
    return Scale(
        low,
        high,
        labelled(within),
    )


def scale_from_zero(values: Iterable[Decimal | int]) -> Scale:
    """A scale of bars, from zero to a little beyond the longest."""
    longest = max(values, default=0)
    end = longest * ROOM_AFTER_BARS or Decimal(1)
    marks = round_numbers(
        LOWEST,
        end,
        most=4,
        whole=True,
    )
    return Scale(
        LOWEST,
        end,
        labelled(marks),
    )


def scale_of_ranks(count: int) -> Scale:
    """A scale of the places of so many counties; of many, every so many are marked."""
    step = max(1, ceil(count / MOST_RANKS))
    places = (Decimal(place) for place in range(1, count + 1, step))
    return Scale(
        low=1 - ROOM_ABOUT_RANKS,
        high=count + ROOM_ABOUT_RANKS,
        ticks=labelled(places),
    )


def labelled(marks: Iterable[Decimal]) -> list[Tick]:
    """Marks with their labels, which have groups of thousands."""
    return [(mark, f"{mark.normalize():,f}") for mark in marks]


def round_numbers(
    low: Decimal,
    high: Decimal,
    most: int,
    *,
    whole: bool = False,
) -> list[Decimal]:
    """Multiples of a round step from low to high, of a finer one where less than two fit in.

    The step is the smallest that is not below so many parts of the scale. whole: whether it is a
    whole number where the scale reaches 1.
    """
    step, finer = round_steps((high - low) / most)
    if whole and high >= 1:
        step = max(step, Decimal(1))
    marks = multiples(step, low, high)
    if len(marks) < FEWEST_TICKS:
        return multiples(finer, low, high)
    return marks


def round_steps(least: Decimal) -> tuple[Decimal, Decimal]:
    """The smallest of 1, 2 and 5 times a power of ten that is not below a number, and the next."""
    power = Decimal(1).scaleb(least.adjusted())
    steps = [power * factor for factor in FACTORS]
    place = bisect_left(steps, least)
    return steps[place], steps[place - 1]


def multiples(step: Decimal, low: Decimal, high: Decimal) -> list[Decimal]:
    """The multiples of a step from low to high."""
    first = ceil(low / step)
    last = floor(high / step)
    return [number * step for number in range(first, last + 1)]
