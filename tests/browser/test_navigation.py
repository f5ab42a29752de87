"""How readers get about in a site.

By addresses, links, languages and the keyboard, without a script, and with commands to copy.
"""

import pytest

from orchestration.documents import figures
from orchestration.documents.edition import rows_of
from tests.support.example_site import CITY, COUNTY, MARKUP
from tests.support.site_views import FIXED


@pytest.mark.parametrize(
    ("edition", "address", "title"),
    [
        ("public", "", "温州市民营企业工会健康指数"),
        ("public", "#county/330381?lang=zh", "瑞安市 · "),
        ("public", "#county/330381?lang=en", "Rui'an"),
        ("public", "#method?lang=en", "Method · Wenzhou"),
        ("public", "#unions", "页面不存在"),
        ("public", "#county/999999", "页面不存在"),
        ("internal", "#union/%E0%A4%A", "页面不存在"),
        ("internal", "#__proto__", "页面不存在"),
        ("internal", "#constructor/x", "页面不存在"),
        ("internal", "#union/constructor", "页面不存在"),
        ("internal", "#county/__proto__", "页面不存在"),
        ("internal", "#union/U0000379?lang=en", MARKUP["U0000379"]),
    ],
)
def test_an_address_leads_to_its_view(visit, edition, address, title):
    page = visit(edition, address)
    assert page.title().startswith(
        title.replace("Rui'an", page.locator("article:not([hidden]) h2").inner_text())
    )
    assert page.locator("main > article:visible").count() == 1
    assert page.evaluate("location.hash") == address


def test_a_language_that_is_none_is_not_spoken(visit):
    page = visit("internal", "#city?lang=constructor")
    assert page.evaluate("document.documentElement.lang") == "zh-Hans"
    assert page.evaluate("document.documentElement.dataset.show") == "both"


def test_links_lead_through_the_views_and_back(visit):
    page = visit("internal", "#city?lang=en")
    page.locator("table.ranking").get_by_role("link", name="Lucheng").click()
    page.wait_for_selector("#against_city")
    assert page.evaluate("location.hash") == "#county/330302?lang=en"
    assert page.evaluate("document.activeElement.tagName") == "H2"
    page.locator("section:has(#townships_heading) tbody a").first.click()
    page.wait_for_selector("table.results")
    page.locator("table.results tbody a").first.click()
    page.wait_for_selector(".card")
    page.go_back()
    page.wait_for_selector("table.results")
    assert page.locator("nav [aria-current]").inner_text() == "Unions"
    assert page.evaluate("document.documentElement.lang") == "en"


def test_a_county_links_to_its_sheet_where_there_is_one(visit):
    assert (
        visit("public", f"#county/{COUNTY}")
        .locator("article:not([hidden]) a[href='counties/330302.pdf']")
        .count()
        == 1
    )
    assert (
        visit("public", "#county/330328")
        .locator("article:not([hidden]) a[href^='counties/']")
        .count()
        == 0
    )


def test_a_suppressed_county_says_why_it_has_no_figures(visit):
    page = visit("public", f"#county/{COUNTY}?lang=en")
    assert "fewer than 10 linked enterprises" in page.locator("main .notice").inner_text()
    assert set(page.locator(".facts dd").all_inner_texts()) == {"–", "– / –"}
    assert set(page.locator("section:has(#townships_heading) td").all_inner_texts()) == {"–"}


@pytest.mark.parametrize(
    ("choice", "language", "shown", "hidden"),
    [
        ("中文", "zh-Hans", "县（市、区）健康指数", "Health indices of the counties"),
        ("English", "en", "Health indices of the counties", "县（市、区）健康指数"),
    ],
)
def test_the_language_is_chosen_and_kept_in_the_address(visit, choice, language, shown, hidden):
    page = visit("public", "#city")
    text = page.locator("main").inner_text()
    assert shown in text
    assert hidden in text
    page.get_by_role("radio", name=choice, exact=True).check()
    for _ in range(2):
        text = page.locator("main").inner_text()
        assert shown in text
        assert hidden not in text
        assert page.evaluate("document.documentElement.lang") == language
        page.reload()
        page.wait_for_selector(".languages")
    page.get_by_role("radio", name="中文与英文" if choice == "中文" else "Both").check()
    assert page.evaluate("location.hash") == "#city"


@pytest.mark.parametrize("edition", ["public", "internal"])
def test_without_a_script_the_essentials_are_there(visit, release, edition):
    page = visit(edition, java_script_enabled=False)
    assert [
        article.get_attribute("id") for article in page.locator("main > article:visible").all()
    ] == list(FIXED)
    text = page.locator("main").inner_text()
    city = next(
        row for row in rows_of(release / edition / "area_index.parquet") if row["area_code"] == CITY
    )
    for part in (
        figures.index(city["health_index"]),
        f"{figures.rate(city['sampling_rate'])}%",
        "瑞安市",
        "例外放行",
        "sha256sum --check",
        "职工入会率",
    ):
        assert part in text
    assert page.locator("button, input, select").count() == 0
    assert page.locator("nav a[href='#unions']").is_hidden() or edition == "public"


def test_the_keyboard_reaches_the_content_first(visit):
    page = visit("public")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    assert page.evaluate("location.hash") == ""
    reached = []
    for _ in range(12):
        page.keyboard.press("Tab")
        reached.append(
            page.evaluate(
                "[document.activeElement.tagName,"
                " getComputedStyle(document.activeElement).outlineStyle]"
            )
        )
    assert ["BUTTON", "solid"] in reached
    page.keyboard.press("Enter")
    assert page.locator("th[aria-sort]").count() == 1


def commands_of(page):
    return [
        command.inner_text() for command in page.locator("article:not([hidden]) .command").all()
    ]


@pytest.mark.parametrize(("address", "area"), [("#city", CITY), ("#county/330381", "330381")])
def test_an_area_shows_how_to_trace_it_beside_its_counts_where_the_edition_has_the_rows(
    visit, release, address, area
):
    assert commands_of(visit("public", address)) == []
    page = visit("internal", address)
    assert commands_of(page) == [f"uhi trace --release DIR --area {area}"]
    if area == CITY:
        return
    row = next(
        row
        for row in rows_of(release / "internal" / "area_index.parquet")
        if row["area_code"] == area
    )
    assert f"{row['linked']} / {row['frame']}" in page.locator(".facts").first.inner_text()
    rows = page.locator("section:has(#indicators_heading) tbody tr")
    counted = [
        [int(cell) for cell in each.locator("td").all_inner_texts()[-3:]] for each in rows.all()
    ]
    due = {
        row["indicator"]: row
        for row in rows_of(release / "internal" / "area_indicator.parquet")
        if row["area_code"] == area
    }
    assert sorted(counted) == sorted(
        [each[status] for status in ("observed", "missing", "not_applicable")]
        for each in due.values()
    )


def test_a_union_shows_how_to_trace_it_and_each_of_its_indicators(visit, release):
    page = visit("internal", "#union/U0000599")
    rows = [
        row
        for row in rows_of(release / "internal" / "union_indicator.parquet")
        if row["union_id"] == "U0000599"
    ]
    page.get_by_text("按指标列出").click()
    first, *each = commands_of(page)
    assert first == "uhi trace --release DIR --union U0000599"
    assert sorted(each) == sorted(f"{first} --indicator {row['indicator']}" for row in rows)
    ratio = next(
        row for row in rows if row["status"] == "observed" and row["denominator"] is not None
    )
    amounts = [f"{amount.normalize():f}" for amount in (ratio["numerator"], ratio["denominator"])]
    assert f"({amounts[0]} / {amounts[1]})" in page.locator(
        "section:has(#indicators_heading) table"
    ).inner_text().replace(",", "")


def test_a_click_selects_a_command_whole_and_a_strange_id_is_quoted(visit):
    page = visit("internal", f"#county/{COUNTY}")
    page.locator("article:not([hidden]) .command").click()
    assert page.evaluate("getSelection().toString()") == f"uhi trace --release DIR --area {COUNTY}"
    assert (
        page.evaluate("""UHI.command("uhi", "U/2 号'$(x)").textContent""")
        == "uhi 'U/2 号'\\''$(x)'"
    )
