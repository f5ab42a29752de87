"""The pages of a release show their Chinese on a machine without a Chinese font.

Each page is compared with the fonts that it loads.
"""

import base64
import html
import io
import re

import pytest
from fontTools.ttLib import TTFont

from orchestration.documents.fonts import SOURCE
from tests.support.example_site import EDITIONS

FONT_SOURCE = re.compile(
    r"@font-face\s*\{[^}]*?url\(\"?((?:data:font/ttf|[\w./-]+\.ttf)[^\")]*)\"?\)"
)
LOADED = re.compile(r'(?:href|src)="([\w-][\w./-]*\.(?:css|js))"')
JS_ESCAPE = re.compile(r"\\u([0-9a-fA-F]{4})")
EMBEDDED = "data:font/ttf;base64,"


def characters_with_a_glyph(content):
    with TTFont(io.BytesIO(content), lazy=True) as font:
        return set(map(chr, font.getBestCmap()))


def resolved(text):
    return JS_ESCAPE.sub(lambda match: chr(int(match[1], 16)), html.unescape(text))


def shown_and_drawn(page):
    """The characters of a page with what it loads, and those that each of its fonts has."""
    texts = [page.read_text(encoding="utf-8")]
    files = [page.parent / name for name in LOADED.findall(texts[0])]
    if page.name == "index.html" and (page.parent / "site").exists():
        files += (page.parent / "site" / "data").rglob("*.js")
    texts += [file.read_text(encoding="utf-8") for file in files]
    fonts = []
    for place, text in zip([page, *files], texts, strict=True):
        for source in FONT_SOURCE.findall(text):
            embedded = source.startswith(EMBEDDED)
            content = (
                base64.b64decode(source.removeprefix(EMBEDDED))
                if embedded
                else (place.parent / source).read_bytes()
            )
            fonts.append(characters_with_a_glyph(content))
    return {
        character for text in texts for character in resolved(text) if character.isprintable()
    }, fonts


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_page_of_an_edition_has_a_glyph_for_each_of_its_characters(prepared_example, edition):
    folder = prepared_example / "prepared" / "2020-12" / edition
    drawable = characters_with_a_glyph(SOURCE.read_bytes())
    pages = sorted(folder.rglob("*.html"))
    assert {"index.html", "lineage.html"} <= {page.relative_to(folder).as_posix() for page in pages}
    for page in pages:
        shown, fonts = shown_and_drawn(page)
        assert len(shown & drawable) > 200
        assert fonts, f"{page} has no font"
        for font in fonts:
            assert (page.name, sorted((shown & drawable) - font)) == (page.name, [])


@pytest.mark.parametrize("edition", EDITIONS)
def test_charts_need_no_font(prepared_example, edition):
    charts = list((prepared_example / "prepared" / "2020-12" / edition / "charts").glob("*.svg"))
    assert len(charts) == 4
    assert not any(
        re.search(r"<(?:\w+:)?text\b", chart.read_text(encoding="utf-8")) for chart in charts
    )
