"""How each view looks on a desktop, a tablet, a phone and paper.

Nothing is cut off or overlaps, no chart is empty, and every character is drawn.
"""

import io

import pytest
from PIL import Image
from pypdf import PdfReader

from tests.support.lanes import everyday
from tests.support.site_views import EVERYDAY, VIEWS

WIDTHS = (1280, 768, 390)
OVERLAPS = """() => {
  const found = [], boxes = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    const holder = node.parentElement;
    if (!node.data.trim() || !holder.checkVisibility()) continue;
    if (holder.closest(".hidden, .skip, option")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    const frame = holder.closest(".wide, pre")?.getBoundingClientRect();
    for (const box of range.getClientRects()) {
      const right = frame ? Math.min(box.right, frame.right) : box.right;
      if (right - box.left <= 1) continue;
      boxes.push({ node, left: box.left, right, top: box.top, bottom: box.bottom });
    }
  }
  for (const one of boxes) for (const other of boxes) {
    if (one.node === other.node || one.top > other.top) continue;
    const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
    const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
    const height = Math.min(one.bottom - one.top, other.bottom - other.top);
    if (across <= 2 || down <= height * 0.4) continue;
    found.push(`${one.node.data.trim()} | ${other.node.data.trim()}`);
  }
  return [boxes.length, found];
}"""
EMPTY_CHARTS = """() => {
  const charts = [...document.querySelectorAll("main svg")];
  return charts.filter((chart) => chart.checkVisibility()).map((chart) => {
    const shapes = [...chart.querySelectorAll("rect, path, circle, polyline")];
    const marks = shapes.filter((shape) => !shape.matches(".ground, .axis, .grid"));
    const drawn = marks.filter((mark) => {
      const box = mark.getBoundingClientRect();
      return box.width + box.height > 0;
    });
    const name = chart.getAttribute("class") || chart.parentElement.className;
    return [name, marks.length > 0, drawn.length];
  });
}"""
GLYPHS = """(characters) => {
  const drawn = (character) => {
    const canvas = document.createElement("canvas");
    canvas.width = canvas.height = 40;
    const context = canvas.getContext("2d");
    context.font = '32px "Release Sans"';
    context.fillText(character, 2, 34);
    return canvas.toDataURL();
  };
  return [...characters].map(drawn);
}"""


def zero_allowed(chart):
    """Bars of a figure that is 0 have nothing drawn, and those of none."""
    return "bar" in chart


@pytest.mark.parametrize(("edition", "address"), everyday(VIEWS, *EVERYDAY))
def test_a_view_fits_each_width(visit, edition, address):
    page = visit(edition, address)
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.evaluate(
            "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))"
        )
        check_fit(page, width)


def check_fit(page, width):
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    boxes, overlaps = page.evaluate(OVERLAPS)
    assert boxes > 20
    assert overlaps == []
    charts = page.evaluate(EMPTY_CHARTS)
    assert [
        kind
        for kind, has_marks, drawn in charts
        if not has_marks or (not drawn and not zero_allowed(kind))
    ] == []
    picture = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("L")
    assert picture.width == width
    darkest, brightest = picture.getextrema()
    assert brightest - darkest > 180


LARGE_CITY = """() => {
  const row = document.querySelector("table tfoot tr");
  for (const cell of [...row.cells].slice(-2)) cell.textContent = "12,364";
}"""
CUT_OFF = """() => [...document.querySelectorAll("article:not([hidden]) .wide")]
  .filter((region) => region.scrollWidth > region.clientWidth).length"""


@pytest.mark.parametrize("edition", ["internal", "public"])
@pytest.mark.parametrize("language", ["both", "zh", "en"])
def test_the_ranking_of_a_large_city_is_not_cut_off(visit, edition, language):
    page = visit(edition, "#city")
    page.evaluate(LARGE_CITY)
    page.locator(f"input[name=language][value={language}]").check()
    assert page.evaluate(CUT_OFF) == 0


@pytest.mark.parametrize(
    ("edition", "address", "own", "city", "lines"),
    [
        ("internal", "#county/330302", 3, 3, 2),
        ("public", "#county/330302", 0, 0, 0),
        ("internal", "#city", 3, 0, 1),
        ("public", "#city", 3, 0, 1),
    ],
)
def test_the_trend_has_a_mark_for_each_month(visit, edition, address, own, city, lines):
    drawing = visit(edition, address).locator("article:not([hidden]) .drawing")
    for marks, due in (("circle.point", own), ("rect.second.point", city), ("path.line", lines)):
        assert drawing.locator(marks).count() == due


def test_chinese_is_drawn_with_the_sites_own_font(visit):
    page = visit("public", "#city")
    assert page.evaluate("document.fonts.check('16px \"Release Sans\"', '温州市')")
    assert page.evaluate(
        "[...document.fonts].filter((font) => font.status === 'loaded')"
        ".map((font) => font.weight).sort()"
    ) == [
        "400",
        "700",
    ]
    *characters, missing, other_missing = page.evaluate(
        GLYPHS, "温州市健康指数区\U0010fffd\U0010fffc"
    )
    assert missing == other_missing
    assert len({*characters, missing}) == len(characters) + 1
    session = page.context.new_cdp_session(page)
    session.send("DOM.enable")
    session.send("CSS.enable")
    document = session.send("DOM.getDocument")["root"]["nodeId"]
    nodes = session.send(
        "DOM.querySelectorAll",
        {"nodeId": document, "selector": "main [lang], main td, main strong"},
    )["nodeIds"]
    used = [
        font
        for node in nodes
        for font in session.send("CSS.getPlatformFontsForNode", {"nodeId": node})["fonts"]
    ]
    assert len(used) > 100
    assert {(font["familyName"], font["isCustomFont"]) for font in used} == {("Noto Sans SC", True)}


@pytest.mark.parametrize(("edition", "address"), everyday(VIEWS, *EVERYDAY))
def test_a_view_prints_on_a4(visit, edition, address):
    page = visit(edition, address)
    page.emulate_media(media="print")
    page.set_viewport_size({"width": 703, "height": 1000})
    assert (
        page.evaluate(
            "Math.max(...[...document.querySelectorAll('main *')]"
            ".map((each) => each.getBoundingClientRect().right))"
        )
        <= 704
    )
    assert page.locator("nav").is_hidden()
    printed = PdfReader(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    assert [round(float(side)) for side in printed.pages[0].mediabox[2:]] in (
        [595, 842],
        [596, 842],
        [595, 841],
    )
    text = "".join(each.extract_text() for each in printed.pages)
    shown = page.locator("main article:not([hidden]) h2").inner_text().split("\n")[0]
    assert shown.replace(" ", "") in text.replace(" ", "").replace("\n", "")
    if address == "#city":
        names = [
            row.locator("th").inner_text().split()[0]
            for row in page.locator("table.ranking tbody tr").all()
        ]
        assert len(names) == 4
        assert all(name in text for name in names)
