"""Sites of the contract's example, and a browser to read them in."""

import os
import shutil

import pytest

from orchestration.documents.site import write_site
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


@pytest.fixture
def visit(chromium, release):
    """Opens a view: visit(edition, hash, **options).

    An error, dialogue, policy violation or request elsewhere fails the test.
    """
    contexts, faults = [], []

    def opened(edition, address="", width=1280, **options):
        context = chromium.new_context(
            viewport={"width": width, "height": 900}, locale="en-US", **options
        )
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "dialog", lambda dialog: (faults.append(f"dialog {dialog.message}"), dialog.dismiss())
        )
        page.on(
            "request",
            lambda request: (
                None if request.url.startswith(("file://", "data:")) else faults.append(request.url)
            ),
        )
        page.on("requestfailed", lambda request: faults.append(f"failed {request.url}"))
        page.goto(f"{(release / edition / 'index.html').as_uri()}{address}")
        if options.get("java_script_enabled", True):
            page.wait_for_function("document.documentElement.dataset.view !== undefined")
            page.evaluate("document.fonts.ready.then(() => new Promise(requestAnimationFrame))")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
