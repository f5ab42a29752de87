"""Every text that people read.

Phrases that an editor has replaced do not come back, and one thing has one name.
"""

import re
from pathlib import Path

import pytest

from quality.check_entries import check_groups
from quality.verdict import required_lists

PROJECT = Path(__file__).parents[2]
ROOMS = ("orchestration", "dbt_project", "quality", "docs")
FORMS = {".csv", ".html", ".js", ".md", ".py", ".sql", ".toml", ".typ", ".yml"}
# The contract's own tables, whose digest is approved, and the names of the demo city.
NOT_OURS = ("dbt_project/seeds/methodology", "dbt_project/target", "orchestration/demo")
REPLACED = (
    "先后并不稳固",
    "全市各项指标平均得分均无变动",
    "竖线为",
    "目前只发布了一个月",
    "为不公布",
    "使其被推算出",
    "应有而缺报",
    "记 ?0 ?分",
    "有 ?1 ?无 ?0",
    "率取两位",
    "共作",
    "差距中等",
    r"差距\{word\}",
    "有差距",
    "逾期未改",
    "持续未改",
    "数据沿袭",
    "编制方法的表",
    "没有指标的缺报",
    "界限",
    "期别",
    r"共 ?\{\w+\} ?地",
)
REPLACED_ENGLISH = (
    "No mean score of the city changed",
    r"\b(another|others?)\b( \w+)? now\b",
    r"\brows? at fault\b",
)
OTHER_NAMES = {
    "一页通": "一页纸",
    "百分比": "百分数|比重",
    "持续": "连续",
    "阈值": "界限|门槛",
    "简报": "通稿",
}


def texts():
    files = [
        file
        for room in ROOMS
        for file in sorted((PROJECT / room).rglob("*"))
        if file.suffix in FORMS
    ]
    kept = [file for file in files if not file.relative_to(PROJECT).as_posix().startswith(NOT_OURS)]
    return {
        file.relative_to(PROJECT).as_posix(): file.read_text(encoding="utf-8")
        for file in [*kept, PROJECT / "README.md", PROJECT / "CONTRIBUTING.md"]
    }


@pytest.mark.parametrize("phrase", [*REPLACED, *REPLACED_ENGLISH, *OTHER_NAMES.values()])
def test_a_replaced_phrase_is_in_no_text(phrase):
    found = [name for name, text in texts().items() if re.search(phrase, text)]
    assert found == []


@pytest.mark.parametrize("name", OTHER_NAMES)
def test_the_name_that_was_chosen_is_used(name):
    assert any(name in text for text in texts().values())


def test_every_check_belongs_to_a_group_that_the_page_names():
    names = [name for names in required_lists().values() for name in names]
    assert {name.partition(".")[0] for name in names} <= check_groups().keys()
