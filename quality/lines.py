"""What a reader of a release's files sees: their lines of text, and the rows of their tables.

Coordinates, sizes and other markup are left out, for their numbers are no figures. What is looked
for in every byte, markup too, is read by `documents.py`.
"""

import csv
import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath

from quality.documents import texts_of

MARKUP = re.compile(r"<(script|style)\b.*?</\1>|<[^>]*>", re.DOTALL)
ATTRIBUTE = re.compile(r'\s(?:alt|title|content|value|aria-label|data-[a-z-]+)="([^"]*)"')
END_OF_PART = re.compile(r"</(?:\w+:)?(?:p|si|is|comment|c|v|row)>|<(?:\w+:)?(?:tab|br|cr)\b[^>]*>")
END_OF_ROW = re.compile(r"</(?:\w+:)?tr>")
END_OF_CELL = re.compile(r"</(?:\w+:)?(?:tc|td|th)>")
ARRAY = re.compile(r"\[[^\[\]{}]*\]")

Lines = Iterator[str]
Row = list[str]
Rows = Iterator[Row]


def lines_of(name: str, content: bytes) -> Lines:
    """The lines of text in a file, or a part of one, by the suffix of its name.

    Raises UnknownFormError.
    """
    read = LINES.get(PurePath(name).suffix.lower())
    texts = read(content) if read else texts_of(name, content)
    for text in texts:
        yield from text.splitlines()


def rows_of(name: str, content: bytes) -> Rows:
    """The rows of the tables in a file by the suffix of its name, each as its cells.

    A form that has no tables, or whose rows are lines, has none.
    """
    read = ROWS.get(PurePath(name).suffix.lower())
    return read(content) if read else iter(())


def lines_of_page(content: bytes) -> Lines:
    """The text of a page or drawing, and of the attributes that hold words."""
    markup = content.decode("utf-8")
    yield html.unescape(MARKUP.sub("\n", markup))
    yield html.unescape("\n".join(ATTRIBUTE.findall(markup)))


def lines_of_part(content: bytes) -> Lines:
    """The paragraphs and cells of an XML part of an office document."""
    markup = END_OF_PART.sub("\n", content.decode("utf-8"))
    yield html.unescape(MARKUP.sub("", markup))


def lines_of_office(content: bytes) -> Lines:
    """The lines of all parts of an office document."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            yield from lines_of(member, archive.read(member))


def lines_of_pdf(content: bytes) -> Lines:
    """The lines of the pages of a PDF as they are printed."""
    from pypdfium2 import PdfDocument

    for page in PdfDocument(content):
        yield page.get_textpage().get_text_bounded()


def rows_of_page(content: bytes) -> Rows:
    """The rows of the tables of a page."""
    return rows_of_markup(content.decode("utf-8"))


def rows_of_document(content: bytes) -> Rows:
    """The rows of the tables of a Word document."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return rows_of_markup(archive.read("word/document.xml").decode("utf-8"))


def rows_of_markup(markup: str) -> Rows:
    """The rows of tables in markup, a cell with its words in one line."""
    for row in END_OF_ROW.split(markup):
        cells = [MARKUP.sub(" ", cell) for cell in END_OF_CELL.split(row)]
        yield [" ".join(html.unescape(cell).split()) for cell in cells]


def rows_of_workbook(content: bytes) -> Rows:
    """The rows of all sheets of a workbook, hidden ones too."""
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            yield ["" if cell is None else str(cell) for cell in row]


def rows_of_csv(content: bytes) -> Rows:
    """The rows of a CSV file."""
    return csv.reader(io.StringIO(content.decode("utf-8-sig")))


def rows_of_arrays(content: bytes) -> Rows:
    """The innermost arrays of a JSON text or of a script's data."""
    for match in ARRAY.finditer(content.decode("utf-8")):
        try:
            cells = json.loads(match[0], parse_float=str, parse_int=str)
        except ValueError:
            continue  # an expression of a script
        yield ["" if cell is None else str(cell) for cell in cells]


LINES: dict[str, Callable[[bytes], Lines]] = {
    ".docx": lines_of_office,
    ".html": lines_of_page,
    ".pdf": lines_of_pdf,
    ".rels": lines_of_part,
    ".svg": lines_of_page,
    ".vml": lines_of_part,
    ".xlsx": lines_of_office,
    ".xml": lines_of_part,
}
ROWS: dict[str, Callable[[bytes], Rows]] = {
    ".csv": rows_of_csv,
    ".docx": rows_of_document,
    ".html": rows_of_page,
    ".js": rows_of_arrays,
    ".json": rows_of_arrays,
    ".xlsx": rows_of_workbook,
}
