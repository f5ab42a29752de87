"""The page of how alerts are corrected fits a telephone and a desk."""

import shutil

import pytest

from orchestration.documents import cases
from orchestration.home.layout import Home
from tests.support.records import verdict
from tests.unit.test_case_snapshots import OCTOBER, edition_with_cases


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_the_page_of_cases_fits_each_width(chromium, release, tmp_path, width):
    home = Home(tmp_path / "home")
    home.candidate(OCTOBER).mkdir(parents=True)
    verdict("2020-10").write(home.verdict(OCTOBER))
    edition = edition_with_cases(home, tmp_path)
    shutil.copytree(release / "internal" / "site", edition.folder / "site")
    cases.write_cases(edition)
    page = chromium.new_page(viewport={"width": width, "height": 900})
    page.goto((edition.folder / cases.PAGE).as_uri())
    assert page.evaluate("document.querySelector('img').naturalWidth") > 300
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.close()
