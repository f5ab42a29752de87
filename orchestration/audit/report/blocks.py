"""Blocks of the report: Chinese alone, cells as text."""

from collections.abc import Iterable, Sequence

from orchestration.release.documents import figures
from orchestration.release.documents.briefing.content import Heading, Notice, Paragraph, Table
from orchestration.release.documents.briefing.wording import Text, Value


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
    cells: list[list[Value]] = [[cell(value) for value in row] for row in rows]
    texts = [place for place in range(len(head)) if place not in numbers]
    return Table(Text(caption), [Text(name) for name in head], cells, widths, texts)


def cell(value: object) -> str:
    """A cell as text: counts with groups of thousands, a dash for none."""
    if value is None:
        return figures.NONE
    return f"{value:,}" if isinstance(value, int) else str(value)
