"""Sites of the contract's example, and a browser to read them in."""

import os
import shutil

import pytest

from orchestration.documents.site import write_site
from tests.browser.pages import Pages
from tests.support.example_site import (
    EDITIONS,
    MONTHS,
    PERIOD,
    edition_in,
    write_accounts,
    write_editions,
)
from tests.support.faults import copy_of

CHROMIUM = shutil.which("chromium")


def make_sites(folder):
    """The example's editions by month, with December's sites."""
    for month in MONTHS:
        write_editions(month, folder / month)
    write_accounts(folder)
    for name in EDITIONS:
        (folder / PERIOD / name / "counties").mkdir()
        (folder / PERIOD / name / "counties" / "330302.pdf").write_bytes(b"%PDF-1.7\n")
        write_site(edition_in(folder, name))


@pytest.fixture(scope="session")
def root(prebuilt, tmp_path_factory):
    """A folder of the example's editions by month, with December's sites."""
    return copy_of(prebuilt("sites", make_sites), tmp_path_factory.mktemp("site"), "example")


@pytest.fixture(scope="session")
def release(root):
    """December's folder, with both editions."""
    return root / PERIOD


@pytest.fixture(scope="session")
def chromium():
    if CHROMIUM is None:
        pytest.skip("Chromium (Debian: chromium) is not installed")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        arguments = ["--host-resolver-rules=MAP evil.example 127.0.0.1"]
        if os.geteuid() == 0:
            arguments.append("--no-sandbox")
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def pages(chromium):
    return Pages(chromium)


@pytest.fixture
def visit(pages, release):
    """Opens a view: visit(edition, hash, **options).

    An error, dialogue, policy violation or request elsewhere fails the test.
    """
    with pages.lending() as opened:

        def visited(edition, address="", **options):
            page = opened(f"{(release / edition / 'index.html').as_uri()}{address}", **options)
            if options.get("java_script_enabled", True):
                page.wait_for_function("document.documentElement.dataset.view !== undefined")
                page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
            return page

        yield visited
