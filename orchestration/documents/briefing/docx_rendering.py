"""The DOCX form of a document, by python-docx.

Title, headings, captions and lists have built-in styles; the heads of tables repeat; dates are
fixed.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from orchestration.documents.briefing.content import (
    Block,
    Document,
    Figure,
    Figures,
    Heading,
    Items,
    Notice,
    Paragraph,
    Picture,
    Table,
)
from orchestration.documents.briefing.wording import Text, Value

TYPEFACE = "Microsoft YaHei"
PAGE_WIDTH, PAGE_HEIGHT, MARGIN = Mm(210), Mm(297), Mm(20)
WIDTH, HIGHEST = Mm(170), Mm(200)
ACCENT = RGBColor(0x0B, 0x5C, 0xAD)
FAINT = RGBColor(0x4A, 0x55, 0x60)
MARK = RGBColor(0xA3, 0x26, 0x1D)
SHADE, NOTICE, LINE = "EEF3F8", "FFF3CD", "C9D1D9"
SMALL, LARGE = Pt(9), Pt(16)
NO_SPACE, SPACE = Pt(0), Pt(6)
LANGUAGES = {
    qn("w:val"): "en-US",
    qn("w:eastAsia"): "zh-CN",
}
SIZES = {
    "Normal": 10.5,
    "Title": 20,
    "Subtitle": 12,
    "Heading 1": 14,
    "Caption": 10,
    "List Bullet": 10.5,
    "Header": 8.5,
    "Footer": 8.5,
}
IN_ACCENT = ("Title", "Subtitle", "Caption", "Heading 1")
EARLIEST = (1980, 1, 1, 0, 0, 0)

# python-docx has no types: `Any` stands for its documents, tables and paragraphs.
Word = Any


def write_docx(document: Document, charts: Path, file: Path) -> None:
    """Write a document; charts: the folder of the pictures."""
    word = docx.Document()
    set_up(word, document)
    for block in document.blocks:
        write_block(word, block, charts)
    packed = io.BytesIO()
    word.save(packed)
    repack(packed, file)


def write_block(word: Word, block: Block, charts: Path) -> None:
    """A block, at the end of what is written."""
    match block:
        case Heading(text):
            heading = word.add_heading("", 1)
            write_text(heading, text)
        case Paragraph(text):
            write_lines(word.add_paragraph(), text)
        case Notice(text):
            write_notice(word, text)
        case Items(texts):
            for text in texts:
                item = word.add_paragraph(style="List Bullet")
                write_lines(item, text)
        case Figures(figures):
            write_figures(word, figures)
        case Table():
            write_caption(word, block.caption)
            write_table(word, block)
        case Picture():
            file = charts / f"{block.name}.png"
            write_picture(word, file, block.alternative)


def set_up(word: Word, document: Document) -> None:
    """Page, styles, languages, properties, title and what stands on every page."""
    section = word.sections[0]
    set_page(section)
    set_styles(word.styles)
    title, subtitle = document.title, document.subtitle
    set_properties(
        word.core_properties,
        title=f"{title.zh} {subtitle.zh}",
        subject=f"{title.en}. {subtitle.en}",
        day=date.fromisoformat(document.as_of),
    )
    write_lines(word.add_paragraph(style="Title"), document.title)
    write_text(word.add_paragraph(style="Subtitle"), document.subtitle)
    if document.mark is not None:
        header = section.header.paragraphs[0]
        header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        write_text(header, document.mark, MARK)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    page_number = element("w:fldSimple", instr="PAGE")
    footer._p.append(page_number)  # noqa: SLF001


def set_page(section: Word) -> None:
    """Paper and margins."""
    section.page_width = PAGE_WIDTH
    section.page_height = PAGE_HEIGHT
    section.left_margin = MARGIN
    section.right_margin = MARGIN
    section.top_margin = MARGIN
    section.bottom_margin = MARGIN


def set_styles(styles: Word) -> None:
    """The built-in styles: typeface, sizes, colours, the lines of tables and the languages."""
    for name, size in SIZES.items():
        set_typeface(styles[name], size)
        styles[name].paragraph_format.space_after = SPACE
    for name in IN_ACCENT:
        styles[name].font.color.rgb = ACCENT
        styles[name].font.italic = False
    for border in styles["Table Grid"].element.find(f".//{qn('w:tblBorders')}"):
        is_across = border.tag in (qn("w:bottom"), qn("w:insideH"))
        border.set(qn("w:val"), "single" if is_across else "nil")
        border.set(qn("w:color"), LINE)
    styles["Caption"].paragraph_format.keep_with_next = True
    set_languages(styles)


def set_languages(styles: Word) -> None:
    """The languages of what says none of its own."""
    for language in styles.element.iter(qn("w:lang")):
        language.attrib.update(LANGUAGES)


def set_typeface(style: Word, size: float, typeface: str = TYPEFACE) -> None:
    """The typeface of a style, in place of that of its theme, and its size in points."""
    style.font.name = typeface
    style.font.size = Pt(size)
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    themes = [attribute for attribute in fonts.attrib if attribute.endswith("Theme")]
    for theme in themes:
        del fonts.attrib[theme]
    fonts.set(qn("w:eastAsia"), typeface)


def set_properties(properties: Word, title: str, subject: str, day: date) -> None:
    """Title, subject, language and date of a document, and nobody's name."""
    dated = datetime.combine(day, time(), UTC)
    properties.title = title
    properties.subject = subject
    properties.author = ""
    properties.last_modified_by = ""
    properties.comments = ""
    properties.language = "zh-CN"
    properties.created = dated
    properties.modified = dated


def write_text(
    paragraph: Word,
    value: Value,
    colour: RGBColor | None = None,
    between: str = " ",
) -> None:
    """A value in a paragraph: Chinese, then English in a fainter colour."""
    text = Text(value) if isinstance(value, str) else value
    chinese = paragraph.add_run(text.zh)
    if colour is not None:
        chinese.font.color.rgb = colour
    if not text.en:
        return
    english = paragraph.add_run(between + text.en)
    english.font.color.rgb = FAINT
    english.font.italic = False
    language = element("w:lang", val="en-US")
    english._r.get_or_add_rPr().append(language)  # noqa: SLF001


def write_lines(paragraph: Word, text: Text) -> None:
    """Chinese and English on lines of their own."""
    write_text(paragraph, text, between="\n")


def write_notice(word: Word, text: Text) -> None:
    """A paragraph on a ground of its own."""
    paragraph = word.add_paragraph()
    write_lines(paragraph, text)
    ground = element("w:shd", fill=NOTICE, val="clear")
    paragraph._p.get_or_add_pPr().append(ground)  # noqa: SLF001


def write_caption(word: Word, caption: Text) -> None:
    """What stands above a table or picture."""
    paragraph = word.add_paragraph(style="Caption")
    write_text(paragraph, caption)


def write_table(word: Word, content: Table) -> None:
    """A table whose head is repeated on each page."""
    table = word.add_table(
        rows=1 + len(content.rows),
        cols=len(content.widths),
        style="Table Grid",
    )
    table.autofit = False
    shares = shares_of_width(content.widths)
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share
    head, *rows = table.rows
    write_row(head, content.head, shares, content.text, is_head=True)
    mark_as_head(head)
    for row, values in zip(rows, content.rows, strict=True):
        write_row(row, values, shares, content.text)
    end_of_table(word)


def shares_of_width(widths: Sequence[int]) -> list[int]:
    """The width of each column of a table as wide as the text, by their shares."""
    total = sum(widths)
    return [int(WIDTH * width / total) for width in widths]


def write_row(
    row: Word,
    values: Sequence[Value],
    shares: Sequence[int],
    words: Sequence[int],
    *,
    is_head: bool = False,
) -> None:
    """The cells of a row.

    shares: the widths of the columns; words: the numbers of those that are aligned left.
    """
    row._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001
    cells = zip(row.cells, values, shares, strict=True)
    for column, (cell, value, share) in enumerate(cells):
        cell.width = share
        paragraph = cell.paragraphs[0]
        paragraph.paragraph_format.space_after = NO_SPACE
        is_words = column in words
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if is_words else WD_ALIGN_PARAGRAPH.RIGHT
        write_text(paragraph, value, between="\n" if is_head else " ")
        for run in paragraph.runs:
            run.font.size = SMALL
            run.font.bold = is_head


def mark_as_head(row: Word) -> None:
    """Have a row repeated on each page, on a ground of its own."""
    row._tr.get_or_add_trPr().append(element("w:tblHeader"))  # noqa: SLF001
    for cell in row.cells:
        ground = element("w:shd", val="clear", fill=SHADE)
        cell._tc.get_or_add_tcPr().append(ground)  # noqa: SLF001


def end_of_table(word: Word) -> None:
    """A paragraph without space, which keeps a table from the next one."""
    word.add_paragraph().paragraph_format.space_after = NO_SPACE


def write_figures(word: Word, figures: Sequence[Figure]) -> None:
    """Figures beside each other, large, each between its label and its note."""
    table = word.add_table(
        rows=1,
        cols=len(figures),
        style="Table Grid",
    )
    cells = table.rows[0].cells
    for cell, figure in zip(cells, figures, strict=True):
        write_figure(cell, figure)
    end_of_table(word)


def write_figure(cell: Word, figure: Figure) -> None:
    """A figure in a cell."""
    write_text(cell.paragraphs[0], figure.label)
    large = cell.add_paragraph().add_run(figure.value)
    large.font.size = LARGE
    large.font.bold = True
    large.font.color.rgb = ACCENT
    write_text(cell.add_paragraph(), figure.note)
    for paragraph in cell.paragraphs:
        paragraph.paragraph_format.space_after = NO_SPACE


def write_picture(word: Word, file: Path, alternative: Text) -> None:
    """Add a picture, as wide as the text or as high as a page, with what it shows in words."""
    picture = word.add_picture(str(file), width=WIDTH)
    if picture.height > HIGHEST:
        picture.width = int(WIDTH * HIGHEST / picture.height)
        picture.height = HIGHEST
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("name", file.name)
    properties.set("descr", f"{alternative.zh} {alternative.en}")


def element(name: str, **attributes: str) -> Word:
    """An element of WordprocessingML."""
    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def repack(packed: io.BytesIO, file: Path | io.BytesIO) -> None:
    """Write the parts with the earliest date of a zip, so the same content is the same bytes."""
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            target.writestr(part, source.read(name), zipfile.ZIP_DEFLATED)
