"""Editions with little in them: a county without linked unions, no month before, no address.

Every area suppressed.
"""

import shutil

import duckdb
import pytest

from orchestration.documents.site import write_site
from quality import pages
from tests.support.example_site import PERIOD, edition_in

EMPTIED = {
    "area_index": ("sampling_rate", "health_index", "index_change", "rank", "previous_rank"),
    "area_dimension": ("rate", "points", "rank"),
    "area_indicator": ("mean_score",),
    "county_ranking": ("health_index", "rank", "previous_rank", "rank_low", "rank_high"),
}
COUNTS = {
    "area_index": ("frame", "linked", "green", "yellow", "red"),
    "area_indicator": ("observed", "missing", "not_applicable"),
    "county_ranking": ("sampling_rate",),
}
WITHOUT = "330329"


def rewrite(file, columns):
    """Give columns of a table other values, as SQL."""
    replaced = ", ".join(f"{value} as {column}" for column, value in columns.items())
    duckdb.execute(
        f"copy (select * replace ({replaced}) from '{file}') to '{file}.new' (format parquet)"
    )
    file.with_name(f"{file.name}.new").rename(file)


def empty(folder, condition, counts, **others):
    """Take the figures of areas out of an edition's tables, with the counts as given."""
    for table, figures in EMPTIED.items():
        values = dict.fromkeys(figures, "null") | dict.fromkeys(COUNTS.get(table, ()), counts)
        columns = {
            column: f"case when {condition} then {value} else {column} end"
            for column, value in values.items()
        }
        rewrite(folder / f"{table}.parquet", columns | others)


@pytest.fixture(scope="session")
def release(root, tmp_path_factory):
    """December's editions so emptied, with their sites."""
    bare = tmp_path_factory.mktemp("bare")
    for name in ("public", "internal"):
        shutil.copytree(
            root / PERIOD / name,
            bare / PERIOD / name,
            ignore=shutil.ignore_patterns("site", "counties"),
        )
        edition = edition_in(bare, name, site_url=None)
        if name == "public":
            empty(edition.folder, "true", "null", suppressed="true")
        else:
            empty(edition.folder, f"starts_with(area_code, '{WITHOUT}')", "0")
            rewrite(
                edition.folder / "area_index.parquet",
                {"index_change": "null", "previous_rank": "null"},
            )
        write_site(type(edition)(edition.folder, edition.methodology, edition.verdict, []))
    return bare / PERIOD


def test_a_suppressed_city_shows_dashes_and_says_why(visit, release):
    page = visit("public", "#city?lang=en")
    assert set(page.locator("#city strong").all_inner_texts()) == {"–"}
    assert "city's figures of this month are not published" in page.locator("#city").inner_text()
    assert set("".join(page.locator("table.ranking td").all_inner_texts())) == {"–"}
    assert "No month can be shown." in page.locator("#city_trend").inner_text()
    assert [fault for fault in pages.page_figures(release) if fault.startswith("public")] == []


def test_a_county_without_linked_unions_stands_last(visit):
    page = visit("internal", "#city?lang=en")
    assert page.locator("table.ranking tbody tr").last.locator("th").inner_text().split() == [
        "Taishun",
        "no",
        "linked",
        "enterprises",
    ]
    assert "Not compared with the month before" in page.locator(".headline").inner_text()
    page = visit("internal", f"#county/{WITHOUT}?lang=en")
    assert page.locator(".facts dd").first.inner_text() == "–"
    assert (
        "no linked enterprise that month"
        in page.locator("article:not([hidden]) .notice").inner_text()
    )
    assert page.locator("a[href^='#unions?']").count() == 0


def test_one_month_is_a_point(visit):
    page = visit("internal", "#county/330302?lang=en")
    assert page.locator("article:not([hidden]) .drawing circle.point").count() == 1
    assert "One month has been released so far." in page.locator("main").inner_text()


def test_without_an_address_a_union_has_no_code_to_scan(visit):
    page = visit("internal", "#union/U0000379")
    assert page.locator(".card .word").count() == 1
    assert page.locator(".page_code").count() == 0
