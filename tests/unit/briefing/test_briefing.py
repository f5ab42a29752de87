"""What the briefing says of an edition, and nothing that the edition does not hold."""

import dataclasses
from decimal import Decimal

import pytest

from orchestration.documents import figures
from orchestration.documents.briefing import briefing
from orchestration.documents.briefing.content import Paragraph, Picture, Table, texts_of
from orchestration.documents.briefing.county_sheet import county_sheets
from orchestration.documents.briefing.finding import finding
from orchestration.home.records.release import Imprint
from tests.support.briefings import (
    city_tables,
    edition_in,
    example_tables,
    write_editions,
)
from tests.support.records import check, override

IMPRINT = Imprint(
    publisher="某某市总工会",
    contact="press@example.org",
    licence=None,
    release_time="2021-01-20T10:00+08:00",
    next_period="2021-01",
    next_release_time="2021-02-19T10:00+08:00",
)


def said(edition):
    return list(texts_of(briefing(edition)))


def says(edition, *parts):
    text = " ".join(said(edition))
    return [part for part in parts if part not in text]


def test_the_alternative_of_a_chart_names_its_kind(folder):
    edition = edition_in(folder, "internal", earlier=[folder / "internal"])
    kinds = {
        block.name: block.alternative.en.partition(":")[0]
        for block in briefing(edition).blocks
        if isinstance(block, Picture)
    }
    assert kinds == {"trend": "Line chart", "ranking": "Dot plot", "alerts": "Stacked bar chart"}


def test_the_headline_tells_the_index_its_change_and_the_span(internal):
    assert not says(
        internal,
        "2020年12月，温州市民营企业工会健康指数为49.0（满分100分），较上月上升（+1.6分）。",
        (
            "In December 2020 the health index of private-enterprise unions in Wenzhou"
            " stood at 49.0 of 100 points. It rose"
        ),
        "最高为文成县（56.8），最低为瑞安市（48.3），相差8.4分。",
        "The gap is 8.4 points.",
        "A组（文成县、泰顺县、鹿城区）",
        "位次上升：文成县（2→1）。",
        "Down in rank: Taishun (1→2).",
        (
            "The city's strongest dimension is Organization building (63.41%),"
            " the weakest Cultural leadership (35.48%)"
        ),
        "建会企业89家，其中关联企业63家，关联取样率70.79%。",
        "绿码0家（0.00%），黄码3家（4.76%），红码60家（95.24%）",
    )


def test_the_finding_names_the_index_the_weakest_dimension_and_both_ends(internal, public):
    assert finding(internal).zh == (
        "温州市民营企业工会健康指数为49.0分；较上月上升（+1.6分）；文化引领贡献率最低（35.48%）；"
        "居前的文成县、泰顺县、鹿城区先后不宜作定论；瑞安市居末（48.3分）。"
    )
    assert finding(internal).en.startswith(
        "The health index of private-enterprise unions in Wenzhou is 49.0; it rose"
    )
    assert "居" not in finding(public).zh
    assert (
        said(internal)[said(internal).index("Briefing, December 2020") + 1 :][0] != "一、健康指数"
    )
    assert finding(internal).zh in said(internal)


def test_the_ends_that_can_be_told_apart_stand_alone_and_others_do_not(tmp_path):
    apart = edition_in(write_editions(example_tables(), tmp_path / "apart"), "internal")
    assert finding(apart).zh.endswith("；文成县居首（56.8分）；瑞安市居末（48.3分）。")
    chained = dict.fromkeys(("330328", "330329", "330302", "330381"), (1, 4))
    alike = edition_in(write_editions(example_tables(chained), tmp_path / "alike"), "internal")
    assert finding(alike).zh.endswith("；各县（市、区）排名先后不宜作定论。")


def test_who_publishes_and_when_is_said_where_it_is_stated(folder, public):
    stated = edition_in(folder, "public", imprint=IMPRINT)
    assert not says(
        stated,
        "发布单位：某某市总工会",
        "联系方式：press@example.org",
        "计划发布时间：2021-01-20 10:00",
    )
    assert not says(stated, "Next release (January 2021): 2021-02-19 10:00")
    assert says(stated, "使用许可") == ["使用许可"]
    assert says(public, "发布单位", "计划发布时间") == ["发布单位", "计划发布时间"]


def test_a_ranking_that_holds_for_all_weights_is_no_proof(tmp_path):
    edition = edition_in(write_editions(example_tables(), tmp_path / "release"), "internal")
    assert not says(
        edition,
        "仅就权重而言",
        "这不是对排名的证明：取样误差未计在内",
        "As to the weights alone",
        "does not prove the ranking",
    )


def test_what_is_not_known_is_said_so(tmp_path):
    tables = example_tables()
    for row in (*tables["area_index"], *tables["county_ranking"]):
        row.update(index_change="", previous_rank="")
    edition = edition_in(write_editions(tables, tmp_path / "release"), "internal", predecessor={})
    assert not says(
        edition,
        "无法说明升降",
        "its change is unknown",
        "上月位次未知",
        "没有存档的上月结果",
        "change unknown",
    )
    assert says(edition, "较上月") == ["较上月"]


def test_a_city_without_linked_unions_has_a_briefing_and_sheets(tmp_path):
    folder = write_editions(city_tables([2, 1], 0), tmp_path / "release")
    for edition in (edition_in(folder, "internal"), edition_in(folder, "public")):
        assert not says(
            edition, "没有可公布的健康指数", "没有可公布的全市贡献率", "没有可公布的全市预警数据"
        )
        assert len(county_sheets(edition)) == 2
        assert not [text for text in said(edition) if f"{figures.NONE}%" in text]
    assert not says(
        edition_in(folder, "internal"), "没有关联企业、因而没有指数的县（市、区）：钱县、孙县。"
    )
    assert (
        "没有关联企业" in county_sheets(edition_in(folder, "internal"))["330301"].statements[0].zh
    )


def test_the_trend_is_shown_from_two_months_on(folder, internal):
    earlier = edition_in(folder, "internal", earlier=[folder / "internal"])
    shown = [
        [block.name for block in briefing(edition).blocks if isinstance(block, Picture)]
        for edition in (internal, earlier)
    ]
    assert shown == [["ranking", "alerts"], ["trend", "ranking", "alerts"]]
    assert not says(earlier, "折线图：2020年12月（49.0）、2020年12月（49.0）。")


@pytest.mark.parametrize("level", ["city", "county"])
def test_sampling_under_the_minimum_is_said_where_its_check_warned(folder, level, tmp_path):
    tables = example_tables()
    for row in (row for name in ("area_index", "county_ranking") for row in tables[name]):
        row["sampling_rate"] = "39.9999" if row["area_code"] in {"3303", "330381"} else "40.0000"
    release = write_editions(tables, tmp_path / "release")
    warned = check(f"plausibility.{level}_sampling", "secret", passed=False, severity="warn")
    expected = {
        "city": "低于60%的最低要求",
        "county": "低于40%最低要求的县（市、区）：瑞安市（40.00%）。",
    }
    for name in ("internal", "public"):
        assert not says(edition_in(release, name, checks=[warned]), expected[level], "检查提示")
    assert says(
        edition_in(release, "public", checks=[warned]),
        "secret",
        expected["city" if level == "county" else "county"],
    )
    assert says(edition_in(release, "public"), *expected.values()) == list(expected.values())


def test_what_to_read_with_care_is_said_where_there_is_reason(folder):
    entry = override("rows.refused_share", reason="checked\nby hand")
    warned = check("rows.landed", "x", passed=False, severity="warn")
    edition = edition_in(
        folder, "public", [entry], provisional=True, notice="合成数据 Synthetic", checks=[warned]
    )
    with_care = (
        "为暂定数",
        "合成数据 Synthetic",
        "一项检查未通过，经签名例外放行：",
        "理由：checked by hand",
        "a source table is empty",
    )
    hidden = [len(row["area_code"]) for row in edition.areas if row["suppressed"]]
    assert not says(
        edition, *with_care, f"县（市、区）{hidden.count(6)}个，乡镇（街道）{hidden.count(9)}个"
    )
    assert hidden.count(6) >= 2
    assert says(edition, "alice") == ["alice"]
    assert says(edition_in(folder, "public"), *with_care) == list(with_care)


def test_what_the_city_often_fails_to_report_is_named_worst_first(internal):
    note = next(text for text in said(internal) if text.startswith("What is missing"))
    shares = [Decimal(part.partition("%")[0]) for part in note.split("(")[1:]]
    assert shares == sorted(shares, reverse=True)
    assert min(shares) >= 5
    assert "Committee re-election on time (15.87%)" in note


def test_the_public_edition_names_no_union_and_nothing_of_a_suppressed_area(public, internal):
    names = [row["name_zh"] for row in example_tables()["union_index"]]
    shown = [
        text
        for document in (briefing(public), *county_sheets(public).values())
        for text in texts_of(document)
    ]
    assert not [name for name in names if any(name in text for text in shown)]
    sheet = county_sheets(public)["330328"]
    assert (sheet.figures, sheet.dimensions, sheet.indicators, sheet.red_notices) == (
        None,
        None,
        None,
        None,
    )
    assert {text.zh for text in sheet.statements} >= {"本县（市、区）数据不予公布。"}
    assert {cell for row in sheet.townships.rows for cell in row if isinstance(cell, str)} == {"–"}
    assert any(
        name in text for name in names for text in texts_of(county_sheets(internal)["330328"])
    )


def test_one_county_published_is_neither_the_highest_nor_the_lowest(public):
    assert sum(row["health_index"] is not None for row in public.ranking) == 1
    table = next(
        block
        for block in briefing(public).blocks
        if isinstance(block, Table) and block.head[3].en == "Highest published"
    )
    assert {cell for row in table.rows for cell in row[3:]} == {"–"}
    assert says(public, "The gap of", "largest share of red codes") == [
        "The gap of",
        "largest share of red codes",
    ]


def test_every_row_of_a_table_has_a_cell_for_each_head(internal, public):
    for edition in (internal, public):
        documents = [briefing(edition), *county_sheets(edition).values()]
        tables = [block for block in documents[0].blocks if isinstance(block, Table)]
        for sheet in documents[1:]:
            parts = (getattr(sheet, field.name) for field in dataclasses.fields(sheet))
            tables += [part for part in parts if isinstance(part, Table)]
        assert all(
            len({len(table.head), len(table.widths), *map(len, table.rows)}) == 1
            for table in tables
        )
        assert all(block.text.en for block in documents[0].blocks if isinstance(block, Paragraph))
