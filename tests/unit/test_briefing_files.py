"""The briefing and the county sheets as files.

Both forms say the same, in the cut font, with the same bytes everywhere.
"""

import os
import re
import subprocess
import sys
import zipfile
from dataclasses import replace
from itertools import pairwise

import docx
import pypdf
import pytest
from docx.oxml.ns import qn

from orchestration.documents.briefing import briefing, write_briefing
from orchestration.documents.briefing.content import Document, Picture, texts_of
from orchestration.documents.briefing.county_sheet import county_sheets
from orchestration.documents.briefing.pdf_rendering import Typesetter
from orchestration.documents.briefing.wording import wording
from tests.support.briefing_numbers import (
    NUMBER,
    allowed_numbers,
    as_number,
    cut_counts,
    red_alerts,
)
from tests.support.briefings import (
    city_tables,
    docx_text,
    edition_in,
    example_tables,
    pdf_pages,
    pdf_text,
    squeezed,
    write_editions,
)
from tests.support.faults import digests
from tests.support.records import override

EDITIONS = ("internal", "public")
PAGE = r"第\s*\d+\s*页，共\s*\d+\s*页\s*Page\s*\d+\s*of\s*\d+"
ANNEX = "附：红色通报工会名单"
BRIEFING_TAGS = {
    "/Document",
    "/H1",
    "/P",
    "/Table",
    "/TH",
    "/TD",
    "/Figure",
    "/L",
}
TOWNSHIPS = [25, 1, 150, 0, 12, 9, 30, 31]
MARKUP = '#strong[x] *b* _i_ $x^2$ <label> @ref \\ // "q" `raw` = h #{} {zh} %s &amp; 合成'
AGAIN = """
import sys
from pathlib import Path
from orchestration.documents.briefing import write_briefing
from tests.support.briefings import edition_in

for name in ("internal", "public"):
    write_briefing(edition_in(Path(sys.argv[1]), name))
"""


@pytest.fixture(scope="module")
def example(tmp_path_factory):
    """The contract's example, written.

    It has intervals that overlap, checks that warn, an override, and text that looks like markup.
    """
    tables = example_tables({"330302": (3, 4), "330381": (3, 4)})
    folder = write_editions(tables, tmp_path_factory.mktemp("example") / "release")
    overrides = [override("rows.refused_share", reason=MARKUP)]
    return written(folder, overrides, notice=MARKUP)


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A made-up city with counties of few and of many townships and red notices, written.

    No name in it has a digit.
    """
    folder = tmp_path_factory.mktemp("city") / "release"
    return written(write_editions(city_tables(TOWNSHIPS, 12), folder))


def written(folder, overrides=(), **changes):
    editions = {name: edition_in(folder, name, overrides, **changes) for name in EDITIONS}
    for edition in editions.values():
        write_briefing(edition)
    return editions


def files_of(edition):
    return [edition.folder / "briefing.pdf", *sorted((edition.folder / "counties").iterdir())]


def documents_of(edition):
    sheets = county_sheets(edition)
    return {"briefing": briefing(edition), **{code: sheets[code] for code in sorted(sheets)}}


def numbers(text):
    return re.findall(NUMBER, re.sub(PAGE, "", text))


@pytest.mark.parametrize("name", EDITIONS)
def test_an_edition_has_a_briefing_in_both_forms_and_a_sheet_for_each_county(city, name):
    edition = city[name]
    assert sorted(path.name for path in (edition.folder / "counties").iterdir()) == sorted(
        f"{row['area_code']}.pdf" for row in edition.ranking
    )
    assert (edition.folder / "briefing.docx").is_file()


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("release", ["example", "city"])
def test_both_forms_say_the_same_in_the_same_order(request, release, name):
    edition = request.getfixturevalue(release)[name]
    in_pdf = pdf_text(edition.folder / "briefing.pdf")
    in_docx = docx_text(edition.folder / "briefing.docx")
    assert numbers(re.sub(re.escape(squeezed(MARKUP)), "", in_pdf)) == numbers(in_docx)
    assert len(numbers(in_docx)) > 100


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("release", ["example", "city"])
def test_every_text_of_the_content_can_be_read_in_the_files(request, release, name):
    edition = request.getfixturevalue(release)[name]
    for file, document in zip(files_of(edition), documents_of(edition).values(), strict=True):
        text = squeezed(re.sub(PAGE, "", pdf_text(file)))
        parts = list(texts_of(always_shown(document)))
        assert len(parts) > 5
        assert not [part for part in parts if squeezed(part) not in text]


def always_shown(document):
    """A document without its pictures and without the rows of a sheet.

    Pictures are no text; rows may be cut.
    """
    if isinstance(document, Document):
        return replace(
            document,
            as_of="",
            blocks=[block for block in document.blocks if not isinstance(block, Picture)],
        )
    tables = {name: getattr(document, name) for name in ("townships", "red_notices")}
    emptied = {
        name: table and replace(table, head=table.head if table.rows else [], rows=[], more=[])
        for name, table in tables.items()
    }
    return replace(document, annex=None, **emptied)


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("release", ["example", "city"])
def test_a_sheet_is_one_page_of_a4_and_an_annex_where_it_names_more_unions_than_that_holds(
    request, release, name
):
    pages = set()
    for file in files_of(request.getfixturevalue(release)[name])[1:]:
        reader = pypdf.PdfReader(file)
        sides = [page.mediabox[2:] for page in reader.pages]
        assert {tuple(round(float(side) / 72 * 25.4) for side in page) for page in sides} == {
            (210, 297)
        }
        has_annex = squeezed(ANNEX) in squeezed(pdf_text(file))
        assert has_annex == (len(reader.pages) > 1)
        pages |= {len(reader.pages)}
    assert (max(pages) > 1) == (name == "internal")
    assert min(pages) == 1 or release == "example"


@pytest.mark.parametrize("name", EDITIONS)
def test_a_sheet_shows_what_fits_and_counts_the_rest(city, name):
    edition = city[name]
    cut = set()
    for code, sheet in county_sheets(edition).items():
        text = squeezed(pdf_text(edition.folder / "counties" / f"{code}.pdf"))
        table, total = sheet.townships, len(edition.townships(code))
        if table is None:
            assert total == 0
            continue
        shown = [squeezed("".join(texts_of(row))) in text for row in table.rows]
        assert shown == sorted(shown, reverse=True)
        assert not table.more[sum(shown)].zh or squeezed(table.more[sum(shown)].zh) in text
        assert sum(shown) >= min(len(shown), 5)
        assert (f"另有{total - sum(shown)}条" in text) == (sum(shown) < total)
        cut |= {(total, sum(shown) < total)}
    assert {hidden for _, hidden in cut} == {True, False}
    assert all((total, False) in cut for total in (1, 9, 12, 25, 30, 31))


def test_every_red_notice_of_a_county_is_in_its_sheet_once_and_in_order(city):
    edition = city["internal"]
    totals = set()
    for code, sheet in county_sheets(edition).items():
        file = edition.folder / "counties" / f"{code}.pdf"
        pages = [squeezed(page) for page in pdf_pages(file)]
        text = "".join(pages)
        rows = [squeezed("".join(texts_of(row))) for row in sheet.red_notices.rows]
        places = [text.find(row) for row in rows]
        assert len(rows) == red_alerts(edition, code)
        assert -1 not in places
        assert places == sorted(places)
        assert [text.count(row[1]) for row in sheet.red_notices.rows] == [1] * len(rows)
        assert "另有" not in text[places[0] :] if rows else True
        assert (
            (squeezed(ANNEX) in text)
            == (squeezed(sheet.annex.follows.zh) in pages[0])
            == (len(pages) > 1)
        )
        for number, page in enumerate(pages[1:], 2):
            assert page.startswith(squeezed(sheet.title.zh))
            assert page.count("工会编号") == 1
            assert f"第{number}页，共{len(pages)}页" in page
            assert "不得对外公开" in page
        totals |= {(len(pages) > 2, len(rows))}
    assert max(totals)[0]
    assert (False, 0) in totals


def test_what_is_beyond_the_annex_is_said_on_the_page_and_at_the_end(tmp_path, monkeypatch):
    edition = edition_in(write_editions(city_tables([3], 40), tmp_path / "release"), "internal")
    for most, pages_due in ((5, 1), (50, 2)):
        monkeypatch.setitem(wording()["shown"]["red_notices"], "count", most)
        [sheet] = county_sheets(edition).values()
        folder = tmp_path / str(most)
        folder.mkdir()
        Typesetter(folder, edition.folder / "charts", [sheet]).write(sheet, folder / "sheet.pdf")
        pages = [squeezed(page) for page in pdf_pages(folder / "sheet.pdf")]
        assert len(pages) == pages_due
        left_out = squeezed(f"本表最多列{most}条；另有{red_alerts(edition, '330301') - most}条")
        assert [page.count(left_out) for page in pages] == [1] * pages_due


@pytest.mark.parametrize("name", EDITIONS)
def test_every_number_is_of_the_tables_or_counted_by_a_stated_rule(city, name):
    edition = city[name]
    allowed = allowed_numbers(edition)
    for file in (*files_of(edition), edition.folder / "briefing.docx"):
        text = docx_text(file) if file.suffix == ".docx" else pdf_text(file)
        without_ids = re.sub(r"U[0-9]+", "", text)
        found = set(map(as_number, numbers(without_ids)))
        assert len(found) >= 4
        assert not found - allowed - cut_counts(edition, file.stem)


@pytest.mark.parametrize("name", EDITIONS)
@pytest.mark.parametrize("release", ["example", "city"])
def test_every_font_embedded_is_the_cut_one(request, release, name):
    for file in files_of(request.getfixturevalue(release)[name]):
        fonts = {}
        for page in pypdf.PdfReader(file).pages:
            for reference in page["/Resources"]["/Font"].values():
                font = reference.get_object()
                fonts[font["/BaseFont"]] = font
        assert {font.partition("+")[2] for font in fonts} == {
            "NotoSansSC-Regular",
            "NotoSansSC-Bold",
        }
        for font in fonts.values():
            descendant = font["/DescendantFonts"][0].get_object()
            assert "/FontFile2" in descendant["/FontDescriptor"]
            characters = font["/ToUnicode"].get_data()
            assert b"beginbfchar" in characters or b"beginbfrange" in characters


@pytest.mark.parametrize("name", EDITIONS)
def test_a_pdf_says_what_it_is_and_is_tagged(example, name):
    documents = documents_of(example[name]).values()
    for file, document in zip(files_of(example[name]), documents, strict=True):
        reader = pypdf.PdfReader(file)
        catalogue = reader.trailer["/Root"]
        assert reader.metadata.title == f"{document.title.zh} {document.subtitle.zh}"
        assert reader.metadata["/CreationDate"].startswith("D:20201231000000")
        assert catalogue["/Lang"] == "zh-CN"
        assert catalogue["/MarkInfo"]["/Marked"]
        assert b"pdfuaid:part>1<" in catalogue["/Metadata"].get_data()
        tags = set(tags_of(catalogue["/StructTreeRoot"]))
        assert tags >= (BRIEFING_TAGS if file.stem == "briefing" else {"/Document"})


def tags_of(element):
    """The kinds of all structure elements below one."""
    element = element.get_object()
    if isinstance(element, list):
        for child in element:
            yield from tags_of(child)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element["/S"]
        if "/K" in element:
            yield from tags_of(element["/K"])


def test_a_docx_says_what_it_is_and_can_be_read_by_all(example):
    file = example["internal"].folder / "briefing.docx"
    word = docx.Document(str(file))
    assert word.core_properties.title == "温州市民营企业工会健康指数 2020年12月简报"
    assert (word.core_properties.author, word.core_properties.language) == ("", "zh-CN")
    assert word.core_properties.created.isoformat().startswith("2020-12-31T00:00:00")
    languages = word.styles.element.find(f".//{qn('w:lang')}")
    assert (languages.get(qn("w:eastAsia")), languages.get(qn("w:val"))) == ("zh-CN", "en-US")
    assert word.styles["Normal"].element.rPr.rFonts.get(qn("w:eastAsia")) == "Microsoft YaHei"
    assert [paragraph.style.name for paragraph in word.paragraphs[:2]] == ["Title", "Subtitle"]
    assert sum(paragraph.style.name == "Heading 1" for paragraph in word.paragraphs) == 6
    assert all(shape._inline.docPr.get("descr") for shape in word.inline_shapes)  # noqa: SLF001
    assert len(word.inline_shapes) == 2
    heads = [table.rows[0]._tr for table in word.tables]  # noqa: SLF001
    repeated = [head.find(f".//{qn('w:tblHeader')}") is not None for head in heads]
    assert repeated == [False, *[True] * 5]
    with zipfile.ZipFile(file) as parts:
        assert {part.date_time for part in parts.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_text_like_markup_is_text(example):
    edition = example["public"]
    shown = squeezed(pdf_text(edition.folder / "briefing.pdf"))
    assert (
        shown.count(squeezed(MARKUP))
        == docx_text(edition.folder / "briefing.docx").count(MARKUP)
        == 4
    )
    assert all(squeezed(MARKUP) in squeezed(pdf_text(file)) for file in files_of(edition))


def test_a_character_that_the_font_lacks_is_marked(tmp_path):
    folder = write_editions(example_tables(), tmp_path / "release")
    edition = edition_in(folder, "public", notice="notice \U0001f600 of the city")
    write_briefing(edition)
    assert "notice 〓 of the city" in " ".join(pdf_text(edition.folder / "briefing.pdf").split())
    assert "notice \U0001f600 of the city" in docx_text(edition.folder / "briefing.docx")


def test_the_same_edition_gives_the_same_bytes_wherever_it_is_written(example, tmp_path):
    surroundings = [
        {"PYTHONHASHSEED": "1", "TZ": "Asia/Shanghai", "LC_ALL": "C.UTF-8"},
        {
            "PYTHONHASHSEED": "2",
            "TZ": "America/St_Johns",
            "LC_ALL": "C",
            "SOURCE_DATE_EPOCH": "1",
            "RAYON_NUM_THREADS": "1",
        },
    ]
    found = []
    for number, variables in enumerate(surroundings):
        folder = write_editions(example_tables(), tmp_path / f"release {number}")
        subprocess.run(
            [sys.executable, "-c", AGAIN, folder], env=os.environ | variables, check=True
        )
        written_files = digests(folder).items()
        found.append(
            {
                name: digest
                for name, digest in written_files
                if "briefing" in name or "counties/" in name
            }
        )
    assert len(found[0]) == 2 * (2 + 4)
    assert all(one == other for one, other in pairwise(found))
