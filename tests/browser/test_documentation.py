"""The documentation, opened from its folder: its search answers, and its Chinese is drawn."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import expect

from orchestration.settings import PROJECT


@pytest.fixture(scope="module")
def documentation(tmp_path_factory):
    """The first page of the site, built as `make docs` does."""
    folder = tmp_path_factory.mktemp("documentation")
    command = [str(Path(sys.executable).with_name("mkdocs")), "build", "--site-dir", str(folder)]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True)
    return folder


@pytest.fixture
def page(chromium):
    """A page; nothing may be asked for but files."""
    context, asked = chromium.new_context(), []
    opened = context.new_page()
    opened.on("request", lambda request: asked.append(request.url))
    yield opened
    context.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


def test_the_search_finds_a_command(documentation, page):
    page.goto((documentation / "index.html").as_uri())
    page.click(".md-search__input")
    page.keyboard.type("override", delay=50)
    expect(page.locator(".md-search-result__meta")).to_contain_text("matching documents")
    expect(page.locator("a.md-search-result__link[href$='#uhi-override']")).to_be_visible()


def test_the_guide_of_county_offices_brings_its_font(documentation, page):
    page.goto((documentation / "guides" / "county.html").as_uri())
    assert page.evaluate("document.fonts.ready.then(() => document.fonts.size)") == 1
    assert page.evaluate("document.fonts.check('16px \"Documentation Sans\"', '黄色预警')")
