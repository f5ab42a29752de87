"""A chart with a row for each area.

Columns of text and panels of marks stand side by side, so that no label stands on a mark.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties

from orchestration.release.documents import figures
from orchestration.release.documents.charts.drawing import (
    BODY,
    FAINT,
    HEAD,
    INK,
    MARGIN,
    STRIPE,
    TINY,
    Page,
    Words,
    height_of,
    width_of,
)

ROW = 0.36
GAP = 0.12
SCALE = 0.3
HEAD_BEYOND = 0.5
KEY = {"width": 0.26, "height": 0.12}


@dataclass(frozen=True)
class Texts:
    """A column of text, a cell for each row, aligned right.

    headed: whether its head is shown, rather than only said; swatch: the style of the marks that it
    is the key to.
    """

    head: Words
    cells: Sequence[str]
    width: float = 0.45
    headed: bool = True
    swatch: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Marks:
    """A panel of marks: its limits, the labels of its scale by their places, and what draws them.

    Row 0 is at the height 0. The panel's head also stands over the column of text beside it.
    """

    head: Words
    width: float
    limits: tuple[float, float]
    scale: dict[float, str]
    draw: Callable[[Axes], None]


@dataclass(frozen=True)
class Names:
    """The column of the names of the rows."""

    head: Words
    names: Sequence[Words]

    @property
    def width(self) -> float:
        """Inches that the longest name takes, or the head."""
        return max(
            max(width_of(chinese, BODY), width_of(english, TINY))
            for chinese, english in (self.head, *self.names)
        )


Column = Texts | Marks | Names


def head_of(column: Column) -> tuple[Words, float]:
    """The head to show over a column, and its width."""
    if isinstance(column, Marks):
        return column.head, column.width + HEAD_BEYOND
    return ("", "") if isinstance(
        column, Texts
    ) and not column.headed else column.head, column.width


def row_chart(
    name: str,
    title: Words,
    finding: Words | None,
    columns: Sequence[Column],
    notes: Sequence[Words],
    font: FontProperties,
) -> Page:
    """Lay out the columns from left to right; one of them has the names. finding: what they show.

    Without a row the chart keeps the space of one, and its notes describe it.
    """
    names = next(column.names for column in columns if isinstance(column, Names))
    rows = max(1, len(names))
    heads = [head_of(column) for column in columns]
    head_height = (
        max(height_of(head, (HEAD, TINY), width) for head, width in heads) + KEY["height"] + 0.12
    )
    width = 2 * MARGIN + sum(column.width for column in columns) + GAP * (len(columns) - 1)
    page = Page(name, title, finding, width, head_height + rows * ROW + SCALE, notes, font)
    top = page.body + head_height
    stripes = page.axes(MARGIN - GAP / 2, top, width - 2 * MARGIN + GAP, rows * ROW)
    stripes.set(xlim=(0, 1), ylim=(rows - 0.5, -0.5))
    stripes.barh(range(0, rows, 2), 1, height=1, color=STRIPE)
    left = MARGIN
    for column, (head, head_width) in zip(columns, heads, strict=True):
        align, edge = (
            ("right", left + column.width) if isinstance(column, Texts) else ("left", left)
        )
        page.paragraph(edge, page.body, head, (HEAD, TINY), head_width, align=align)
        if isinstance(column, Marks):
            panel = page.axes(left, top, column.width, rows * ROW)
            panel.set(xlim=column.limits, ylim=(rows - 0.5, -0.5))
            page.scale(panel, "x", list(column.scale), list(column.scale.values()))
            column.draw(panel)
        elif isinstance(column, Texts):
            write_cells(page, column, edge, top)
        else:
            for row, (chinese, english) in enumerate(names):
                page.write(left, top + (row + 0.36) * ROW, chinese, BODY)
                page.write(left, top + (row + 0.76) * ROW, english, TINY, color=FAINT)
        left += column.width + GAP
    texts = [column for column in columns if isinstance(column, Texts)]
    for row, words in enumerate(names):
        cells = "; ".join(f"{' '.join(column.head)} {column.cells[row]}" for column in texts)
        page.description.append(f"{' '.join(words)}: {cells}")
    if not names:
        page.description += [" ".join(note) for note in notes]
    return page


def write_cells(page: Page, column: Texts, end: float, top: float) -> None:
    """The cells of a column of text, and the key above them."""
    for row, cell in enumerate(column.cells):
        page.write(
            end,
            top + (row + 0.5) * ROW,
            cell,
            BODY,
            ha="right",
            color=FAINT if cell == figures.NONE else INK,
        )
    if column.swatch:
        key = page.axes(end - KEY["width"], top - KEY["height"] - 0.06, KEY["width"], KEY["height"])
        key.set(xlim=(0, 1), ylim=(0, 1))
        key.barh(0.5, 1, height=1, **column.swatch)
