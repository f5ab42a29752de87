"""How a foreign column's name and cells are read by what drafts a map."""

from datetime import date

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from orchestration.contract.registry import source_tables
from orchestration.source_draft.catalogue import FoundColumn, FoundTable
from orchestration.source_draft.code_lists import code_lists
from orchestration.source_draft.code_lists import listed_codes as listed_codes_of
from orchestration.source_draft.forms import (
    code_form,
    day_form,
    listed_codes,
    moment_form,
    number_form,
    truth_form,
)
from orchestration.source_draft.names import (
    FAIR,
    NONE,
    STRONG,
    WEAK,
    is_audit,
    is_inner_key,
    likeness,
    tokens_of,
)
from orchestration.source_draft.vocabulary import vocabulary, words_of_column
from orchestration.source_draft.writing import flow, remark


def strength(table, column, name, comment=""):
    found = source_tables()[table]
    [due] = [each for each in found.columns if each.name == column]
    return likeness(name, comment, words_of_column(found, due)).strength


@pytest.mark.parametrize(
    ("table", "column", "name", "comment", "expected"),
    [
        ("member", "joined_on", "c7", "入会日期", STRONG),
        ("member", "joined_on", "入会时间", "", STRONG),
        ("member", "joined_on", "rhrq", "", STRONG),
        ("member", "joined_on", "hy_rhrq", "", STRONG),
        ("member", "joined_on", "ruhui_sj", "", STRONG),
        ("member", "joined_on", "RuHuiRiQi", "", STRONG),
        ("member", "joined_on", "JOIN_DT", "", STRONG),
        ("member", "joined_on", "rhrq", "日期", STRONG),
        ("member", "joined_on", "rhrq", "认会人签名", WEAK),
        ("member", "joined_on", "rzrq", "", NONE),
        ("member", "name", "xm", "", FAIR),
        ("member", "gender", "xb", "性别：1男 2女", STRONG),
        ("member", "phone", "dh", "联系电话", FAIR),
        ("member", "member_id", "mbr_no", "", STRONG),
        ("violation", "violation_id", "vltn_no", "", FAIR),
        ("enterprise", "employee_count", "zgrs", "在岗人数", FAIR),
        ("union_org", "committee_elected_on", "xiajie_huanjie_riqi", "", NONE),
        ("safety_inspection", "hazards_found", "zhongda_yinhuan_shu", "", NONE),
        ("union_org", "womens_committee", "c1", "是否建立女职工委员会（1是0否）", STRONG),
    ],
)
def test_a_name_says_so_much(table, column, name, comment, expected):
    assert strength(table, column, name, comment) == expected


def test_every_column_of_the_registry_has_words():
    tables = vocabulary()["tables"]
    assert tables.keys() == source_tables().keys()
    for table in source_tables().values():
        for column in table.columns:
            words = words_of_column(table, column)
            assert words.chinese
            assert set(words.codes.values()) in (set(), set(column.accepted))
        assert tables[table.name]["columns"].keys() <= {column.name for column in table.columns}


def test_what_a_row_says_of_itself_is_told_from_what_it_is_about():
    assert is_audit("crt_dt", "")
    assert is_audit("x", "创建时间")
    assert not is_audit("upd_dt", "更新时间")
    assert not is_audit("chengli_riqi", "成立日期")


def test_an_inner_key_is_told_from_a_number_for_people():
    assert is_inner_key("org_id", "")
    assert is_inner_key("x", "工会主键")
    assert not is_inner_key("org_no", "")
    assert not is_inner_key("id", "工会编号")


WRITTEN = st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y%m%d"])
DAYS = st.dates(date(1971, 1, 1), date(2090, 1, 1))


@given(st.lists(DAYS, min_size=1), WRITTEN)
def test_days_are_read_by_the_form_in_which_they_were_written(days, form):
    cells = [day.strftime(form) for day in days]
    found = day_form([*cells, ""])
    assert found.says == {"date": [form], "nulls": [""]}
    assert found.doubt is None


@given(st.sampled_from(["1900-01-01", "1970-01-01", "2099-12-31"]), DAYS, WRITTEN)
def test_a_day_that_stands_for_none_is_in_doubt_however_it_is_written(filler, day, form):
    cells = [each.strftime(form) for each in (date.fromisoformat(filler), day)]
    found = day_form(cells)
    assert found.says == {"date": [form], "nulls": cells[:1]}
    assert found.doubt == f"{cells[0]} is taken for none"


def test_days_of_which_the_order_cannot_be_told_are_in_doubt():
    assert day_form(["05/03/2019", "01/02/2020"]).doubt
    assert day_form(["25/03/2019", "01/02/2020"]).says == {"date": ["%d/%m/%Y"]}
    assert day_form(["05/03/2019", "2020-13-01"]) is None


def test_a_filler_is_taken_for_none_and_said():
    found = day_form(["1900-01-01", "2019-03-05"])
    assert found.says == {"date": ["%Y-%m-%d"], "nulls": ["1900-01-01"]}
    assert "1900-01-01" in found.doubt


def test_serial_days_of_a_workbook():
    assert day_form(["43529", "44196"]).says == {"date": ["excel"]}


def test_moments_are_read_by_their_form_unless_they_state_their_zone():
    assert moment_form(["2019-03-05 08:00:00"]).says == {"moment": ["%Y-%m-%d %H:%M:%S"]}
    assert moment_form(["2019-03-05T08:00:00+08:00"]).says == {}


@pytest.mark.parametrize(
    ("cells", "comment", "says", "is_doubted"),
    [
        (["12.5"], "应缴金额（万元）", {"number": {"unit": "10000"}}, False),
        (["1,200.50元"], "", {"number": {"thousands": True, "suffix": "元"}}, False),
        (["12.5"], "应缴金额（元）", {}, False),
        (["12.5"], "应缴金额", {}, True),
        (["3万元"], "", {"number": {"suffix": "万元", "unit": "10000"}}, False),
    ],
)
def test_the_unit_of_money_is_stated_or_in_doubt(cells, comment, says, is_doubted):
    found = number_form(cells, comment, is_money=True)
    assert found.says == says
    assert (found.doubt is not None) == is_doubted


def test_texts_are_no_numbers():
    assert number_form(["12", "十二"], "", is_money=False) is None


@pytest.mark.parametrize(
    "comment",
    ["性别：1男 2女", "性别(1:男,2:女)", "1-男；2-女", "男=1，女=2", "性别 1、男 2、女"],
)
def test_codes_that_a_comment_lists(comment):
    assert listed_codes(comment) == {"1": "男", "2": "女"}


def test_a_label_is_listed_with_what_stands_in_its_brackets():
    assert listed_codes("级别：2地市 3县（市、区） 4乡镇（街道）级") == {
        "2": "地市",
        "3": "县（市、区）",
        "4": "乡镇（街道）级",
    }
    assert listed_codes("性别（1男，2女）") == {"1": "男", "2": "女"}


def test_what_no_one_says_of_a_code_is_in_doubt():
    labels = {"男": "m", "女": "f"}
    assert code_form(["男"], "", ("f", "m"), labels).says == {"codes": {"男": "m"}}
    assert code_form(["男", "9"], "", ("f", "m"), labels).doubt == (
        "what 9 stands for is not stated"
    )
    assert code_form(["1", "2"], "", ("f", "m"), labels) is None


def test_truth_is_given_for_both_sides():
    assert truth_form(["是"]).says == {"codes": {"是": "true", "否": "false"}}
    assert truth_form(["是", "待定"]) is None


@given(st.text())
def test_whatever_a_name_is_it_is_read(name):
    tokens_of(name)
    assert strength("member", "joined_on", name, name) in (NONE, WEAK, FAIR, STRONG)


@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1), st.text())
def test_a_value_with_a_remark_is_one_line_of_yaml(value, comment):
    line = f"entry: {flow({'column': value})}{remark(comment)}"
    assert yaml.safe_load(line) == {"entry": {"column": value}}


def table_of_codes(*rows, names=("set", "code", "label", "place")):
    columns = {
        name: FoundColumn(name, "", "text", tuple(cells))
        for name, cells in zip(names, zip(*rows, strict=True), strict=True)
    }
    return FoundTable("sys_dict", "数据字典", columns)


DICTIONARY = table_of_codes(
    ("阵地类别", "01", "体育场所", "1"),
    ("阵地类别", "02", "职工书屋", "2"),
    ("阵地类别", "03", "职工之家", "3"),
    ("性别", "1", "男", "1"),
    ("性别", "2", "女", "2"),
)


def codes_by(dictionary, cells, comment=""):
    venue = source_tables()["venue"]
    [kind] = [column for column in venue.columns if column.name == "kind"]
    found = FoundColumn("lb", comment, "text", tuple(cells))
    return listed_codes_of(found, words_of_column(venue, kind), code_lists([dictionary]))


def test_codes_are_those_of_a_list_by_which_all_have_a_known_label():
    whole = {"01": "sports", "02": "reading", "03": "home"}
    assert codes_by(DICTIONARY, ["01", "03", None]) == ("sys_dict", whole)
    assert codes_by(DICTIONARY, ["01", "04"]) is None


def test_lists_that_do_not_agree_say_nothing_unless_one_has_the_column_s_name():
    other = (("场所种类", "01", "职工书屋", "1"), ("场所种类", "02", "职工之家", "2"))
    two = table_of_codes(*zip(*(c.cells for c in DICTIONARY.columns.values()), strict=True), *other)
    assert codes_by(two, ["01", "02"]) is None
    assert codes_by(two, ["01", "02"], "阵地类别")[1]["01"] == "sports"
    assert codes_by(two, ["01", "02"], "场所种类")[1]["01"] == "reading"
