"""Charts of an edition: what they say, that it can be read, and the same bytes anywhere."""

import ctypes
import itertools
import re
import warnings
from decimal import Decimal

import pytest
from defusedxml import ElementTree
from fontTools.ttLib import TTFont
from PIL import Image
from pypdfium2 import PdfDocument, raw

from orchestration.documents import charts, palette, site
from orchestration.documents.charts import drawing, panels, scales, write_charts
from orchestration.documents.charts.parts import Names, texts_of
from orchestration.errors import UsageError
from orchestration.periods import Period
from tests.support.editions import make_edition, write_elsewhere

CHARTS = ("alerts", "dimensions", "ranking", "trend")
SVG = "{http://www.w3.org/2000/svg}"
DUBLIN_CORE = "{http://purl.org/dc/elements/1.1/}"
SHORTEST_DIGEST = 10
WHITE, STRIPE, BLUE = "#ffffff", "#f1f4f6", "#0072b2"
TOUCH, EDGE = 0.5, 12
LONG = """
    update {} set
        name_zh = '温州海洋经济发展示范区',
        name_en = 'Wenzhou Demonstration Zone of the Marine Economy'
    where area_code = '330302'
"""
LARGE = """
    update area_index set frame = 99000, linked = 88888, yellow = 43210, red = 44444
    where area_code = '330302'
"""
NO_FIGURES = """
    update area_index set
        linked = 0, sampling_rate = 0, health_index = null, index_change = null,
        rank = null, previous_rank = null, green = 0, yellow = 0, red = 0
    where starts_with(area_code, '{0}');
    update area_dimension set rate = null, points = null, rank = null
    where starts_with(area_code, '{0}');
    update county_ranking set
        rank = null, previous_rank = null, health_index = null, sampling_rate = 0,
        rank_low = null, rank_high = null
    where starts_with(area_code, '{0}');
"""
NO_COUNTIES = """
    delete from area_dimension where length(area_code) = 6;
    delete from area_indicator where length(area_code) = 6;
    delete from area_index where level = 'county';
    delete from population_change where length(area_code) = 6;
    delete from county_ranking;
"""
EDITIONS = {
    "public": {},
    "internal": {"name": "internal"},
    "one month": {"periods": ("2020-12",)},
    "a gap": {"name": "internal", "periods": ("2020-10", "2020-12")},
    "a county without linked unions": {
        "name": "internal",
        "changes": [NO_FIGURES.format("330328")],
    },
    "a city without linked unions": {"name": "internal", "changes": [NO_FIGURES.format("3303")]},
    "a city without counties": {"name": "internal", "changes": [NO_COUNTIES]},
    "long names, large counts": {
        "name": "internal",
        "changes": [LONG.format("area_index"), LONG.format("county_ranking"), LARGE],
    },
    "no notice": {"notice": None},
}


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request, tmp_path_factory):
    return make_edition(tmp_path_factory.mktemp("edition"), **EDITIONS[request.param])


@pytest.fixture(scope="module")
def written(edition, tmp_path_factory):
    folder = tmp_path_factory.mktemp("written") / "charts"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        write_charts(edition, folder)
    return folder


def described(folder, chart):
    root = ElementTree.parse(folder / f"{chart}.svg").getroot()
    return root.find(f"{SVG}title").text, root.find(f"{SVG}desc").text.splitlines()


def test_each_chart_is_drawn_as_svg_and_png(written):
    assert sorted(file.name for file in written.iterdir()) == sorted(
        f"{chart}.{form}" for chart in CHARTS for form in ("png", "svg")
    )
    for chart in CHARTS:
        with Image.open(written / f"{chart}.png") as picture:
            assert picture.width > 1200
            assert picture.text["Title"] == described(written, chart)[0]
            assert picture.text["Description"].splitlines() == described(written, chart)[1]


def test_the_drawing_needs_no_font_and_no_network(written):
    for chart in CHARTS:
        drawing_of_chart = written / f"{chart}.svg"
        root = ElementTree.parse(drawing_of_chart).getroot()
        assert root.get("role") == "img"
        assert list(root.iter(f"{SVG}text")) == []
        assert len(list(root.iter(f"{SVG}symbol"))) > 40
        assert "font-family" not in drawing_of_chart.read_text(encoding="utf-8")
        links = {
            value
            for element in root.iter()
            for name, value in element.attrib.items()
            if name.endswith("href")
        }
        names = {element.get("id") for element in root.iter() if element.get("id")}
        assert {link.removeprefix("#") for link in links} <= names
        assert max(map(len, names)) < SHORTEST_DIGEST


def test_notes_stand_in_the_metadata(edition, written):
    for chart in CHARTS:
        notes = getattr(charts, chart)(edition).notes
        root = ElementTree.parse(written / f"{chart}.svg").getroot()
        said = root.find(f".//{DUBLIN_CORE}description").text
        assert said.splitlines() == [" ".join(note) for note in notes]
        assert root.find(f".//{DUBLIN_CORE}date").text == "2020-12-31"
        assert root.find(f".//{DUBLIN_CORE}title").text == described(written, chart)[0]


def page_of(chart, folder):
    """A page of PDF with a chart as it is drawn, and its texts and paths with their bounds."""
    fonts = drawing.fonts_of([chart], folder)
    page = PdfDocument(drawing.drawn(chart, fonts, "pdf"))[0]
    textpage = page.get_textpage()
    objects = list(page.get_objects(textpage=textpage))
    texts = [
        (item.extract().strip(), item.get_bounds())
        for item in objects
        if item.type == raw.FPDF_PAGEOBJ_TEXT
    ]
    paths = [
        (*look_of(item), item.get_bounds())
        for item in objects
        if item.type == raw.FPDF_PAGEOBJ_PATH
    ]
    return page, [text for text in texts if text[0]], paths


def look_of(path):
    """The colour that a path is filled with, None of a line, and whether it has an edge."""
    colours = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(path, *colours)
    fill, has_edge = ctypes.c_int(), ctypes.c_int()
    raw.FPDFPath_GetDrawMode(path, fill, has_edge)
    colour = "#" + "".join(f"{colour.value:02x}" for colour in colours[:3])
    return colour if fill.value else None, bool(has_edge.value)


def overlaps(one, other):
    """Whether two bounds have more than a touch of each other."""
    (left, low, right, high), (its_left, its_low, its_right, its_high) = one, other
    across = min(right, its_right) - max(left, its_left)
    return across > TOUCH and min(high, its_high) - max(low, its_low) > TOUCH


def is_in_the_way(name, colour, has_edge):
    """Whether a text may not stand on a path: in a trend it may on lines, and on what clears it."""
    if name == "trend":
        return colour not in (None, WHITE, STRIPE)
    return has_edge or colour not in (WHITE, STRIPE)


def chart_words(chart):
    """The heads, names and figures of a chart, and the labels of its scales."""
    if chart.name == "trend":
        yield from (label for _, label in chart.body.labels)
        parts = chart.body.panels
    else:
        parts = chart.body
    for part in parts:
        yield from part.head
        yield from getattr(part, "cells", ())
        if hasattr(part, "scale"):
            yield from (label for _, label in part.scale.ticks)
        if isinstance(part, Names):
            yield from texts_of(part.rows)


def squeezed(text):
    """A text without its spaces."""
    return "".join(text.split())


@pytest.mark.parametrize("name", CHARTS)
def test_every_text_lies_on_the_page_and_on_no_other(edition, tmp_path, name):
    chart = getattr(charts, name)(edition)
    page, texts, paths = page_of(chart, tmp_path)
    width, height = page.get_size()
    for text, (left, low, right, high) in texts:
        inside = left > EDGE and right < width - EDGE and low > EDGE and high < height - EDGE
        assert inside, text
    pairs = itertools.combinations(texts, 2)
    assert [(one, other) for one, other in pairs if overlaps(one[1], other[1])] == []
    marks = [bounds for *look, bounds in paths if is_in_the_way(name, *look)]
    assert [text for text, bounds in texts for mark in marks if overlaps(bounds, mark)] == []
    for left, low, right, high in marks:
        assert left > EDGE
        assert right < width - EDGE
        assert low > EDGE
        assert high < height - EDGE
    drawn = "".join(text for text, _ in texts)
    words = {*texts_of([chart.title, chart.finding, chart.notes]), *chart_words(chart)}
    assert {word for word in words if squeezed(word) not in squeezed(drawn)} == set()
    shown = {character for character in drawn if not character.isspace()}
    assert shown <= set(map(chr, TTFont(tmp_path / "regular.ttf").getBestCmap()))


@pytest.mark.parametrize("which", ["public", "internal"])
def test_the_words_say_what_the_tables_do(tmp_path, which):
    edition = make_edition(tmp_path / "edition", which)
    write_charts(edition, tmp_path / "charts")
    title, rows = described(tmp_path / "charts", "ranking")
    chinese = "温州市 2020-12：各县（市、区）健康指数"
    english = "Wenzhou, 2020-12: health index of the counties"
    if which == "internal":
        chinese += "与位次区间"
        english += ", with the intervals of their ranks"
    found = {
        "public": ("", ""),
        "internal": (
            "各县（市、区）排名先后不宜作定论。",
            "The order of the counties is not firm. ",
        ),
    }[which]
    assert title == f"{found[0]}{chinese} / {found[1]}{english}"
    assert described(tmp_path / "charts", "trend")[0].startswith(
        "温州市民营企业工会健康指数为49.0分；较上月上升（+1.6分）。"
    )
    assert described(tmp_path / "charts", "dimensions")[0].startswith(
        "文化引领贡献率最低（35.48%）。"
    )
    notes = (tmp_path / "charts" / "ranking.svg").read_text(encoding="utf-8")
    assert "数据来源：智慧工会平台。数据截至2020-12-31" in notes
    shown = {
        "文成县 Wencheng": (
            "位次 Rank 1; 健康指数 Health index 56.8; 位次区间 Interval of the rank 1"
        ),
        "泰顺县 Taishun": (
            "位次 Rank 2; 健康指数 Health index 52.8; 位次区间 Interval of the rank 1–2"
        ),
        "鹿城区 Lucheng": (
            "位次 Rank 3; 健康指数 Health index 48.4; 位次区间 Interval of the rank 2–3"
        ),
        "瑞安市 Rui'an": (
            "位次 Rank 4; 健康指数 Health index 48.3; 位次区间 Interval of the rank 3–4"
        ),
    }
    suppressed = {
        f"{row['name_zh']} {row['name_en']}"
        for row in edition.ranking
        if which == "public" and row["suppressed"]
    }
    assert len(suppressed) == (3 if which == "public" else 0)
    if which == "public":
        # A hidden county is ranked among them, so none has a rank.
        shown = {
            name: "健康指数 Health index –" if name in suppressed else text.split("; ")[1]
            for name, text in shown.items()
        }
    assert {row.partition(": ")[0]: row.partition(": ")[2] for row in rows} == shown
    assert described(tmp_path / "charts", "trend")[1] == [
        "健康指数 Health index: 2020-10 46.7; 2020-11 47.4; 2020-12 49.0",
        "关联取样率 Sampling rate: 2020-10 57.47; 2020-11 64.04; 2020-12 70.79",
    ]
    # All unions of this county are red: to say so would tell those of its hidden townships.
    codes = {
        "public": "红码 Red –; 黄码 Yellow –; 红码 Red –; 黄码 Yellow –",
        "internal": "红码 Red 29; 黄码 Yellow 0; 红码 Red 100.0%; 黄码 Yellow 0.0%",
    }[which]
    alerts = described(tmp_path / "charts", "alerts")[1]
    assert alerts[0 if which == "public" else 3] == f"瑞安市 Rui'an: {codes}"
    assert described(tmp_path / "charts", "dimensions")[1][0] == (
        "温州市 Wenzhou: 组织建设 Organization building 63.41; "
        "维权帮扶 Rights and assistance 44.69; "
        "创新创业 Innovation and enterprise 47.31; 文化引领 Cultural leadership 35.48"
    )


def test_the_colours_of_the_health_codes_are_those_of_every_surface(tmp_path):
    style = palette.style_sheet()
    write_charts(make_edition(tmp_path / "edition", "internal"), tmp_path / "charts")
    markup = (tmp_path / "charts" / "alerts.svg").read_text(encoding="utf-8")
    for code in charts.CODES:
        assert f'fill="{palette.CODES[code]}"' in markup
        assert f"--{code}: {palette.CODES[code]};" in style
    assert "<pattern" in markup
    own = (site.ASSETS / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"--(green|yellow|red):", own)


@pytest.mark.parametrize(
    ("periods", "marks", "lines"),
    [(("2020-10", "2020-11", "2020-12"), 3, 2), (("2020-10", "2020-12"), 2, 0)],
)
def test_the_line_breaks_at_a_month_without_a_release(tmp_path, periods, marks, lines):
    edition = make_edition(tmp_path / "edition", "internal", periods)
    chart = charts.trend(edition)
    shown = [[point and point.label for point in panel.points] for panel in chart.body.panels]
    gap = [None] if lines == 0 else []
    assert [labels[0] for labels in shown] == ["46.7", "57.47"]
    assert [labels[1:-1] for labels in shown] == ([gap] * 2 if gap else [["47.4"], ["64.04"]])
    assert [labels[-1] for labels in shown] == ["49.0", "70.79"]
    _, texts, paths = page_of(chart, tmp_path)
    looks = [(colour, has_edge) for colour, has_edge, _ in paths]
    ticks = sum(len(panel.scale.ticks) for panel in chart.body.panels)
    assert looks.count((BLUE, False)) == 2 * marks
    assert looks.count((None, True)) == 2 * lines + ticks
    assert [text for text, _ in texts].count("2020-11") == 2


@pytest.mark.parametrize(
    ("low", "high", "most", "marks"),
    [
        ("46.4", "57.9", 5, ["50", "55"]),
        ("48.3", "49.7", 5, ["48.5", "49", "49.5"]),
        ("-15", "115", 5, ["0", "50", "100"]),
        ("20.1", "70.9", 3, ["40", "60"]),
        ("46.3", "49.4", 4, ["47", "48", "49"]),
        ("49", "51.9", 3, ["49", "50", "51"]),
    ],
)
def test_marks_of_a_scale_are_round(low, high, most, marks):
    numbers = scales.round_numbers(Decimal(low), Decimal(high), most)
    assert [label for _, label in scales.labelled(numbers)] == marks


@pytest.mark.parametrize(
    ("longest", "marks"),
    [
        (0, ["0", "1"]),
        (2, ["0", "1", "2"]),
        (29, ["0", "10", "20"]),
        (87654, ["0", "50,000"]),
        (Decimal("0.4"), ["0", "0.2", "0.4"]),
    ],
)
def test_marks_of_bars_are_whole_where_there_is_one(longest, marks):
    assert [label for _, label in scales.scale_from_zero([longest]).ticks] == marks


def test_of_many_months_some_have_labels(tmp_path):
    values = [Decimal(50 + number % 7) for number in range(30)]
    shown = panels.line(("指数", "index"), values, str)
    labels = [point.label for point in shown.points if point.label]
    assert labels == ["50", "56", "51"]
    assert len(shown.points) == 30
    months = panels.months_between(Period(2018, 7), Period(2020, 12))
    assert len(months) == 30
    assert panels.labels_of(months)[:2] == [(29, "2020-12"), (26, "2020-09")]


def test_a_character_that_the_font_lacks_is_named(tmp_path):
    change = "update {} set name_zh = '\U0001f600市' where area_code = '330381'"
    changes = [change.format(table) for table in ("area_index", "county_ranking")]
    edition = make_edition(tmp_path / "edition", "internal", ("2020-12",), changes)
    with pytest.raises(UsageError, match=r"lacks U\+1F600\."):
        write_charts(edition, tmp_path / "charts")


def test_charts_have_the_same_bytes_anywhere_and_after_others(tmp_path):
    names = "update {} set name_zh = '龘靐市', name_en = 'Da' where area_code = '330381'"
    other = [names.format(table) for table in ("area_index", "county_ranking")]
    for number, changes in enumerate(([], other)):
        edition = make_edition(tmp_path / f"edition {number}", changes=changes)
        write_charts(edition, tmp_path / f"charts {number}")
    here = {file.name: file.read_bytes() for file in (tmp_path / "charts 1").iterdir()}
    for elsewhere in write_elsewhere(write_charts, edition, tmp_path, "charts"):
        assert {
            file.name: file.read_bytes() == here[file.name] for file in elsewhere.iterdir()
        } == dict.fromkeys(here, True)
