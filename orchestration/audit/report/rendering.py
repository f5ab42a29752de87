"""The report as PDF, by the briefing's template, and as a workbook.

The workbook has a sheet for each section, with every row.
"""

import re
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

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
    shortened = replace(
        document, blocks=[each for block in document.blocks for each in shorter(block)]
    )
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as charts:
        Typesetter(Path(folder), Path(charts), [shortened]).write_all({file: shortened})


def shorter(block: Block) -> Iterator[Block]:
    """A block, or the first rows of a long table with what is left out named below."""
    if not isinstance(block, Table) or len(block.rows) <= MOST_ROWS:
        yield block
        return
    yield replace(block, rows=block.rows[:MOST_ROWS])
    yield Paragraph(Text(f"另有 {len(block.rows) - MOST_ROWS:,} 行，见同名工作簿。"))


def write_workbook(document: Document, file: Path) -> None:
    """Write the workbook. Every cell is text."""
    with xlsxwriter.Workbook(file) as book:
        created = datetime.fromisoformat(document.as_of).replace(tzinfo=UTC)
        book.set_properties({"title": document.title.zh, "created": created})
        formats = {name: book.add_format(FONT | style) for name, style in FORMATS.items()}
        title: Section = [[(document.title.zh, "title")], [(document.subtitle.zh, "subtitle")]]
        for place, (name, sections) in enumerate(sheets_of(document.blocks)):
            heading = [title] if place == 0 else []
            write_sections(new_sheet(book, name), [*heading, *sections], formats)


def sheets_of(blocks: Sequence[Block]) -> Iterator[tuple[str, list[Section]]]:
    """The report's sections as sheets: a name, and the blocks up to the next heading."""
    found: list[tuple[str, list[Section]]] = []
    for block in blocks:
        if isinstance(block, Heading):
            name = NUMBERED.sub("", block.text.zh)[:LONGEST_SHEET_NAME]
            found.append((name, []))
        else:
            found[-1][1].append(section_of(block))
    yield from found


def section_of(block: Block) -> Section:
    """A block as rows of cells."""
    if isinstance(block, Table):
        head: list[Cell] = [(text_of(name), "section") for name in block.head]
        rows: Section = [[(text_of(value), "text") for value in row] for row in block.rows]
        return [[(block.caption.zh, "section")], head, *rows]
    if isinstance(block, Notice | Paragraph):
        return [[(block.text.zh, "notice" if isinstance(block, Notice) else "text")]]
    message = f"the report has no {type(block).__name__}"
    raise TypeError(message)


def text_of(value: Value | Any) -> str:  # noqa: ANN401
    """A value as text."""
    return value.zh if isinstance(value, Text) else str(value)
