"""The internal site answers why; the public one does not.

Why a union is not measured, a rank moved, rows were refused, or a grade was given.
"""

from decimal import Decimal

import pytest

from orchestration.documents.edition import rows_of
from orchestration.documents.figures import count, index
from orchestration.why.quality import weights
from orchestration.why.words import CHINESE, pair, say
from tests.support.accounts import MANY, NEVER_LINKED, NOWHERE, REFUSED
from tests.support.example_site import CITY, COUNTY, SMALL_COUNTY

SECTION = "main article:not([hidden]) section:has(#{})"


def section(page, name):
    return page.locator(SECTION.format(name))


def commands_of(page):
    return page.locator("main article:not([hidden]) .command").all_inner_texts()


def signed(number):
    return f"{number:+.4f}".replace("-", "−") if number else "0.0000"


@pytest.mark.parametrize(
    ("union", "reason"),
    [
        (NEVER_LINKED, say(CHINESE, "reason", "never_linked")),
        ("U0000002", say(CHINESE, "reason", "enterprise_closed", day="2020-10-29")),
        (REFUSED, say(CHINESE, "reason", "row_refused")),
        (NOWHERE, say(CHINESE, "reason", "row_refused")),
    ],
)
def test_the_page_of_a_union_that_is_not_measured_says_why(visit, union, reason):
    page = visit("internal", f"#union/{union}?lang=zh")
    told = section(page, "why_unmeasured")
    assert "本工会未纳入测算" in told.inner_text()
    assert reason in told.locator("li").all_inner_texts()
    assert commands_of(page) == [f"uhi trace --release DIR --union {union}"]


def test_a_union_whose_rows_were_refused_shows_rule_and_value(visit):
    page = visit("internal", f"#union/{REFUSED}?lang=zh")
    rows = section(page, "why_refused").locator("tbody tr").all_inner_texts()
    assert [[cell.strip() for cell in row.split("\t")] for row in rows] == [
        ["企业工会", REFUSED, say(CHINESE, "rule", "predicate"), "committee_term_years = 4"],
        ["民营企业", "91330302222057877B", say(CHINESE, "rule", "type"), "employee_count: 未落地"],
    ]


def test_a_search_leads_from_what_is_measured_to_what_is_not(visit):
    page = visit("internal", "#unions?q=U0000440&lang=zh")
    assert page.locator("table.results").count() == 0
    page.get_by_role("link", name="另有1家工会未纳入测算").click()
    page.locator("table.results").wait_for()
    assert "从未关联" in page.locator("table.results tbody").inner_text()
    page.locator("table.results a").click()
    page.locator("#why_unmeasured").wait_for()


def test_the_unions_of_a_county_that_are_not_measured_are_counted_and_listed(visit):
    page = visit("internal", f"#county/{COUNTY}?lang=zh")
    rows = section(page, "why_unmeasured").locator("tbody tr").all_inner_texts()
    assert [row.split("\t") for row in rows] == [
        ["工会记录被拒收", "1"],
        ["企业已关闭", "1"],
        ["从未关联", "2"],
    ]
    section(page, "why_unmeasured").get_by_role("link").click()
    page.locator("table.results").wait_for()
    assert page.locator("table.results tbody tr").count() == 3
    assert page.get_by_label("健康码").input_value() == "unmeasured"


@pytest.mark.parametrize("county", [COUNTY, SMALL_COUNTY])
def test_a_county_says_what_moved_its_index_and_who_went_past(visit, release, county):
    counties = {
        row["area_code"]: row for row in rows_of(release / "internal" / "county_ranking.parquet")
    }
    own = counties[county]
    page = visit("internal", f"#county/{county}?lang=zh")
    told = section(page, "why_rank")
    text = told.inner_text()
    before, now = own["previous_rank"], own["rank"]
    assert "与上月（2020-11）相比" in text
    assert (f"由第{before}位变为第{now}位" if before != now else f"仍为第{now}位") in text
    passed = [
        row
        for row in counties.values()
        if row is not own and row["previous_rank"] >= before and row["rank"] < now
    ]
    assert all(row["name_zh"] in text for row in passed)
    assert ("被" in text) == bool(passed)
    cells = told.locator("tbody tr").first.inner_text().split("\t")
    change = Decimal(
        next(
            row["index_change"]
            for row in rows_of(release / "internal" / "area_index.parquet")
            if row["area_code"] == county
        )
    )
    assert cells[2] == signed(change)
    parts = [Decimal(cell.replace("−", "-")) for cell in cells[3:-1]]
    assert abs(sum(parts) - change) <= Decimal("0.0004")


def test_some_county_was_passed(visit, release):
    rows = rows_of(release / "internal" / "county_ranking.parquet")
    fallen = next(row for row in rows if row["rank"] > row["previous_rank"])
    text = section(
        visit("internal", f"#county/{fallen['area_code']}?lang=zh"), "why_rank"
    ).inner_text()
    assert "超过。" in text


def test_refused_rows_of_a_county_are_counted_and_some_are_shown(visit):
    page = visit("internal", f"#county/{COUNTY}?lang=zh")
    told = section(page, "why_refused")
    counts, rows = (told.locator(".wide").nth(number).locator("tbody tr") for number in (0, 1))
    assert ["文体活动", "不满足条件", str(MANY)] in [
        row.split("\t") for row in counts.all_inner_texts()
    ]
    assert rows.count() == 40
    shown = told.inner_text()
    assert f"共{MANY + 6}行，逐行列出40行" in shown
    assert "kind = <script>alert(4)</script>" in shown
    assert "gender: 个人信息，不显示" in shown
    assert "kind: 个人信息，不显示" in shown
    assert "found_on = （空）" in shown
    assert "participants = -1" in shown
    assert "M0000001" in shown


def test_a_county_shows_its_data_quality_by_parts(visit, release):
    rows = rows_of(release / "internal" / "data_quality.parquet")
    [scored] = [row for row in rows if row["area_code"] == COUNTY]
    told = section(visit("internal", f"#county/{COUNTY}?lang=zh"), "why_quality")
    assert told.locator("dd").inner_text() == index(scored["score"])
    assert pair("quality", "note")[CHINESE] in told.inner_text()
    shown = [row.split("\t") for row in told.locator("tbody tr").all_inner_texts()]
    assert [cells[:3] for cells in shown] == [
        [pair("quality_part", part)[CHINESE], str(weight), index(scored[part])]
        for part, weight in weights().items()
    ]
    due, missing = scored["observed"] + scored["missing"], scored["missing"]
    assert shown[0][3] == f"应报指标{count(due)}项次，缺报{count(missing)}项次"


def test_the_public_site_has_nothing_of_data_quality(visit, release):
    assert visit("public", f"#county/{COUNTY}?lang=zh").locator("#why_quality").count() == 0
    site = release / "public" / "site"
    texts = [file.read_text("utf-8") for file in site.rglob("*.js")]
    assert texts
    assert not any(pair("quality", "heading")[CHINESE] in text for text in texts)


def test_what_lies_in_no_county_is_told_of_the_city(visit):
    page = visit("internal", "#city?lang=zh")
    folded = page.locator("#city details.why")
    folded.locator("summary").click()
    folded.locator("#refused_each").wait_for()
    assert NOWHERE in folded.inner_text()


def test_a_grade_says_what_it_is_and_which_is_the_highest(visit, release):
    rows = rows_of(release / "internal" / "union_indicator.parquet")
    union = next(
        row["union_id"]
        for row in rows
        if (row["indicator"], row["value"]) == ("collective_contract", 0)
    )
    page = visit("internal", f"#union/{union}?lang=zh")
    told = section(page, "grades_heading").locator("li", has_text="集体合同签订")
    assert "现为“无有效合同”，未达到最高等级“有效且已登记”" in told.inner_text()
    assert "用上面列表中该指标的命令查看" in section(page, "grades_heading").inner_text()
    page.get_by_text("按指标列出计入的每一行源数据", exact=True).click()
    assert (
        f"uhi trace --release DIR --union {union} --indicator collective_contract"
        in commands_of(page)
    )


def test_an_indicator_says_its_standard_and_what_is_lacking(visit, release):
    rows = rows_of(release / "internal" / "union_indicator.parquet")
    union = next(
        row["union_id"]
        for row in rows
        if (row["indicator"], row["status"]) == ("skills_participation", "missing")
    )
    table = section(visit("internal", f"#union/{union}?lang=zh"), "indicators_heading").locator(
        "table"
    )
    assert "未填报职工人数" in table.locator("tr", has_text="技能").inner_text()
    assert table.get_by_text("已达到").count() > 0


def test_a_union_that_nothing_has_leads_to_the_command(visit):
    page = visit("internal", "#unions?q=U9999999")
    assert commands_of(page) == ["uhi trace --release DIR --union U9999999"]
    page.get_by_label("企业名称、工会编号或地名").fill("U0000599")
    assert commands_of(page) == []
    page.get_by_label("企业名称、工会编号或地名").fill("没有 这家")
    assert commands_of(page) == ["uhi trace --release DIR --union ID"]


def test_nothing_of_it_is_in_the_public_edition(release):
    public = release / "public" / "site"
    names = {file.relative_to(public).as_posix() for file in public.rglob("*") if file.is_file()}
    assert not [name for name in names if "why" in name or "unmeasured" in name]
    content = "".join(file.read_text(encoding="utf-8") for file in public.rglob("*.js"))
    assert not any(
        text in content
        for text in (
            NEVER_LINKED,
            REFUSED,
            "row_refused",
            "committee_term_years = ",
            '"refused_rows"',
        )
    )
    text = (public / "data" / "text.js").read_text(encoding="utf-8")
    assert '"why":' not in text
    assert (release / "internal" / "site" / "data" / "why" / f"{CITY}.js").is_file()
