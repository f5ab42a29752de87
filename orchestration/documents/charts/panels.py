"""Panels of charts made from figures: marks by row, stacks by row, lines by month."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from math import ceil

from orchestration.documents.charts.parts import (
    Bar,
    Dot,
    Line,
    Number,
    Panel,
    Point,
)
from orchestration.documents.charts.scales import (
    Scale,
    Values,
    scale_from_zero,
    scale_of,
)
from orchestration.documents.texts import Words
from orchestration.periods import Period

LABELLED_MONTHS = 12

Wording = Callable[[Decimal | None], str]


def line(head: Words, values: Values, wording: Wording) -> Line:
    """A panel of figures by month, some of them labelled."""
    known = {month: value for month, value in enumerate(values) if value is not None}
    labelled = months_with_labels(known)
    points: list[Point | None] = [None] * len(values)
    for month, value in known.items():
        label = wording(value) if month in labelled else ""
        points[month] = Point(month, value, label)
    scale = scale_of(values, most=4)
    return Line(head, scale, points)


def months_with_labels(values: Mapping[int, Decimal]) -> set[int]:
    """All months where they are few, else the first, the last, the lowest and the highest."""
    if len(values) <= LABELLED_MONTHS:
        return set(values)
    lowest = min(values, key=values.__getitem__)
    highest = max(values, key=values.__getitem__)
    return {
        min(values),
        max(values),
        lowest,
        highest,
    }


def dots(
    head: Words,
    values: Values,
    scale: Scale,
    city: Decimal | None,
    wording: Wording,
) -> Panel:
    """A panel with a mark for each value, and a line at the city's."""
    return Panel(
        head,
        scale,
        "dots",
        rows=[dot(value, city) for value in values],
        cells=[wording(value) for value in values],
        line=city,
    )


def dot(value: Decimal | None, city: Decimal | None) -> Dot | None:
    """The mark of a value beside the city's; None for no value."""
    if value is None:
        return None
    is_below = city is not None and value < city
    return Dot(value, is_below)


def stacks(head: Words, values: Mapping[str, Sequence[Number | None]]) -> Panel:
    """A panel with a bar for each row, stacked of its values by code."""
    rows = []
    for row in zip(*values.values(), strict=True):
        by_code = dict(zip(values, row, strict=True))
        rows.append(stack_of(by_code))
    ends = [end for bars in rows for _, _, end in bars]
    return Panel(
        head,
        scale_from_zero(ends),
        "stacks",
        rows,
    )


def stack_of(values: Mapping[str, Number | None]) -> list[Bar]:
    """The bars of a row one after the other; what is nothing has none."""
    bars: list[Bar] = []
    start: Number = 0
    for code, value in values.items():
        if value:
            end = start + value
            bars.append((code, start, end))
            start = end
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
