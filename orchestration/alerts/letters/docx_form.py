"""The DOCX form of a letter: Chinese as official letters are set (GB/T 9704), then English.

The Chinese typefaces are those that office computers have; one that has none takes its own.
"""

import io
from collections.abc import Sequence

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_BREAK
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from orchestration.alerts.letters.content import FactTable, Letter, LetterContent, Slip
from orchestration.documents.briefing.docx_rendering import (
    NO_SPACE,
    Word,
    element,
    mark_as_head,
    repack,
    set_languages,
    set_properties,
    set_typeface,
)

BODY, HEADING, LATIN = "FangSong", "SimHei", "Times New Roman"
BODY_SIZE, SMALL_SIZE, TITLE_SIZE = 16, 10.5, 22
SENDER_SIZES = {"zh": 28, "en": 22}
RED = RGBColor(0xC0, 0x00, 0x00)
PAGE = {
    "page_width": Mm(210),
    "page_height": Mm(297),
    "top_margin": Mm(37),
    "bottom_margin": Mm(35),
    "left_margin": Mm(28),
    "right_margin": Mm(26),
}
WIDTH = Mm(156)
LABEL_WIDTH = Mm(52)
SLIP_ROW = Mm(9)
TWO_CHARACTERS = Pt(2 * BODY_SIZE)
CENTER, LEFT, RIGHT = (
    WD_ALIGN_PARAGRAPH.CENTER,
    WD_ALIGN_PARAGRAPH.LEFT,
    WD_ALIGN_PARAGRAPH.RIGHT,
)


def docx_bytes(content: LetterContent) -> bytes:
    """A letter as a Word document, in Chinese and on new pages in English."""
    word = docx.Document()
    letters = content.in_both()
    set_up(word, content, letters)
    for place, letter in enumerate(letters):
        if place:
            word.paragraphs[-1].add_run().add_break(WD_BREAK.PAGE)
        write_letter(word, letter)
    packed, repacked = io.BytesIO(), io.BytesIO()
    word.save(packed)
    repack(packed, repacked)
    return repacked.getvalue()


def set_up(word: Word, content: LetterContent, letters: Sequence[Letter]) -> None:
    """Page, styles, languages, properties and what stands on every page."""
    chinese, english = letters
    section = word.sections[0]
    for name, size in PAGE.items():
        setattr(section, name, size)
    normal = word.styles["Normal"]
    set_typeface(normal, BODY_SIZE, BODY)
    normal.paragraph_format.space_after = NO_SPACE
    set_languages(word.styles)
    set_properties(
        word.core_properties,
        title=f"{chinese.title} {chinese.number}",
        subject=english.title,
        day=content.as_of,
    )
    header = section.header.paragraphs[0]
    write(header, f"{chinese.internal} {english.internal}", SMALL_SIZE, align=RIGHT)
    footer = section.footer.paragraphs[0]
    footer.alignment = CENTER
    footer._p.append(element("w:fldSimple", instr="PAGE"))  # noqa: SLF001


def write_letter(word: Word, letter: Letter) -> None:
    """The letter in one language, and its slip."""
    size = SENDER_SIZES[letter.language]
    write(word.add_paragraph(), letter.sender, size, CENTER, HEADING, RED)
    number = write(word.add_paragraph(), letter.number, align=CENTER)
    draw_line_below(number)
    title = write(word.add_paragraph(), letter.title, TITLE_SIZE, CENTER, HEADING)
    title.paragraph_format.space_before = title.paragraph_format.space_after = Pt(BODY_SIZE)
    title.paragraph_format.keep_with_next = True
    write(word.add_paragraph(), letter.addressee)
    write(word.add_paragraph(), letter.facts, indent=True)
    write_facts(word, letter.table)
    for demand in letter.demands:
        last = write(word.add_paragraph(), demand, indent=True)
    last.paragraph_format.keep_with_next = True  # no signature stands on a page without text
    for line in letter.signature:
        signed = write(word.add_paragraph(), line, align=RIGHT)
        signed.paragraph_format.space_before = Pt(BODY_SIZE)
        signed.paragraph_format.keep_with_next = True
    if letter.copies:
        write(word.add_paragraph(), letter.copies)
    write_slip(word, letter.slip)


def write(
    paragraph: Word,
    text: str,
    size: float = BODY_SIZE,
    align: WD_ALIGN_PARAGRAPH = LEFT,
    typeface: str = BODY,
    colour: RGBColor | None = None,
    *,
    indent: bool = False,
) -> Word:
    """A text in a paragraph, which is returned."""
    run = paragraph.add_run(text)
    set_typeface_of_run(run, size, typeface)
    run.font.color.rgb = colour
    paragraph.alignment = align
    if indent:
        paragraph.paragraph_format.first_line_indent = TWO_CHARACTERS
    return paragraph


def set_typeface_of_run(run: Word, size: float, typeface: str) -> None:
    """The size of a run, and the typeface of what is Chinese in it."""
    run.font.size = Pt(size)
    run.font.name = LATIN
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()  # noqa: SLF001
    fonts.set(qn("w:eastAsia"), typeface)


def draw_line_below(paragraph: Word) -> None:
    """The red line below the head of an official letter."""
    borders = element("w:pBdr")
    borders.append(element("w:bottom", val="single", sz="12", space="4", color="C00000"))
    paragraph._p.get_or_add_pPr().append(borders)  # noqa: SLF001


def write_facts(word: Word, facts: FactTable) -> None:
    """The facts as a table, whose head is repeated on each page."""
    shares = [int(WIDTH * width / sum(facts.widths)) for width in facts.widths]
    table = new_table(word, 1 + len(facts.rows), shares)
    for row, values in zip(table.rows, [facts.head, *facts.rows], strict=True):
        for cell, value in zip(row.cells, values, strict=True):
            write(cell.paragraphs[0], value, SMALL_SIZE)
        row._tr.get_or_add_trPr().append(element("w:cantSplit"))  # noqa: SLF001
    mark_as_head(table.rows[0])


def write_slip(word: Word, slip: Slip) -> None:
    """The slip on which the addressee replies, kept on one page."""
    title = write(word.add_paragraph(), slip.title, TITLE_SIZE, CENTER, HEADING)
    title.paragraph_format.page_break_before = True
    write(word.add_paragraph(), slip.addressee)
    write(word.add_paragraph(), slip.sentence, indent=True)
    table = new_table(word, len(slip.rows), [LABEL_WIDTH, WIDTH - LABEL_WIDTH])
    for row, label in zip(table.rows, slip.rows, strict=True):
        row.height = SLIP_ROW
        write(row.cells[0].paragraphs[0], label, SMALL_SIZE)
    write(word.add_paragraph(), slip.note, SMALL_SIZE)


def new_table(word: Word, rows: int, widths: Sequence[int]) -> Word:
    """An empty table with lines, whose columns have these widths."""
    table = word.add_table(rows, len(widths), style="Table Grid")
    table.autofit = False
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    return table
