"""The findings in a source as a workbook for the platform's owner: 数据质量报告."""

import io
from collections.abc import Iterator

import xlsxwriter

from orchestration.documents.workbook.formats import add_formats
from orchestration.documents.workbook.plain_sheet import Cell, PlainSheet, write_sheet
from orchestration.source_check.findings import Codes, Findings
from orchestration.why.refused import MERGED
from orchestration.why.words import CHINESE, say
from quality.check_entries import check_entries, check_groups

TITLE = "数据质量报告"
RESULTS = {True: "可以接入", False: "暂不能接入"}
PERSONAL = "（涉及个人，不显示）"


def workbook_of(findings: Findings) -> bytes:
    """The findings as an Excel workbook."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": f"{TITLE} {findings.period}"})
        formats = add_formats(book)
        for content in sheets_of(findings):
            write_sheet(book, content, formats)
    return file.getvalue()


def sheets_of(findings: Findings) -> Iterator[PlainSheet]:
    """All sheets; those of tables only where the source could be read."""
    yield PlainSheet("概况", ("项目", "情况"), (28, 100), list(overview(findings)))
    if not findings.tables:
        return
    yield PlainSheet(
        "数据表",
        ("数据表", "表名", "行数", "拒收行数", "主键重复行数", "约定以外的字段"),
        (26, 18, 12, 12, 14, 50),
        [
            (
                table.table,
                table.name_zh,
                table.rows,
                table.refused_rows,
                table.repeated_keys,
                "、".join(table.ignored),
            )
            for table in findings.tables
        ],
    )
    yield PlainSheet(
        "日期范围",
        ("数据表", "字段", "最早", "最晚"),
        (26, 26, 30, 30),
        [
            (table.table, column, first, last)
            for table in findings.tables
            for column, (first, last) in table.spans.items()
        ],
    )
    yield PlainSheet(
        "拒收记录",
        ("数据表", "原因", "字段或条件", "行数", "主键（前几条）"),
        (26, 30, 50, 10, 60),
        [
            (
                table.table,
                rule_in_words(each.rule),
                each.detail or "",
                each.rows,
                "、".join(each.keys),
            )
            for table in findings.tables
            for each in table.refused
        ],
    )
    yield PlainSheet(
        "代码取值",
        ("数据表", "字段", "允许的取值", "超出范围的行数", "实际取值（出现次数）", "建议对应"),
        (26, 20, 50, 16, 60, 40),
        [
            (
                table.table,
                found.column,
                "、".join(found.allowed),
                found.others,
                met_in_words(found),
                "、".join(f"{code} → {own}" for code, own in found.proposed.items()),
            )
            for table in findings.tables
            for found in table.codes
        ],
    )
    yield PlainSheet(
        "无法计算的指标",
        ("指标", "代码", "缺数工会数", "应计算工会数", "占比（%）"),
        (30, 26, 14, 14, 12),
        [
            (each.name_zh, each.indicator, each.missing, each.due, str(each.share))
            for each in findings.lacking
        ],
    )


def overview(findings: Findings) -> Iterator[tuple[Cell, Cell]]:
    """What the report is on, and what would stop the month."""
    yield TITLE, findings.source
    yield "统计月份", findings.period
    yield "结论", RESULTS[findings.is_sound]
    for problem in findings.unreadable:
        yield "无法读取", problem
    for name, observed in (findings.failed or {}).items():
        yield "未通过的检查", f"{check_in_chinese(name)}\n{name}: {observed}"
    if findings.tables:
        yield "没有会员的工会数", findings.unions_without_members
        yield "没有行政区划的企业数", findings.enterprises_without_region


def check_in_chinese(name: str) -> str:
    """What a check found, else what its group looks at, in Chinese."""
    entry = check_entries().get(name)
    if entry and entry.words:
        return entry.words.zh
    group, _, _ = name.partition(".")
    return f"未满足：{check_groups()[group].zh}"


def rule_in_words(rule: str) -> str:
    """A rule in Chinese."""
    return "与相同记录合并" if rule == MERGED else say(CHINESE, "rule", rule)


def met_in_words(found: Codes) -> str:
    """The codes that are met in a column, and how often."""
    if found.met is None:
        return PERSONAL
    return "、".join(f"{code}（{rows:,}）" for code, rows in found.met.items())
