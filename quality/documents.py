"""The texts of a release's files, whatever their form: what the scan for personal values reads.

Of pictures, fonts and drawings only what is text: outlines and pixels are coordinates, whose
numbers would pass for telephones. Charts are made with their words beside the outlines, in
`title`, `desc` and metadata.
"""

import html
import io
import json
import re
import zipfile
from collections.abc import Callable, Iterator
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

if TYPE_CHECKING:
    from pikepdf import Pdf

PATH_DATA = re.compile(r"""\sd=(["'])[Mm][MmZzLlHhVvCcSsQqTtAaEe0-9,.\s+-]*\1""")
TAG = re.compile(r"<[^>]*>")
DRAWN_TEXT = re.compile(r"<(?:\w+:)?text\b.*?</(?:\w+:)?text>", re.DOTALL)
RUN = re.compile(r"</(?:\w+:)?r>")
END_OF_PARAGRAPH = re.compile(r"</(?:\w+:)?(?:p|si|is|comment)>|<(?:\w+:)?(?:tab|br|cr)\b[^>]*>")
TEXT_OF_RUN = re.compile(r"<(?:\w+:)?(?:t|delText|instrText)(?:\s[^>]*)?>([^<]*)<")
ESCAPE = re.compile(r"\\u\{([0-9a-fA-F]+)\}|\\u([0-9a-fA-F]{4})|\\x([0-9a-fA-F]{2})")
PROSE = re.compile(r"([^\W\d_][^\n]*)\n")
BETWEEN_NUMBERS = re.compile(r"(?<=[0-9])\n(?=[0-9])")
HEADER_CODE = re.compile("&amp;[LCR]")
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060\ufeff]")
SHORTEST_NUMBER = 10**10
DIGITS_AFTER_POINT = 10

Texts = Iterator[str]


class UnknownFormError(Exception):
    """A file, or a part of one, of a form that nothing here can read."""


def texts_of(name: str, content: bytes) -> Texts:
    """All texts in a file or a part of one, by the suffix of its name. Raises UnknownFormError."""
    suffix = PurePath(name).suffix.lower()
    if suffix not in READERS:
        raise UnknownFormError(name)
    yield from READERS[suffix](content)


def plain_of(content: bytes) -> Texts:
    """A text as it stands."""
    yield content.decode("utf-8")


def json_of(content: bytes) -> Texts:
    """A JSON text as it stands, and with its escapes resolved."""
    text = content.decode("utf-8")
    yield text
    yield json.dumps(json.loads(text), ensure_ascii=False)


def json_lines_of(content: bytes) -> Texts:
    """JSON texts, a line each."""
    for line in content.splitlines():
        yield from json_of(line)


def script_of(content: bytes) -> Texts:
    """A script as it stands, and, where it has escapes, with them resolved."""
    text = content.decode("utf-8")
    yield text
    if ESCAPE.search(text):
        resolved = ESCAPE.sub(escaped_character, text)
        # Two escapes may be the halves of one character.
        halves = resolved.encode("utf-16", "surrogatepass")
        yield halves.decode("utf-16", "replace")


def escaped_character(match: re.Match[str]) -> str:
    """The character that an escape of a script stands for, or half of it."""
    number = match[1] or match[2] or match[3]
    return chr(int(number, 16))


def page_of(content: bytes) -> Texts:
    """A page as it stands but for path data, and as it is read."""
    markup = PATH_DATA.sub("", content.decode("utf-8"))
    yield html.unescape(markup)
    text = html.unescape(TAG.sub("\n", markup))
    yield INVISIBLE.sub("", text)


def drawing_of(content: bytes) -> Texts:
    """An SVG drawing without its path data, and each of its texts without the spans in it."""
    markup = PATH_DATA.sub("", content.decode("utf-8"))
    yield html.unescape(markup)
    texts = [TAG.sub("", text) for text in DRAWN_TEXT.findall(markup)]
    yield "\n".join(map(html.unescape, texts))


def part_of(content: bytes) -> Texts:
    """An XML part of an office document as it stands.

    Where its text is in runs, each paragraph follows without them.
    """
    markup = HEADER_CODE.sub("\n", content.decode("utf-8"))
    yield html.unescape(markup)
    if RUN.search(markup):
        runs = [TEXT_OF_RUN.findall(part) for part in END_OF_PARAGRAPH.split(markup)]
        paragraphs = ["".join(texts) for texts in runs]
        text = html.unescape("\n".join(paragraphs))
        yield INVISIBLE.sub("", text)


def office_of(content: bytes) -> Texts:
    """All parts of an office document: cells, comments, headers, properties, pictures."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for member in archive.namelist():
            yield from texts_of(member, archive.read(member))


def pdf_of(content: bytes) -> Texts:
    """The pages of a PDF as they stand, and with their lines joined.

    Then every string in it: metadata, bookmarks, notes.
    """
    from pikepdf import Pdf
    from pypdfium2 import PdfDocument

    for page in PdfDocument(content):
        printed = page.get_textpage().get_text_bounded().replace("\r\n", "\n")
        text = INVISIBLE.sub("", printed)
        yield text
        joined = PROSE.sub(r"\1", text)
        apart = BETWEEN_NUMBERS.sub(" ", joined)
        yield apart.replace("\n", "")
    with Pdf.open(io.BytesIO(content)) as document:
        yield "\n".join(strings_of(document))


def strings_of(document: "Pdf") -> Texts:
    """Every string in a PDF, whether anything leads to it or not, and its metadata.

    Raises UnknownFormError where a file is attached.
    """
    from pikepdf import Array, Dictionary, Object, Stream, String

    waiting: list[Any] = [document.trailer, *document.objects]
    while waiting:
        item = waiting.pop()
        if isinstance(item, String):
            yield str(item)
        elif isinstance(item, Dictionary | Stream):
            if "/EF" in item:
                raise UnknownFormError("a file in a PDF")
            if isinstance(metadata := item.get("/Metadata"), Stream):
                yield html.unescape(metadata.read_bytes().decode("utf-8"))
        if isinstance(item, Array | Dictionary | Stream):
            held = item if isinstance(item, Array) else item.values()
            objects = [value for value in held if isinstance(value, Object)]
            waiting += [value for value in objects if not value.is_indirect]


def picture_of(content: bytes) -> Texts:
    """What is text in a picture: comments and the like, packed or not."""
    from PIL import Image

    yield content.decode("utf-8", "replace")
    with Image.open(io.BytesIO(content)) as picture:
        picture.load()
        for value in (*picture.info.values(), *picture.getexif().values()):
            if isinstance(value, str):
                yield value
            elif isinstance(value, bytes):
                yield value.decode("utf-8", "replace")


def font_of(content: bytes) -> Texts:
    """The names in a font: family, maker, licence."""
    from fontTools.ttLib import TTFont

    with TTFont(io.BytesIO(content), lazy=True) as font:
        yield "\n".join(record.toUnicode() for record in font["name"].names)


def parquet_of(content: bytes) -> Texts:
    """The distinct cells of each column of a Parquet file, and what the file says of itself.

    The cells are a line each.

    Numbers of fewer digits than a telephone are left out: nothing is looked for in them.
    """
    table = pq.read_table(pa.BufferReader(content))
    metadata = table.schema.metadata or {}
    stated = [f"{key!r} {value!r}" for key, value in metadata.items()]
    yield "\n".join([*table.column_names, *stated])
    for column in table.columns:
        cells = pc.unique(column)
        if is_number(cells.type):
            is_long = pc.greater_equal(pc.abs(cells), SHORTEST_NUMBER)
            cells = cells.filter(is_long)
        texts = pc.cast(cells, pa.string()).to_pylist()
        yield "\n".join(filter(None, texts))


def is_number(kind: pa.DataType) -> bool:
    """Whether a column of this type has numbers whose digits a telephone could be among."""
    if pa.types.is_decimal(kind):
        return bool(kind.scale <= DIGITS_AFTER_POINT)
    return bool(pa.types.is_integer(kind))


READERS: dict[str, Callable[[bytes], Texts]] = {
    "": plain_of,
    ".css": plain_of,
    ".csv": plain_of,
    ".docx": office_of,
    ".html": page_of,
    ".jpeg": picture_of,
    ".js": script_of,
    ".json": json_of,
    ".ndjson": json_lines_of,
    ".parquet": parquet_of,
    ".pdf": pdf_of,
    ".png": picture_of,
    ".rels": part_of,
    ".svg": drawing_of,
    ".ttf": font_of,
    ".txt": plain_of,
    ".vml": part_of,
    ".woff2": font_of,
    ".xlsx": office_of,
    ".xml": part_of,
}
