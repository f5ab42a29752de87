"""Tables for a terminal: columns as wide as their cells, where a Chinese character takes two."""

import io
from collections.abc import Collection, Iterable, Sequence

from rich.console import Console, JustifyMethod
from rich.table import Table
from rich.text import Text

GAP = 2
WIDEST = 100_000


def aligned(
    rows: Iterable[Sequence[str]],
    *,
    head: Sequence[str] = (),
    right: Collection[int] = (),
    indent: str = "",
) -> list[str]:
    """The lines of a table, none of them broken or cut off; without rows, its head alone.

    head: the names of the columns, none for a table without a head; right: the numbers of the
    columns, from 0, that are aligned right; indent: what each line begins with.
    """
    shown = [*([head] if head else []), *rows]
    if not shown:
        return []
    table = Table(box=None, show_header=False, pad_edge=False, padding=(0, GAP, 0, 0))
    for number in range(len(shown[0])):
        side: JustifyMethod = "right" if number in right else "left"
        table.add_column(justify=side, no_wrap=True, overflow="crop")
    for row in shown:
        table.add_row(*map(Text, row))
    written = io.StringIO()
    Console(file=written, width=WIDEST, color_system=None, emoji=False).print(table)
    return [f"{indent}{line}".rstrip() for line in written.getvalue().rstrip("\n").split("\n")]
