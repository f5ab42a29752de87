"""What a document holds, as plain data before it is rendered: the same blocks for every form."""

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from typing import Any

from orchestration.documents.briefing.wording import Text, Value


@dataclass(frozen=True)
class Heading:
    """The heading of a section."""

    text: Text


@dataclass(frozen=True)
class Paragraph:
    """A paragraph."""

    text: Text


@dataclass(frozen=True)
class Notice:
    """A paragraph that must not be overlooked."""

    text: Text


@dataclass(frozen=True)
class Items:
    """A list of paragraphs."""

    texts: Sequence[Text]


@dataclass(frozen=True)
class Figure:
    """A figure shown large, with what it is above it and a note below."""

    label: Text
    value: str
    note: Text


@dataclass(frozen=True)
class Figures:
    """Figures beside each other."""

    figures: Sequence[Figure]


@dataclass(frozen=True)
class Table:
    """A table.

    widths: shares of the width; text: the numbers of the columns that are words; more: what stands
    below where only so many rows are shown.
    """

    caption: Text
    head: Sequence[Text]
    rows: Sequence[Sequence[Value]]
    widths: Sequence[int]
    text: Sequence[int]
    more: Sequence[Text] = ()

    def without(self, *left_out: int) -> "Table":
        """The same table without the columns of these numbers."""
        kept = [number for number in range(len(self.head)) if number not in left_out]
        return replace(
            self,
            head=[self.head[number] for number in kept],
            rows=[[row[number] for number in kept] for row in self.rows],
            widths=[self.widths[number] for number in kept],
            text=[place for place, number in enumerate(kept) if number in self.text],
        )


@dataclass(frozen=True)
class Picture:
    """A chart of the edition, by its name, and what it shows for those who do not see it.

    The chart has a title of its own.
    """

    name: str
    alternative: Text


Block = Heading | Paragraph | Notice | Items | Figures | Table | Picture


@dataclass(frozen=True)
class Document:
    """A document: its title, what stands below it, its date and its blocks.

    It also has what stands on every page, the mark of an edition.
    """

    title: Text
    subtitle: Text
    mark: Text | None
    as_of: str
    blocks: Sequence[Block]


@dataclass(frozen=True)
class Annex:
    """Where the red notices go on that a page does not hold.

    follows: what stands below those of the page; left_out: how many stand nowhere in the document,
    and where they are; None where all do.
    """

    title: Text
    follows: Text
    left_out: Text | None


@dataclass(frozen=True)
class CountySheet:
    """A county on one page, and its red notices on as many more as they take.

    What there is nothing of is None.
    """

    title: Text
    subtitle: Text
    mark: Text | None
    as_of: str
    notices: Sequence[Text]
    figures: Figures | None
    statements: Sequence[Text]
    dimensions: Table | None
    indicators: Table | None
    dimensions_note: Text | None
    indicators_note: Text | None
    townships: Table | None
    red_notices: Table | None
    annex: Annex | None
    foot: Text


def as_data(document: Document | CountySheet) -> dict[str, Any]:
    """A document as JSON has it; each block says what it is."""
    data = asdict(document)
    if isinstance(document, Document):
        data["blocks"] = [
            {"kind": type(block).__name__.lower(), **asdict(block)} for block in document.blocks
        ]
    return data


def texts_of(content: object) -> Iterator[str]:
    """Every piece of text of a document or a part of it, in the order in which it is shown."""
    if isinstance(content, str):
        yield content
    elif isinstance(content, dict):
        for part in content.values():
            yield from texts_of(part)
    elif isinstance(content, Sequence):
        for part in content:
            yield from texts_of(part)
    elif is_dataclass(content):
        for field in fields(content):
            yield from texts_of(getattr(content, field.name))
