"""A public edition leads to no file that it does not have."""

import pytest

from quality.references import references_outside

INSIDE = (
    'href="site/style.css"',
    'href="index.html#city"',
    'href="#checks"',
    'href="./site/../%69ndex.html?x=1"',
    'href="https://example.org/licence"',
    'href="mailto:press@example.org"',
    'href="data:,"',
    "src='site/style.css'",
)
OUTSIDE = (
    'href="../verdict.json"',
    'href="../../r1/public/index.html"',
    "src='../internal/site/app.js'",
    'href="manifest.json"',
    'href="/srv/uhi/releases"',
    'href="file:///srv/uhi"',
    'href="//example.org/x.js"',
    'href="site"',
    'style="background: url(../internal/a.png)"',
)


def led_to(folder, attribute):
    (folder / "public" / "site").mkdir(parents=True)
    page = f"<p><a {attribute}>x</a></p>"
    (folder / "public" / "index.html").write_text(page, encoding="utf-8")
    style = "@font-face { src: url(../index.html) }"
    (folder / "public" / "site" / "style.css").write_text(style, encoding="utf-8")
    return list(references_outside(folder))


@pytest.mark.parametrize("attribute", INSIDE)
def test_what_is_there_or_no_file_is_no_fault(tmp_path, attribute):
    assert led_to(tmp_path, attribute) == []


@pytest.mark.parametrize("attribute", OUTSIDE)
def test_what_is_not_there_is_named(tmp_path, attribute):
    [fault] = led_to(tmp_path, attribute)
    assert fault.startswith("public/index.html leads to ")


def test_a_style_sheet_s_addresses_are_beside_it(tmp_path):
    led_to(tmp_path, "")
    sheet = tmp_path / "public" / "site" / "style.css"
    sheet.write_text('p { background: url("../../internal/a.png") }', encoding="utf-8")
    [fault] = references_outside(tmp_path)
    assert fault.startswith("public/site/style.css leads to ../../internal/a.png")
