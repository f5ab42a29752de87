"""Charts of an edition: what they say, that it can be read, and the same bytes anywhere."""

import itertools
import re
import warnings

import matplotlib as mpl
import pytest
from defusedxml import ElementTree
from fontTools.ttLib import TTFont
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.font_manager import FontProperties
from matplotlib.text import Text
from PIL import Image

from orchestration.release.documents import charts, palette, site
from orchestration.release.documents.charts import drawing, write_charts
from tests.support.editions import make_edition, write_elsewhere

CHARTS = ("alerts", "dimensions", "ranking", "trend")
SVG = "{http://www.w3.org/2000/svg}"
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
        root = ElementTree.parse(written / f"{chart}.svg").getroot()
        assert root.get("role") == "img"
        assert list(root.iter(f"{SVG}text")) == []
        outlines = {
            path.get("id") for path in root.iter(f"{SVG}path") if "NotoSansSC" in path.get("id", "")
        }
        assert len(outlines) > 40
        assert "DejaVu" not in (written / f"{chart}.svg").read_text(encoding="utf-8")
        links = {
            value
            for element in root.iter()
            for name, value in element.attrib.items()
            if name.endswith("href")
        }
        assert all(link.startswith("#") for link in links)


@pytest.mark.parametrize("chart", CHARTS)
def test_every_text_lies_on_the_page_and_on_no_other(edition, tmp_path, chart):
    with drawing.settings():
        font_file = tmp_path / "font.ttf"
        page = getattr(charts, chart)(edition, FontProperties(fname=font_file))
        drawing.write_pages([page], font_file, tmp_path, "2020-12-31")
        canvas = FigureCanvasAgg(page.figure)
        canvas.draw()
        texts = [
            text
            for text in page.figure.findobj(Text)
            if text.get_text().strip() and text.get_visible()
        ]
        boxes = [(text.get_text(), text.get_window_extent(canvas.get_renderer())) for text in texts]
    assert all(
        page.figure.bbox.padded(-8).contains(*corner)
        for _, box in boxes
        for corner in (box.min, box.max)
    )
    overlapping = [
        (one, other)
        for (one, box), (other, its) in itertools.combinations(boxes, 2)
        if box.padded(-1).overlaps(its.padded(-1))
    ]
    assert overlapping == []
    panels = [panel.bbox for panel in page.figure.axes if len(panel.get_xticks())]
    labels = [
        (text.get_text(), text.get_window_extent(canvas.get_renderer()))
        for text in page.figure.texts
    ]
    assert [
        label for label, box in labels for panel in panels if box.padded(-1).overlaps(panel)
    ] == []
    shown = {character for text, _ in boxes for character in text if not character.isspace()}
    assert shown <= set(map(chr, TTFont(font_file).getBestCmap()))


@pytest.mark.parametrize("which", ["public", "internal"])
def test_the_words_say_what_the_tables_do(tmp_path, which):
    edition = make_edition(tmp_path / "edition", which)
    write_charts(edition, tmp_path / "charts")
    title, rows = described(tmp_path / "charts", "ranking")
    chinese = "温州市 2020-12：各县（市、区）健康指数与位次区间"
    english = "Wenzhou, 2020-12: health index of the counties, with the intervals of their ranks"
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
    hidden = "位次 Rank –; 健康指数 Health index –; 位次区间 Interval of the rank –"
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
    assert {row.partition(": ")[0]: row.partition(": ")[2] for row in rows} == {
        name: hidden if name in suppressed else text for name, text in shown.items()
    }
    assert described(tmp_path / "charts", "trend")[1] == [
        "健康指数 Health index: 2020-10 46.7; 2020-11 47.4; 2020-12 49.0",
        "关联取样率 Sampling rate: 2020-10 57.47; 2020-11 64.04; 2020-12 70.79",
    ]
    assert described(tmp_path / "charts", "alerts")[1][0 if which == "public" else 3] == (
        "瑞安市 Rui'an: 红码 Red 29; 黄码 Yellow 0; 红码 Red 100.0%; 黄码 Yellow 0.0%"
    )
    assert described(tmp_path / "charts", "dimensions")[1][0] == (
        "温州市 Wenzhou: 组织建设 Organization building 63.41; "
        "维权帮扶 Rights and assistance 44.69; "
        "创新创业 Innovation and enterprise 47.31; 文化引领 Cultural leadership 35.48"
    )


def test_the_colours_of_the_health_codes_are_those_of_every_surface(tmp_path):
    style = palette.style_sheet()
    for code, look in charts.CODES.items():
        assert look["facecolor"] == palette.CODES[code]
        assert f"--{code}: {palette.CODES[code]};" in style
    write_charts(make_edition(tmp_path / "edition", "internal"), tmp_path / "charts")
    assert palette.CODES["red"] in (tmp_path / "charts" / "alerts.svg").read_text(encoding="utf-8")
    own = (site.ASSETS / "style.css").read_text(encoding="utf-8")
    assert not re.search(r"--(green|yellow|red):", own)


def test_the_line_breaks_at_a_month_without_a_release(tmp_path):
    edition = make_edition(tmp_path / "edition", "internal", ("2020-10", "2020-12"))
    with drawing.settings():
        page = charts.trend(edition, FontProperties(fname=tmp_path / "font.ttf"))
    lines = [line for panel in page.figure.axes for line in panel.lines]
    assert [[round(float(value), 1) for value in line.get_ydata()[::2]] for line in lines] == [
        [46.7, 49.0],
        [57.5, 70.8],
    ]
    assert all(str(line.get_ydata()[1]) == "nan" for line in lines)


def test_charts_have_the_same_bytes_anywhere_and_after_others(tmp_path):
    settings, fonts = dict(mpl.rcParams), len(mpl.font_manager.fontManager.ttflist)
    names = "update {} set name_zh = '龘靐市', name_en = 'Da' where area_code = '330381'"
    other = [names.format(table) for table in ("area_index", "county_ranking")]
    for number, changes in enumerate(([], other)):
        edition = make_edition(tmp_path / f"edition {number}", changes=changes)
        write_charts(edition, tmp_path / f"charts {number}")
    assert (dict(mpl.rcParams), len(mpl.font_manager.fontManager.ttflist)) == (settings, fonts)
    here = {file.name: file.read_bytes() for file in (tmp_path / "charts 1").iterdir()}
    for elsewhere in write_elsewhere(write_charts, edition, tmp_path, "charts"):
        assert {
            file.name: file.read_bytes() == here[file.name] for file in elsewhere.iterdir()
        } == dict.fromkeys(here, True)
