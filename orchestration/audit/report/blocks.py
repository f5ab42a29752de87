"""Blocks of the report: Chinese alone, cells as text."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from orchestration.documents import figures
from orchestration.documents.briefing.content import Heading, Notice, Paragraph, Table
from orchestration.documents.briefing.wording import Text, Value


def heading(text: str) -> Heading:
    """The heading of a section."""
    return Heading(Text(text))


def paragraph(text: str) -> Paragraph:
    """A paragraph."""
    return Paragraph(Text(text))


def notice(text: str) -> Notice:
    """What must not be overlooked."""
    return Notice(Text(text))


def table(
    caption: str,
    head: Sequence[str],
    rows: Iterable[Sequence[object]],
    widths: Sequence[int],
    numbers: Sequence[int] = (),
) -> Table:
    """A table; numbers: its columns of figures, which stand right."""
    texts = [place for place in range(len(head)) if place not in numbers]
    return Table(
        caption=Text(caption),
        head=[Text(name) for name in head],
        rows=[cells_of(row) for row in rows],
        widths=widths,
        text=texts,
    )


def cells_of(row: Sequence[object]) -> list[Value]:
    """The cells of a row as text."""
    return [cell(value) for value in row]


def cell(value: object) -> str:
    """A cell as text: counts with groups of thousands, a dash for none.

    A figure below zero has a true minus; a text is what it is.
    """
    if value is None:
        return figures.NONE
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, Decimal):
        return figures.true_minus(str(value))
    return str(value)
