"""The DOCX form of a document, by python-docx.

Title, headings, captions and lists have built-in styles; the heads of tables repeat; dates are
fixed.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime
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
WIDTH, HIGHEST = Mm(170), Mm(200)
ACCENT, FAINT, MARK = (
    RGBColor(0x0B, 0x5C, 0xAD),
    RGBColor(0x4A, 0x55, 0x60),
    RGBColor(0xA3, 0x26, 0x1D),
)
SHADE, NOTICE, LINE = "EEF3F8", "FFF3CD", "C9D1D9"
SMALL, LARGE = Pt(9), Pt(16)
LANGUAGES = {qn("w:val"): "en-US", qn("w:eastAsia"): "zh-CN"}
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
EARLIEST = (1980, 1, 1, 0, 0, 0)


def write_docx(document: Document, charts: Path, file: Path) -> None:
    """Write a document; charts: the folder of the pictures."""
    word = docx.Document()
    set_up(word, document)
    for block in document.blocks:
        write_block(word, block, charts)
    packed = io.BytesIO()
    word.save(packed)
    repack(packed, file)


def write_block(word: Any, block: Block, charts: Path) -> None:  # noqa: ANN401
    """A block, at the end of what is written."""
    match block:
        case Heading(text):
            word.add_heading("", 1)
            write_text(word.paragraphs[-1], text)
        case Paragraph(text):
            write_lines(word.add_paragraph(), text)
        case Notice(text):
            paragraph = word.add_paragraph()
            write_lines(paragraph, text)
            paragraph._p.get_or_add_pPr().append(element("w:shd", fill=NOTICE, val="clear"))  # noqa: SLF001
        case Items(texts):
            for text in texts:
                write_lines(word.add_paragraph(style="List Bullet"), text)
        case Figures(figures):
            write_figures(word, figures)
        case Table():
            write_caption(word, block.caption)
            write_table(word, [block.head, *block.rows], block.widths, block.text)
        case Picture():
            write_picture(word, charts / f"{block.name}.png", block.alternative)


def set_up(word: Any, document: Document) -> None:  # noqa: ANN401 - python-docx has no types
    """Page, styles, languages, properties, title and what stands on every page."""
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = Mm(20)
    for name, size in SIZES.items():
        style = word.styles[name]
        style.font.name, style.font.size = TYPEFACE, Pt(size)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in [attribute for attribute in fonts.attrib if attribute.endswith("Theme")]:
            del fonts.attrib[theme]
        fonts.set(qn("w:eastAsia"), TYPEFACE)
        style.paragraph_format.space_after = Pt(6)
    for name in ("Title", "Subtitle", "Caption", "Heading 1"):
        word.styles[name].font.color.rgb = ACCENT
        word.styles[name].font.italic = False
    for border in word.styles["Table Grid"].element.find(f".//{qn('w:tblBorders')}"):
        across = border.tag in (qn("w:bottom"), qn("w:insideH"))
        border.attrib.update({qn("w:val"): "single" if across else "nil", qn("w:color"): LINE})
    word.styles["Caption"].paragraph_format.keep_with_next = True
    for language in word.styles.element.iter(qn("w:lang")):
        language.attrib.update(LANGUAGES)
    dated = datetime.fromisoformat(document.as_of).replace(tzinfo=UTC)
    properties = word.core_properties
    properties.title, properties.subject = (
        f"{document.title.zh} {document.subtitle.zh}",
        f"{document.title.en}. {document.subtitle.en}",
    )
    properties.author = properties.last_modified_by = properties.comments = ""
    properties.language, properties.created, properties.modified = "zh-CN", dated, dated
    write_lines(word.add_paragraph(style="Title"), document.title)
    write_text(word.add_paragraph(style="Subtitle"), document.subtitle)
    if document.mark is not None:
        header = section.header.paragraphs[0]
        header.alignment = WD_ALIGN_PARAGRAPH.RIGHT
        write_text(header, document.mark, MARK)
    footer = section.footer.paragraphs[0]
    footer.alignment = WD_ALIGN_PARAGRAPH.CENTER
    field = element("w:fldSimple", instr="PAGE")
    footer._p.append(field)  # noqa: SLF001


def write_text(
    paragraph: Any,  # noqa: ANN401
    value: Value,
    colour: RGBColor | None = None,
    between: str = " ",
) -> None:
    """A value in a paragraph: Chinese, then English in a fainter colour."""
    text = Text(value) if isinstance(value, str) else value
    chinese = paragraph.add_run(text.zh)
    if colour is not None:
        chinese.font.color.rgb = colour
    if text.en:
        english = paragraph.add_run(between + text.en)
        english.font.color.rgb, english.font.italic = FAINT, False
        english._r.get_or_add_rPr().append(element("w:lang", val="en-US"))  # noqa: SLF001


def write_lines(paragraph: Any, text: Text) -> None:  # noqa: ANN401
    """Chinese and English on lines of their own."""
    write_text(paragraph, text, between="\n")


def write_caption(word: Any, caption: Text) -> None:  # noqa: ANN401
    """What stands above a table or picture."""
    write_text(word.add_paragraph(style="Caption"), caption)


def write_table(
    word: Any,  # noqa: ANN401
    rows: Sequence[Sequence[Value]],
    widths: Sequence[int],
    words: Sequence[int],
) -> None:
    """A table whose first row is its head, repeated on each page.

    widths: shares; words: the columns that are aligned left.
    """
    table = word.add_table(rows=len(rows), cols=len(widths), style="Table Grid")
    table.autofit = False
    shares = [int(WIDTH * width / sum(widths)) for width in widths]
    for column, share in zip(table.columns, shares, strict=True):
        column.width = share
    for number, (row, values) in enumerate(zip(table.rows, rows, strict=True)):
        properties = row._tr.get_or_add_trPr()  # noqa: SLF001
        properties.append(element("w:cantSplit"))
        if number == 0:
            properties.append(element("w:tblHeader"))
        for column, (cell, value) in enumerate(zip(row.cells, values, strict=True)):
            cell.width = shares[column]
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.space_after = Pt(0)
            paragraph.alignment = (
                WD_ALIGN_PARAGRAPH.LEFT if column in words else WD_ALIGN_PARAGRAPH.RIGHT
            )
            write_text(paragraph, value, between="\n" if number == 0 else " ")
            for run in paragraph.runs:
                run.font.size, run.font.bold = SMALL, number == 0
            if number == 0:
                cell._tc.get_or_add_tcPr().append(element("w:shd", val="clear", fill=SHADE))  # noqa: SLF001
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def write_figures(word: Any, figures: Sequence[Figure]) -> None:  # noqa: ANN401
    """Figures beside each other, large, each between its label and its note."""
    table = word.add_table(rows=1, cols=len(figures), style="Table Grid")
    for cell, figure in zip(table.rows[0].cells, figures, strict=True):
        write_text(cell.paragraphs[0], figure.label)
        large = cell.add_paragraph().add_run(figure.value)
        large.font.size, large.font.bold, large.font.color.rgb = LARGE, True, ACCENT
        write_text(cell.add_paragraph(), figure.note)
        for paragraph in cell.paragraphs:
            paragraph.paragraph_format.space_after = Pt(0)
    word.add_paragraph().paragraph_format.space_after = Pt(0)


def write_picture(word: Any, file: Path, alternative: Text) -> None:  # noqa: ANN401
    """Add a picture, as wide as the text or as high as a page, with what it shows in words."""
    picture = word.add_picture(str(file), width=WIDTH)
    if picture.height > HIGHEST:
        picture.width, picture.height = int(WIDTH * HIGHEST / picture.height), HIGHEST
    properties = picture._inline.docPr  # noqa: SLF001
    properties.set("name", file.name)
    properties.set("descr", f"{alternative.zh} {alternative.en}")


def element(name: str, **attributes: str) -> Any:  # noqa: ANN401
    """An element of WordprocessingML."""
    made = OxmlElement(name)
    for attribute, value in attributes.items():
        made.set(qn(f"w:{attribute}"), value)
    return made


def repack(packed: io.BytesIO, file: Path) -> None:
    """Write the parts with the earliest date of a zip, so the same content is the same bytes."""
    with zipfile.ZipFile(packed) as source, zipfile.ZipFile(file, "w") as target:
        for name in source.namelist():
            part = zipfile.ZipInfo(name, EARLIEST)
            target.writestr(part, source.read(name), zipfile.ZIP_DEFLATED)
