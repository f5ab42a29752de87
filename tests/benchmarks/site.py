"""How fast a written site is in a browser, and how large it is.

Measured: milliseconds to the first view and to the results of a search, and bytes.
"""

import os
import shutil
from pathlib import Path
from statistics import median

REPETITIONS = 5
SEARCHES = ("阀", "阀门", "有限公司", "U00123", "瑞安 电", "ouhai 服饰")
PAINTED = "performance.getEntriesByName('first-contentful-paint').length"
FIRST_VIEW = """() => {
  const [navigation] = performance.getEntriesByType("navigation");
  const [paint] = performance.getEntriesByName("first-contentful-paint");
  return Math.max(paint.startTime, navigation.domContentLoadedEventEnd);
}"""
SEARCH = """async (words) => {
  const field = document.querySelector("input[name=q]");
  const began = performance.now();
  field.value = words;
  field.dispatchEvent(new Event("input"));
  const laid_out = document.body.offsetHeight;
  return performance.now() - began;
}"""


def site_figures(edition: Path) -> dict[str, float]:
    """The figures of the site in an edition's folder.

    First view, opening the search and the slowest search in milliseconds; the size in bytes.
    """
    from playwright.sync_api import sync_playwright

    page_address = (edition / "index.html").as_uri()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox"] if os.geteuid() == 0 else [],
        )
        first_views, opened, searches = [], [], []
        for _ in range(REPETITIONS):
            page = browser.new_page()
            page.goto(page_address)
            page.wait_for_function("document.documentElement.dataset.view")
            page.wait_for_function(PAINTED)
            first_views.append(page.evaluate(FIRST_VIEW))
            if (edition / "site" / "data" / "unions.js").exists():
                began = page.evaluate("performance.now()")
                page.evaluate("location.hash = '#unions'")
                page.wait_for_selector("table.results")
                opened.append(page.evaluate("performance.now()") - began)
                searches.append(max(page.evaluate(SEARCH, words) for words in SEARCHES))
            page.close()
        browser.close()
    files = [file for file in (edition / "site").rglob("*") if file.is_file()] + [
        edition / "index.html"
    ]
    figures = {
        "first_view_ms": median(first_views),
        "site_bytes": sum(file.stat().st_size for file in files),
        "site_files": len(files),
    }
    return figures | (
        {"search_opened_ms": median(opened), "search_ms": median(searches)} if searches else {}
    )
