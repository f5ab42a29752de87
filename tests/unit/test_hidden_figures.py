"""No file of a public edition tells what its tables hide, and no valid city is refused for it."""

import json
import shutil
from decimal import Decimal

import docx
import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from orchestration.documents.briefing import write_briefing
from orchestration.documents.charts import write_charts
from orchestration.documents.workbook import write_workbook
from orchestration.release.editions import write_internal, write_public
from quality.hidden_figures import hidden_figures_told
from quality.release_files import read_rows
from tests.support.editions import make_edition, write_tables

MONTH = "2020-12"
COUNTY = "330328"  # 文成县, suppressed
TOWNSHIP = "330328001"
SVG = '<svg xmlns="http://www.w3.org/2000/svg">{}</svg>'
WORD = "a.docx"
BOOK = "a.xlsx"


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A release of the example: both editions, and the public workbook and briefing."""
    folder = tmp_path_factory.mktemp("built")
    public = make_edition(folder, "public", (MONTH,))
    write_internal(folder / MONTH / "tables", folder / MONTH / "internal")
    write_charts(public, public.folder / "charts")
    write_workbook(public, public.folder / "workbook.xlsx")
    write_briefing(public)
    return folder / MONTH


@pytest.fixture
def release(built, tmp_path):
    return shutil.copytree(built, tmp_path / "release")


def hidden_figure(release, column="sampling_rate", table="area_index", area=COUNTY):
    file = release / "internal" / f"{table}.parquet"
    query = f"select {column} from read_parquet($file) where area_code = '{area}'"
    [(figure,)] = read_rows(query, file=file)
    return figure


def put(release, name, text):
    (release / "public" / name).write_text(text, encoding="utf-8")


def paragraph(release, text):
    document = docx.Document()
    document.add_paragraph(text)
    document.save(release / "public" / WORD)


def table_of_document(release, *cells):
    document = docx.Document()
    row = document.add_table(1, len(cells)).rows[0]
    for cell, text in zip(row.cells, cells, strict=True):
        cell.text = str(text)
    document.save(release / "public" / WORD)


def sheet(release, *cells):
    book = openpyxl.Workbook()
    book.active.append(cells)
    book.save(release / "public" / BOOK)


def told(release, *others):
    return list(hidden_figures_told(release, others))


def test_the_edition_as_it_is_tells_nothing(built):
    assert told(built) == []


EXACT = {
    "a JSON text": lambda at, figure: put(at, "a.json", json.dumps({"observed": float(figure)})),
    "JSON lines": lambda at, figure: put(at, "a.ndjson", f'{{"actual": "330328 {figure}"}}\n'),
    "a page": lambda at, figure: put(at, "a.html", f"<p>under 40: <b>{figure}</b></p>"),
    "an attribute of a page": lambda at, figure: put(at, "a.html", f'<p title="{figure} %"></p>'),
    "a drawing": lambda at, figure: put(at, "a.svg", SVG.format(f"<text>{figure}</text>")),
    "a script": lambda at, figure: put(at, "a.js", f"UHI.data.x = [{figure}];"),
    "a CSV file": lambda at, figure: put(at, "a.csv", f"a,b\n1,{figure}\n"),
    "a paragraph": lambda at, figure: paragraph(at, f"It is {figure}."),
    "a cell": lambda at, figure: sheet(at, "rate", float(figure)),
}


@pytest.mark.parametrize("tell", EXACT.values(), ids=EXACT)
def test_a_hidden_figure_is_known_by_its_decimals(release, tell):
    figure = hidden_figure(release, "health_index")
    assert figure != round(figure, 2)
    tell(release, figure)
    [fault] = told(release)
    assert "tells a figure that the public tables hide" in fault
    assert str(figure) not in fault


NAMED = {
    "a sentence": lambda at, rate, _: put(at, "a.txt", f"关联取样率偏低：文成县（{rate} %）"),
    "a sentence in English": lambda at, rate, _: put(at, "a.txt", f"Wencheng: only {rate} %"),
    "a code": lambda at, rate, _: put(at, "a.txt", f"counties under 40: 330328 {rate}"),
    "an attribute": lambda at, rate, _: put(at, "a.html", f'<p aria-label="文成县 {rate}"></p>'),
    "a row of a page": lambda at, _, linked: put(
        at, "a.html", f"<tr><th>文成县 <i>Wencheng</i></th><td>{linked}</td></tr>"
    ),
    "a row of a script": lambda at, _, linked: put(at, "a.js", f'[["330328","文成县",{linked}]]'),
    "a row of a CSV file": lambda at, _, linked: put(at, "a.csv", f"a,b\n330328,{linked}\n"),
    "a row of a document": lambda at, _, linked: table_of_document(at, "文成县 Wencheng", linked),
    "a row of a sheet": lambda at, _, linked: sheet(at, "330328", "文成县", linked),
    "a key of a sheet": lambda at, _, linked: sheet(at, "330328/venues", "x", "", linked),
}


@pytest.mark.parametrize("tell", NAMED.values(), ids=NAMED)
def test_rounded_figures_and_counts_are_known_by_the_area(release, tell):
    tell(release, round(hidden_figure(release), 1), hidden_figure(release, "linked"))
    assert len(told(release)) == 1


HARMLESS = {
    "another area's figure": "文成县 –, 瑞安市 {rate}",
    "the name of a longer one": "文成县第{linked}街道",
    "a date": "文成县 2020-12-{linked}, 1.{rate}.2",
    "a part of a word": "Wenchengs {rate}; 3303289 {rate}",
    "a sentence about the rule": "文成县：关联企业不足{linked}家",
}


@pytest.mark.parametrize("text", HARMLESS.values(), ids=HARMLESS)
def test_what_tells_nothing_is_not_told_of(release, text):
    rate = round(hidden_figure(release), 1)
    put(release, "a.txt", text.format(rate=rate, linked=hidden_figure(release, "linked")))
    assert told(release) == []


def test_coordinates_are_no_figures(release):
    figure = hidden_figure(release, "health_index")
    put(release, "a.svg", SVG.format(f'<g transform="scale({figure})"><text>文成县</text></g>'))
    assert told(release) == []


def test_what_another_release_tells_of_the_area_is_no_secret(release, tmp_path):
    put(release, "a.txt", f"Wencheng had {hidden_figure(release)}")
    assert len(told(release)) == 1
    earlier = shutil.copytree(release, tmp_path / "earlier")
    shutil.copytree(earlier / "internal", earlier / "public", dirs_exist_ok=True)
    assert told(release, earlier) == []


characters = st.sampled_from("0123456789.-/()ab文成县第街道")
names = st.text(characters, min_size=1, max_size=6)
numbers = st.decimals(0, 100, places=4).map(Decimal)


@settings(max_examples=8, phases=[Phase.explicit, Phase.generate], deadline=None)
@given(st.lists(names, min_size=19, max_size=19), st.lists(numbers, min_size=19, max_size=19))
def test_valid_cities_tell_nothing_whatever_they_are_called(tmp_path_factory, called, rates):
    """Names of digits, within others, or of several areas; what is put into them is found."""
    folder = tmp_path_factory.mktemp("city")
    changes = []
    for number, (name, rate) in enumerate(zip(called, rates, strict=True)):
        area = f"(select area_code from area_index order by area_code limit 1 offset {number})"
        changes.append(
            f"update area_index set name_zh = '{name}', name_en = '{name}',"
            f" sampling_rate = {rate} where area_code = {area}"
        )
    write_tables(folder / "tables", MONTH, changes)
    write_internal(folder / "tables", folder / "internal")
    write_public(folder / "tables", folder / "public")
    assert told(folder) == []
    rate = hidden_figure(folder, area=TOWNSHIP)
    put(folder, "a.csv", f"code,rate\n{TOWNSHIP},{rate}\n")
    assert len(told(folder)) == 1
