"""What the reports for a terminal have in common: cells as text, and long lists cut short."""

from collections.abc import Mapping, Sized
from decimal import Decimal
from typing import Any

SHOWN = 10
INDENT = "  "


def cell_text(cell: object) -> str:
    """A figure as text, or a dash for none."""
    return "–" if cell is None else str(cell)


def change_text(change: Decimal | None) -> str:
    """A change with its sign; zero has none, and a dash stands for none."""
    return f"{change:+}" if change else cell_text(change)


def cells_text(row: Mapping[str, Any], columns: tuple[str, ...]) -> list[str]:
    """The cells of some columns of a row as text."""
    return [cell_text(row[column]) for column in columns]


def rows_left_out(rows: Sized) -> list[str]:
    """The line that says how many rows are not shown; no line where all are."""
    left_out = len(rows) - SHOWN
    if left_out <= 0:
        return []
    return [f"  … and {left_out:,} more, see --json"]
