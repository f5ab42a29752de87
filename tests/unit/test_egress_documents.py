"""What the scan of a release finds inside files of every form.

Files without personal data pass.
"""

import io
import json
import zipfile

import duckdb
import pytest
import typst
import xlsxwriter
from docx import Document
from fontTools.fontBuilder import FontBuilder
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from PIL import Image, PngImagePlugin
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import FreeText

from orchestration.documents.charts import write_charts
from orchestration.documents.fonts import write_font
from orchestration.documents.workbook import write_workbook
from quality.documents import READERS, texts_of
from quality.egress import kinds_in, personal
from tests.support.editions import make_edition

CANARY = "金丝雀名"
VALUES = {
    "110101190001010030": "an identity number",
    "13900009999": "a mobile phone number",
    CANARY: "a name of a person",
}
CLEAN = "温州市 91330302353834149X 330302001 2020-12-31 1,390 89.2"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'


def saved(save, *arguments, **options):
    stream = io.BytesIO()
    save(stream, *arguments, **options)
    return stream.getvalue()


def workbook(change):
    def made(value):
        book = Workbook()
        book.active["B2"] = "温州市"
        change(book, value)
        return saved(book.save)

    return made


def set_properties(book, value):
    book.properties.creator = value


def set_comment(book, value):
    book.active["B2"].comment = Comment(f"备注 {value}", "office")


def set_header(book, value):
    book.active.oddHeader.center.text = value


def add_runs(book, value):
    book.active["C3"] = CellRichText(
        [TextBlock(InlineFont(b=True), value[:3]), TextBlock(InlineFont(i=True), value[3:])]
    )


def xlsx_in_place(value):
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"constant_memory": True, "in_memory": True}) as book:
        book.add_worksheet().write_string(0, 0, f"电话：{value}")
    return stream.getvalue()


def document(change):
    def made(value):
        file = Document()
        change(file, value)
        return saved(file.save)

    return made


def add_paragraph_in_runs(file, value):
    paragraph = file.add_paragraph("联系 ")
    paragraph.add_run(value[:2]).bold = True
    paragraph.add_run(value[2:])


def set_footer(file, value):
    file.sections[0].footer.paragraphs[0].text = value


def set_keywords(file, value):
    file.core_properties.keywords = value


def add_cell(file, value):
    file.add_table(1, 2).cell(0, 1).text = value


def pdf(change):
    def made(value):
        writer = PdfWriter()
        writer.add_blank_page(200, 200)
        change(writer, value)
        return saved(writer.write)

    return made


def set_xmp(writer, value):
    writer.xmp_metadata = f'<x:xmpmeta xmlns:x="adobe:ns:meta/"><b>{value}</b></x:xmpmeta>'.encode()


def picture(form, **options):
    return saved(Image.new("RGB", (4, 4)).save, format=form, **options)


def png(value, *, packed=False):
    chunks = PngImagePlugin.PngInfo()
    chunks.add_itxt("Comment", value, zip=packed)
    return picture("PNG", pnginfo=chunks)


def ttf(value):
    builder = FontBuilder(1000)
    builder.setupGlyphOrder([".notdef"])
    builder.setupNameTable({"designer": value})
    return saved(builder.save)


def escaped(value, form):
    return f'UHI.data = ["{"".join(form.format(ord(character)) for character in value)}"];'.encode()


def outlined(value):
    outline = '<defs><symbol id="g0"><path d="M 0 0m 1.1 0v 8.06h 1.01Z "/></symbol></defs>'
    words = f"<metadata><description>{value}</description></metadata>"
    return SVG.format(f"{words}<g><use href='#g0' x='8.008'/></g>{outline}").encode()


def escaped_json(value):
    escaped = "".join(f"{chr(92)}u{ord(character):04x}" for character in value)
    return f'{{"name": "{escaped}"}}'.encode()


FORMS = {
    "a cell of text": ("xlsx", workbook(lambda book, value: book.active.append([value]))),
    "a cell of text in place": ("xlsx", xlsx_in_place),
    "a cell of runs": ("xlsx", workbook(add_runs)),
    "a comment on a cell": ("xlsx", workbook(set_comment)),
    "a property of a workbook": ("xlsx", workbook(set_properties)),
    "a header of a sheet": ("xlsx", workbook(set_header)),
    "the name of a sheet": ("xlsx", workbook(lambda book, value: book.create_sheet(value))),
    "a paragraph in runs": ("docx", document(add_paragraph_in_runs)),
    "a cell of a document": ("docx", document(add_cell)),
    "a footer": ("docx", document(set_footer)),
    "a property of a document": ("docx", document(set_keywords)),
    "a picture in a document": (
        "docx",
        document(lambda file, value: file.add_picture(io.BytesIO(png(value)))),
    ),
    "metadata of a PDF": (
        "pdf",
        pdf(lambda writer, value: writer.add_metadata({"/Subject": f"联系 {value}"})),
    ),
    "XMP metadata of a PDF": ("pdf", pdf(set_xmp)),
    "a bookmark of a PDF": (
        "pdf",
        pdf(lambda writer, value: writer.add_outline_item(title=value, page_number=0)),
    ),
    "a note in a PDF": (
        "pdf",
        pdf(
            lambda writer, value: writer.add_annotation(
                0, FreeText(text=value, rect=(9, 9, 90, 90))
            )
        ),
    ),
    "text of a drawing": (
        "svg",
        lambda value: SVG.format(f"<text>{value[:3]}<tspan>{value[3:]}</tspan></text>").encode(),
    ),
    "the description of a drawing": (
        "svg",
        lambda value: SVG.format(f"<desc>联系 {value}</desc>").encode(),
    ),
    "an attribute of a drawing": (
        "svg",
        lambda value: SVG.format(f'<path d="M1 1" aria-label="{value}"/>').encode(),
    ),
    "outlined text of a drawing": ("svg", outlined),
    "a script": ("js", lambda value: json.dumps({"name": value}, ensure_ascii=False).encode()),
    "a script with escapes": ("js", lambda value: escaped(value, "\\u{:04x}")),
    "a script with long escapes": ("js", lambda value: escaped(value, "\\u{{{:x}}}")),
    "the second of two lines of JSON, with escapes": (
        "ndjson",
        lambda value: b"{}\n" + escaped_json(value),
    ),
    "a picture": ("png", png),
    "a picture with packed text": ("png", lambda value: png(value, packed=True)),
    "bytes after a picture": ("png", lambda value: picture("PNG") + value.encode()),
    "a photograph": ("jpeg", lambda value: picture("JPEG", comment=value.encode())),
    "a name in a font": ("ttf", ttf),
    "a text": ("txt", str.encode),
    "a style sheet": ("css", lambda value: f'a::after {{ content: "{value}" }}'.encode()),
    "a page": (
        "html",
        lambda value: (
            f"<p title='x'>{''.join(f'&#{ord(character)};' for character in value)}</p>".encode()
        ),
    ),
}


def found_in(suffix, content):
    return {
        kind for text in texts_of(f"file.{suffix}", content) for kind in kinds_in(text, [CANARY])
    }


@pytest.mark.parametrize("value", VALUES)
@pytest.mark.parametrize("form", FORMS)
def test_what_is_personal_is_found_in_every_form(form, value):
    suffix, made = FORMS[form]
    assert found_in(suffix, made(value)) == {VALUES[value]}


@pytest.mark.parametrize("form", FORMS)
def test_what_is_not_is_not(form):
    suffix, made = FORMS[form]
    assert found_in(suffix, made(CLEAN[:30])) == set()


def typeset(source, folder):
    write_font([source], folder / "font.ttf")
    (folder / "page.typ").write_text(
        f'#set text(font: "Noto Sans SC")\n#set page(width: 60mm)\n{source}', encoding="utf-8"
    )
    return typst.compile(folder / "page.typ", font_paths=[folder], ignore_system_fonts=True)


PRINTED = {
    "110101190001010030": "an identity number",
    "110101190\\ 001010030": "an identity number",
    "13900009999": "a mobile phone number",
    "139 0000\\ 9999": "a mobile phone number",
    "139\\ 0000\\ 9999": "a mobile phone number",
    "139-0000-\\ 9999": "a mobile phone number",
    "13900\\ 009999": "a mobile phone number",
    CANARY: "a name of a person",
    "金丝\\ 雀名": "a name of a person",
}


@pytest.mark.parametrize("value", PRINTED)
def test_what_is_personal_is_found_on_a_page_of_a_pdf(tmp_path, value):
    assert found_in("pdf", typeset(f"联系：{value}，备查。", tmp_path)) == {PRINTED[value]}


def test_neighbouring_cells_of_a_table_in_a_pdf_are_not_joined(tmp_path):
    cells = ["位次", "13", "330302001", "鹿城区", "代码", "330302199", "001011008", "瓯海区"]
    assert set(kinds_in("13330302001 330302199001011008", [])) == {
        "an identity number",
        "a mobile phone number",
    }
    content = typeset(f"#table(columns: 1, {', '.join(f'[{cell}]' for cell in cells)})", tmp_path)
    assert "330302199\n001011008" in PdfReader(io.BytesIO(content)).pages[0].extract_text()
    assert found_in("pdf", content) == set()


def test_ligatures_and_invisible_characters_hide_nothing():
    assert list(kinds_in("of\ufb01ce", ["office"])) == ["a name of a person"]
    assert found_in("html", "<p>1390\u200b000&shy;9999</p>".encode()) == {"a mobile phone number"}


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("'金丝雀名'", "a name of a person"),
        ("'13900009999'", "a mobile phone number"),
        ("13900009999", "a mobile phone number"),
        ("13900009999.0000::decimal(18, 4)", "a mobile phone number"),
        ("-13900009999", "a mobile phone number"),
        ("110101190001010030", "an identity number"),
        ("110101190001010030::decimal(38, 4)", "an identity number"),
        ("0.110101190001010030::decimal(38, 18)", "an identity number"),
        ("0.13900009999::decimal(38, 11)", None),
        ("1390000999", None),
        ("null::varchar", None),
        ("139000099990::decimal(18, 0)", None),
    ],
)
def test_what_is_personal_is_found_in_a_cell_of_parquet(tmp_path, cell, found):
    duckdb.sql(f"select {cell} as cell union all select null").write_parquet(
        str(tmp_path / "table.parquet")
    )
    assert found_in("parquet", (tmp_path / "table.parquet").read_bytes()) == (
        {found} if found else set()
    )


def test_metadata_and_columns_of_parquet_are_read(tmp_path):
    file = tmp_path / "table.parquet"
    options = "format parquet, kv_metadata {author: '13900009999'}"
    duckdb.sql(f"copy (select 1 as x) to '{file}' ({options})")
    assert found_in("parquet", file.read_bytes()) == {"a mobile phone number"}


def test_outlines_are_no_telephones():
    content = SVG.format('<path d="M 139 0000 9999 L 110101190001010030 13900009999z"/>').encode()
    assert set(kinds_in(content.decode(), [])) == {"an identity number", "a mobile phone number"}
    assert found_in("svg", content) == set()
    assert found_in("html", content) == set()
    hidden = SVG.format('<path d="13900009999"/><path d="Mr 13900009999"/>').encode()
    assert found_in("svg", hidden) == {"a mobile phone number"}


def test_documents_of_an_edition_are_clean_and_read_whole(tmp_path):
    edition = make_edition(tmp_path / "edition", "internal")
    write_charts(edition, tmp_path / "release" / "charts")
    write_workbook(edition, tmp_path / "release" / "workbook.xlsx")
    assert list(personal(tmp_path / "release", [CANARY])) == []
    assert list(personal(tmp_path / "release", ["泰顺县", "泰3有限公司"])) == [
        *(
            f"charts/{chart}.{form} holds a name of a person"
            for chart in ("alerts", "dimensions", "ranking")
            for form in ("png", "svg")
        ),
        "workbook.xlsx holds a name of a person",
    ]


@pytest.mark.parametrize("suffix", ["bin", "zip", "exe"])
def test_what_cannot_be_read_is_named(tmp_path, suffix):
    (tmp_path / f"file.{suffix}").write_bytes(b"")
    with zipfile.ZipFile(tmp_path / "book.xlsx", "w") as archive:
        archive.writestr(f"xl/part.{suffix}", b"")
    assert list(personal(tmp_path)) == [
        f"{name} is of a form that is not looked through"
        for name in ("book.xlsx", f"file.{suffix}")
    ]


def test_a_file_in_a_pdf_is_not_overlooked(tmp_path):
    (tmp_path / "page.pdf").write_bytes(
        pdf(lambda writer, value: writer.add_attachment("list.txt", value.encode()))("13900009999")
    )
    assert list(personal(tmp_path)) == ["page.pdf is of a form that is not looked through"]


def test_every_reader_of_a_whole_file_is_tried():
    assert {f".{suffix}" for suffix, _ in FORMS.values()} | {".pdf", ".parquet"} == set(READERS) - {
        "", ".csv", ".json", ".rels", ".vml", ".woff2", ".xml",
    }  # fmt: skip
