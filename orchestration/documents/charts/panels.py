"""Panels of charts made from figures: marks by row, stacks by row, lines by month."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import ceil

from orchestration.documents.charts.parts import Bar, Dot, Line, Panel, Point, Words
from orchestration.documents.charts.scales import (
    Scale,
    Values,
    scale_from_zero,
    scale_of,
)
from orchestration.periods import Period

LABELLED_MONTHS = 12

Wording = Callable[[Decimal | None], str]


def line(head: Words, values: Values, wording: Wording) -> Line:
    """A panel of figures by month, some of them labelled."""
    there = {month: value for month, value in enumerate(values) if value is not None}
    points: list[Point | None] = [None] * len(values)
    labelled = months_with_labels(there)
    for month, value in there.items():
        label = wording(value) if month in labelled else ""
        points[month] = Point(month, value, label)
    return Line(head, scale_of(values, most=4), points)


def months_with_labels(values: Mapping[int, Decimal]) -> set[int]:
    """All months where they are few, else the first, the last, the lowest and the highest."""
    if len(values) <= LABELLED_MONTHS:
        return set(values)
    lowest = min(values, key=values.__getitem__)
    highest = max(values, key=values.__getitem__)
    return {min(values), max(values), lowest, highest}


def dots(
    head: Words, values: Values, scale: Scale, city: Decimal | None, wording: Wording
) -> Panel:
    """A panel with a mark for each value, and a line at the city's."""
    marks = [
        None if value is None else Dot(value, city is not None and value < city) for value in values
    ]
    return Panel(head, scale, "dots", marks, list(map(wording, values)), city)


def stacks(head: Words, values: Mapping[str, Sequence[Decimal | int | None]]) -> Panel:
    """A panel with a bar for each row, stacked of its values by code."""
    by_row = zip(*values.values(), strict=True)
    rows = [stack_of(dict(zip(values, row, strict=True))) for row in by_row]
    ends = [end for bars in rows for _, _, end in bars]
    return Panel(head, scale_from_zero(ends), "stacks", rows)


def stack_of(values: Mapping[str, Decimal | int | None]) -> list[Bar]:
    """The bars of a row one after the other; what is nothing has none."""
    bars: list[Bar] = []
    end: Decimal | int = 0
    for code, value in values.items():
        if value:
            bars.append((code, end, end + value))
            end += value
    return bars


def months_between(first: Period, last: Period) -> list[Period]:
    """The months from the first to the last, both among them."""
    months = [first]
    while months[-1] < last:
        months.append(months[-1].next)
    return months


def labels_of(months: Sequence[Period]) -> list[tuple[int, str]]:
    """Labels of months by their number, of every so many where they are many; the last has one."""
    step = ceil(len(months) / LABELLED_MONTHS)
    numbers = range(len(months) - 1, -1, -step)
    return [(number, str(months[number])) for number in numbers]
