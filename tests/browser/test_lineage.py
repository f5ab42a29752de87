"""The page of column lineage in a browser.

It opens without a script, breaks no policy, and leads upstream step by step.
"""

import json
import re
import shutil

import pytest

from orchestration.documents.page_fonts import write_page_fonts
from orchestration.lineage.pages import write_lineage
from tests.support.example_site import EDITIONS
from tests.support.site_fonts import fonts_of_chinese


@pytest.fixture(scope="module", params=EDITIONS)
def edition(request, release, tmp_path_factory):
    folder = shutil.copytree(
        release / request.param, tmp_path_factory.mktemp("lineage") / request.param
    )
    write_lineage(folder)
    write_page_fonts(folder)
    return folder


@pytest.fixture
def page(chromium, edition):
    """The page without scripts; what the browser objects to, or cannot find, fails the test."""
    faults = []
    context = chromium.new_context(
        viewport={"width": 390, "height": 800}, java_script_enabled=False
    )
    page = context.new_page()
    page.on("console", lambda message: faults.append(message.text))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.goto((edition / "lineage.html").as_uri())
    yield page
    context.close()
    assert faults == []


def test_an_origin_is_found_from_its_column(page, edition):
    column = page.locator(
        "#area_index ~ details", has=page.locator("summary", has_text=re.compile("^health_index"))
    ).first
    assert not column.locator("table").is_visible()
    column.locator("summary").click()
    row = column.locator(
        "tbody tr", has=page.locator("td:nth-child(2)", has_text="safety_inspection")
    ).first
    assert (
        row.locator("td:nth-child(3)").inner_text()
        == "hazards_found hazards_rectified 汇总 aggregated"
    )


def test_a_step_leads_to_the_model_upstream(page, edition):
    column = page.locator(
        "#area_index ~ details", has=page.locator("summary", has_text=re.compile("^health_index"))
    ).first
    column.locator("summary").click()
    column.get_by_role("link", name="index.int_index.health_index").click()
    assert page.url.endswith("#index.int_index.health_index")
    assert page.locator("[id='index.int_index.health_index']").is_visible()


def test_every_link_leads_somewhere(edition):
    content = (edition / "lineage.html").read_text(encoding="utf-8")
    targets = set(re.findall(r'id="([^"]+)"', content))
    links = set(re.findall(r'href="([^"]+)"', content)) - {"data:,"}
    assert {link[1:] for link in links if link.startswith("#")} <= targets
    assert all((edition / link).exists() for link in links if not link.startswith("#"))


def test_the_page_has_what_the_json_has(edition):
    content = (edition / "lineage.html").read_text(encoding="utf-8")
    lineage = json.loads((edition / "lineage.json").read_text(encoding="utf-8"))
    for name, table in lineage["tables"].items():
        section = content.partition(f'<h3 id="{name}">')[2].partition("<h3")[0]
        assert re.findall(r"<summary><code>(\w+)</code>", section) == list(table["columns"])
        rows = sum(map(len, (*table["columns"].values(), table["rows"])))
        assert section.count("<tr><td>") == rows


def test_chinese_is_drawn_with_the_fonts_of_the_edition(page):
    assert fonts_of_chinese(page, "[lang=zh-Hans]") == {("Noto Sans SC", True)}
