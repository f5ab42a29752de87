"""The report as PDF, by the briefing's template, and as a workbook.

The workbook has a sheet for each section, with every row.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import xlsxwriter

from orchestration.documents.briefing.content import (
    Block,
    Document,
    Heading,
    Notice,
    Paragraph,
    Table,
)
from orchestration.documents.briefing.pdf_rendering import Typesetter
from orchestration.documents.briefing.wording import Text, Value
from orchestration.documents.workbook import new_sheet, write_sections
from orchestration.documents.workbook.formats import FONT, FORMATS
from orchestration.documents.workbook.method import Cell, Section

MOST_ROWS = 60
LONGEST_SHEET_NAME = 31
NUMBERED = re.compile("^[^、]*、")


def write_pdf(document: Document, file: Path) -> None:
    """Write the PDF; of a long table the first rows, and how many more the workbook has."""
    blocks = [each for block in document.blocks for each in shorter(block)]
    shortened = replace(document, blocks=blocks)
    with TemporaryDirectory() as folder, TemporaryDirectory() as charts:
        typesetter = Typesetter(
            Path(folder),
            Path(charts),
            [shortened],
        )
        typesetter.write_all({file: shortened})


def shorter(block: Block) -> Iterator[Block]:
    """A block, or the first rows of a long table with what is left out named below."""
    if not isinstance(block, Table) or len(block.rows) <= MOST_ROWS:
        yield block
        return
    left_out = len(block.rows) - MOST_ROWS
    yield replace(block, rows=block.rows[:MOST_ROWS])
    yield Paragraph(Text(f"另有 {left_out:,} 行，见同名工作簿。"))


def write_workbook(document: Document, file: Path) -> None:
    """Write the workbook. Every cell is text."""
    created = datetime.fromisoformat(document.as_of).replace(tzinfo=UTC)
    title: Section = [
        [(document.title.zh, "title")],
        [(document.subtitle.zh, "subtitle")],
    ]
    [first, *others] = sheets_of(document.blocks)
    first.sections.insert(0, title)
    with xlsxwriter.Workbook(file) as book:
        book.set_properties({"title": document.title.zh, "created": created})
        formats = {name: book.add_format(FONT | style) for name, style in FORMATS.items()}
        for sheet in (first, *others):
            write_sections(new_sheet(book, sheet.name), sheet.sections, formats)


@dataclass(frozen=True)
class SheetOfSections:
    """A sheet: its name, and the blocks of a section of the report."""

    name: str
    sections: list[Section] = field(default_factory=list)


def sheets_of(blocks: Sequence[Block]) -> list[SheetOfSections]:
    """The report's sections as sheets: the blocks up to the next heading each."""
    sheets: list[SheetOfSections] = []
    for block in blocks:
        if isinstance(block, Heading):
            name = NUMBERED.sub("", block.text.zh)
            sheets.append(SheetOfSections(name[:LONGEST_SHEET_NAME]))
        else:
            sheets[-1].sections.append(section_of(block))
    return sheets


def section_of(block: Block) -> Section:
    """A block as rows of cells. Raises TypeError for a kind of block that the report has not."""
    if isinstance(block, Table):
        caption = [(block.caption.zh, "section")]
        head = row_of(block.head, "section")
        return [caption, head, *(row_of(row, "text") for row in block.rows)]
    if isinstance(block, Notice):
        return [[(block.text.zh, "notice")]]
    if isinstance(block, Paragraph):
        return [[(block.text.zh, "text")]]
    message = f"the report has no {type(block).__name__}"
    raise TypeError(message)


def row_of(values: Sequence[Value], style: str) -> list[Cell]:
    """Values as the cells of a row, in one style."""
    return [(text_of(value), style) for value in values]


def text_of(value: Value) -> str:
    """A value as text."""
    return value.zh if isinstance(value, Text) else str(value)
