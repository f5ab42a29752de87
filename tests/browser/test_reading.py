"""What readers meet in a site: figures and words, tables that sort, a search, no barrier."""

import re
from decimal import Decimal

import pytest
from axe_playwright_python.sync_playwright import Axe

from orchestration.documents import figures
from orchestration.documents.edition import rows_of
from tests.support.example_site import COUNTY, EDITIONS, MARKUP, SMALL_COUNTY
from tests.support.lanes import everyday
from tests.support.site_views import EVERYDAY, VIEWS


def column(page, number):
    return [
        row.locator("th, td").nth(number).inner_text().split("\n")[0].strip()
        for row in page.locator("main table tbody tr:visible").all()
    ]


def sort_by(page, key):
    page.locator(f"main article:not([hidden]) th[data-key='{key}'] button").click()


@pytest.mark.parametrize(("edition", "address"), everyday(VIEWS, *EVERYDAY))
def test_axe_finds_nothing_in_light_and_dark(visit, edition, address):
    page = visit(edition, address, reduced_motion="reduce")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        results = Axe().run(page, options={"preload": False})
        assert len(results.response["passes"]) > 20
        assert [
            (scheme, each["id"], each["nodes"][0]["html"])
            for each in results.response["violations"]
        ] == []


def test_the_page_says_what_the_month_shows_and_who_publishes_it(visit):
    page = visit("internal")
    assert (
        page.locator(".finding")
        .inner_text()
        .startswith("温州市民营企业工会健康指数为49.0分；较上月上升（+1.6分）")
    )
    assert "发布单位 Publisher 某某市总工会" in " ".join(
        page.locator(".imprint").inner_text().split()
    )


@pytest.mark.parametrize("edition", EDITIONS)
def test_checks_are_told_in_words_and_by_their_codes_only_inside(visit, edition):
    page = visit(edition, "#checks")
    assert "地区指数、取样率、健康码计数和位次正确" in page.locator(".groups").inner_text()
    assert page.locator("details .checks").count() == (1 if edition == "internal" else 0)
    assert not page.locator(".checks").first.is_visible() if edition == "internal" else True
    told = page.locator(".entries dd:first-of-type").all_inner_texts()
    assert told
    assert all(re.match(r"[\u4e00-\u9fff]", words) for words in told)


def test_an_indicator_is_defined_on_the_page_of_the_method(visit):
    page = visit("public", "#method")
    text = page.locator(".indicators li", has_text="集体合同签订").inner_text()
    assert all(part in text for part in ("有效且已登记", "来源数据表", "综合集体合同"))
    assert page.locator(".definition").count() == 20


def test_a_grade_is_told_in_words(visit, release):
    rows = rows_of(release / "internal" / "union_indicator.parquet")
    union = next(
        row["union_id"]
        for row in rows
        if (row["indicator"], row["value"]) == ("collective_contract", 0)
    )
    page = visit("internal", f"#union/{union}")
    row = page.locator("main article:not([hidden]) tr", has_text="集体合同签订").inner_text()
    assert "无有效合同" in row
    assert "%" not in row


def test_an_alert_is_one_line_for_each_cause(visit, release):
    alerts = rows_of(release / "internal" / "alert.parquet")
    unions = {row["union_id"] for row in alerts}
    most = max(unions, key=lambda union: sum(row["union_id"] == union for row in alerts))
    own = [row for row in alerts if row["union_id"] == most]
    measures = {
        row["rule"].removesuffix("_yellow").removesuffix("_red") + str(row["dimension"])
        for row in own
    } - {"yellow_persistsNone"}
    lines = visit("internal", f"#union/{most}").locator(".alerts li")
    assert len(own) > lines.count() == len(measures)
    assert all("即触发" in line for line in lines.all_inner_texts())


def test_the_unions_of_a_county_stand_worst_first(visit, release):
    page = visit("internal", f"#county/{COUNTY}")
    page.get_by_role("link", name="Unions of this area").click()
    page.locator("table.results").wait_for()
    unions = [
        row
        for row in rows_of(release / "internal" / "union_index.parquet")
        if row["county_code"] == COUNTY
    ]
    indices = [float(text) for text in column(page, 1)]
    assert indices == sorted(indices)
    assert len(indices) == len(unions)


def test_figures_are_those_of_the_documents(visit):
    values = [
        None,
        0,
        *(
            sign * value
            for value in (0.0049, 0.005, 0.0384, 0.0499, 0.05, 1.05, 1234.5678)
            for sign in (1, -1)
        ),
    ]
    shown = visit("public").evaluate(
        "(values) => values.map((value) => [UHI.index(value), UHI.rate(value), UHI.change(value)])",
        values,
    )
    for value, texts in zip(values, shown, strict=True):
        exact = None if value is None else Decimal(str(value))
        due = [formatted(exact) for formatted in (figures.index, figures.rate, figures.change)]
        assert texts == due, value


@pytest.mark.parametrize(
    ("key", "number"),
    [
        ("rank", "rank"),
        ("health_index", "health_index"),
        ("sampling_rate", "sampling_rate"),
        ("rank_low", "rank_low"),
        ("red", "red"),
    ],
)
def test_the_ranking_sorts_by_each_column_and_back(visit, release, key, number):
    areas = {
        row["area_code"]: row
        for row in rows_of(release / "internal" / "area_index.parquet")
        if row["level"] == "county"
    }
    ranking = {
        row["area_code"]: row for row in rows_of(release / "internal" / "county_ranking.parquet")
    }
    values = {code: ranking[code].get(number, areas[code].get(number)) for code in areas}
    page = visit("internal", "#city")
    links = page.locator("table.ranking tbody .name a")
    if key == "rank":
        assert page.locator("th[data-key=rank]").get_attribute("aria-sort") == "ascending"
        sort_by(page, "name")
    for direction in ("ascending", "descending"):
        sort_by(page, key)
        shown = [values[link.get_attribute("href").partition("/")[2]] for link in links.all()]
        assert shown == sorted(values.values(), reverse=direction == "descending")
        assert page.locator(f"th[data-key='{key}']").get_attribute("aria-sort") == direction
        assert page.locator("[aria-sort]").count() == 1


def test_areas_without_figures_stand_last_however_sorted(visit):
    page = visit("public", "#city")
    for _ in range(2):
        sort_by(page, "health_index")
        assert column(page, 1)[0] == "48.3"
        assert set(column(page, 1)[1:]) == {"–"}


def test_counties_among_which_a_hidden_one_is_ranked_stand_by_index_and_say_why(visit):
    page = visit("public", "#city?lang=en")
    heads = page.locator("table.ranking th[data-key]")
    keys = [head.get_attribute("data-key") for head in heads.all()]
    assert [key for key in keys if "rank" in key] == []
    sorted_by = page.locator("table.ranking th[aria-sort]")
    assert (sorted_by.get_attribute("data-key"), sorted_by.get_attribute("aria-sort")) == (
        "health_index",
        "descending",
    )
    assert page.locator("main").inner_text().count("There is no ranking") == 1
    page = visit("public", f"#county/{SMALL_COUNTY}?lang=en")
    notices = page.locator("main article:not([hidden]) .notice").all_inner_texts()
    assert sum("There is no ranking" in notice for notice in notices) == 1
    assert "Rank" not in page.locator(".facts").inner_text()
    assert "Rank" not in page.locator("section:has(#against_city) thead").inner_text()


def test_a_county_that_lacks_its_rank_in_one_dimension_alone_says_why(visit):
    page = visit("internal", "#city?lang=en")
    page.evaluate("UHI.dimensionOf('330302', 'rights').rank = null")
    page.evaluate("location.hash = '#county/330302?lang=en'")
    section = page.locator("section:has(#against_city)")
    section.wait_for()
    assert "–" in section.locator("tbody").inner_text()
    assert section.inner_text().count("Some dimensions have no ranking") == 1
    page = visit("internal", "#county/330302?lang=en")
    section = page.locator("section:has(#against_city)")
    assert "Some dimensions have no ranking" not in section.inner_text()


def test_the_ranking_filters_by_either_name(visit):
    page = visit("internal", "#city")
    field = page.get_by_label("按名称筛选")
    for words, shown in (("瑞安", 1), ("wencheng", 1), ("县", 2), ("", 4), ("nowhere", 0)):
        field.fill(words)
        assert page.locator("table.ranking tbody tr:visible").count() == shown
    assert page.get_by_role("status").inner_text() == "显示0 / 4 0 of 4 shown"


@pytest.mark.parametrize(
    ("words", "condition"),
    [
        ("泰3", lambda row: "泰3" in row["name_zh"]),
        ("u0000400", lambda row: row["union_id"] == "U0000400"),
        ("lucheng 泰", lambda row: row["county_code"] == COUNTY and "泰" in row["name_zh"]),
        ("鹿城区", lambda row: row["county_code"] == COUNTY),
        ("nothing of the kind", lambda _: False),
    ],
)
def test_the_search_finds_by_name_id_and_place(visit, release, words, condition):
    due = {
        row["union_id"]
        for row in rows_of(release / "internal" / "union_index.parquet")
        if condition(row)
    }
    page = visit("internal", "#unions")
    page.get_by_label("企业名称、工会编号或地名").fill(words)
    if page.locator("button.more").is_visible():
        page.locator("button.more").click()
    shown = [
        link.get_attribute("href").removeprefix("#union/")
        for link in page.locator("table.results tbody a").all()
    ]
    assert len(shown) == len(due)
    assert set(shown) == due
    page.reload()
    page.wait_for_selector("main article:not([hidden]) [role=status]")
    assert page.get_by_label("企业名称、工会编号或地名").input_value() == words


def test_the_search_narrows_by_county_and_code_and_shows_more(visit, release):
    rows = rows_of(release / "internal" / "union_index.parquet")
    page = visit("internal", "#unions?lang=en")
    assert page.get_by_role("status").inner_text() == "63 found, 50 shown."
    page.get_by_role("button", name="Show more").click()
    assert page.locator("table.results tbody tr").count() == 63
    assert page.evaluate("document.activeElement.getAttribute('href')").startswith("#union/")
    ranks = [
        int(row.locator("td").nth(2).inner_text())
        for row in page.locator("table.results tbody tr").all()
    ]
    assert ranks == sorted(row["city_rank"] for row in rows)
    page.get_by_label("County").select_option("330328")
    page.get_by_label("Health code").select_option("red")
    due = [row for row in rows if (row["county_code"], row["health_code"]) == ("330328", "red")]
    assert page.locator("table.results tbody tr").count() == len(due) > 0
    assert page.evaluate("location.hash") == "#unions?county=330328&code=red&lang=en"


def test_a_union_shows_its_figures_and_what_it_loses(visit, release):
    union = next(
        row
        for row in rows_of(release / "internal" / "union_index.parquet")
        if row["union_id"] == "U0000599"
    )
    page = visit("internal", "#union/U0000599?lang=zh")
    assert page.locator(".facts dd").nth(0).inner_text() == figures.index(union["health_index"])
    assert page.locator(".card .word").inner_text() == "红码"
    assert page.locator(".page_code path").get_attribute("d").count("M") > 200
    rows = page.locator("section:has(#indicators_heading) tbody tr")
    assert rows.count() == 20
    status = {
        row["indicator"]: row
        for row in rows_of(release / "internal" / "union_indicator.parquet")
        if row["union_id"] == "U0000599"
    }
    missing = sum(row["status"] == "missing" for row in status.values())
    assert rows.get_by_text("缺报", exact=True).count() == missing
    lost = page.locator("section:has(#raise) li")
    assert lost.count() == 3
    assert [text for text in lost.all_inner_texts() if "失" not in text] == []
    alerts = [
        row
        for row in rows_of(release / "internal" / "alert.parquet")
        if row["union_id"] == "U0000599"
    ]
    causes = [row for row in alerts if row["rule"] != "yellow_persists"]
    assert page.locator(".alerts li").count() == len(causes) > 0
    assert all(
        f"自{row['opened_period']}起" in page.locator(".alerts").inner_text() for row in causes
    )


@pytest.mark.parametrize(
    "address", [f"#union/{union}" for union in MARKUP] + ["#unions", "#unions?q=%3Cimg"]
)
def test_markup_in_a_name_is_text(visit, address):
    page = visit("internal", address)
    text = page.locator("main").inner_text()
    assert any(name in text for name in MARKUP.values())
    assert page.locator("main img, main script, main b b").count() == 0


@pytest.mark.parametrize("edition", EDITIONS)
def test_what_people_wrote_is_text_and_what_checks_observed_stays_inside(visit, edition):
    page = visit(edition, "#checks")
    text = page.locator("main").inner_text()
    assert "<i>checked</i> by hand; 已核对" in text
    assert ("<b>58 %</b>" in text) == (edition == "internal")
    assert "A demonstration <only>" in page.locator(".notice").first.inner_text()
