"""The findings in a source as a workbook for the platform's owner: 数据质量报告."""

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import xlsxwriter

from orchestration.documents.workbook import new_sheet
from orchestration.documents.workbook.formats import Xlsx, add_formats
from orchestration.source_check.findings import Codes, Findings
from orchestration.why.refused import MERGED
from orchestration.why.words import CHINESE, say

TITLE = "数据质量报告"
RESULTS = {True: "可以接入", False: "暂不能接入"}
PERSONAL = "（涉及个人，不显示）"
Cell = str | int


@dataclass(frozen=True)
class Sheet:
    """A sheet: its name, the heads and widths of its columns, and rows."""

    name: str
    heads: Sequence[str]
    widths: Sequence[int]
    rows: Sequence[Sequence[Cell]]


def workbook_of(findings: Findings) -> bytes:
    """The findings as an Excel workbook."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": f"{TITLE} {findings.period}"})
        formats = add_formats(book)
        for content in sheets_of(findings):
            sheet = new_sheet(book, content.name)
            write_sheet(sheet, content, formats)
    return file.getvalue()


def write_sheet(sheet: Xlsx, content: Sheet, formats: dict[str, Xlsx]) -> None:
    """Write the heads, which stay in view, and the rows; every text is a string cell."""
    for number, (head, width) in enumerate(zip(content.heads, content.widths, strict=True)):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, head, formats["head"])
    sheet.freeze_panes(1, 0)
    for place, row in enumerate(content.rows, 1):
        for number, cell in enumerate(row):
            if isinstance(cell, int):
                sheet.write_number(place, number, cell, formats["count"])
            else:
                sheet.write_string(place, number, cell, formats["words"])


def sheets_of(findings: Findings) -> Iterator[Sheet]:
    """All sheets; those of tables only where the source could be read."""
    yield Sheet("概况", ("项目", "情况"), (28, 100), list(overview(findings)))
    if not findings.tables:
        return
    yield Sheet(
        "数据表",
        ("数据表", "表名", "行数", "拒收行数", "主键重复行数", "合同以外的字段"),
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
    yield Sheet(
        "日期范围",
        ("数据表", "字段", "最早", "最晚"),
        (26, 26, 30, 30),
        [
            (table.table, column, first, last)
            for table in findings.tables
            for column, (first, last) in table.spans.items()
        ],
    )
    yield Sheet(
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
    yield Sheet(
        "代码取值",
        ("数据表", "字段", "允许的取值", "超出范围的行数", "实际取值（出现次数）"),
        (26, 20, 50, 16, 60),
        [
            (table.table, found.column, "、".join(found.allowed), found.others, met_in_words(found))
            for table in findings.tables
            for found in table.codes
        ],
    )
    yield Sheet(
        "无法计算的指标",
        ("指标", "缺数工会数", "应计算工会数", "占比（%）"),
        (30, 14, 14, 12),
        [(each.indicator, each.missing, each.due, str(each.share)) for each in findings.lacking],
    )


def overview(findings: Findings) -> Iterator[tuple[Cell, Cell]]:
    """What the report is on, and what would stop the month."""
    yield TITLE, findings.source
    yield "统计月份", findings.period
    yield "结论", RESULTS[findings.is_sound]
    for problem in findings.unreadable:
        yield "无法读取", problem
    for name, observed in (findings.failed or {}).items():
        yield f"未通过的检查 {name}", observed
    if findings.tables:
        yield "没有会员的工会数", findings.unions_without_members
        yield "没有行政区划的企业数", findings.enterprises_without_region


def rule_in_words(rule: str) -> str:
    """A rule in Chinese."""
    return "与相同记录合并" if rule == MERGED else say(CHINESE, "rule", rule)


def met_in_words(found: Codes) -> str:
    """The codes that are met in a column, and how often."""
    if found.met is None:
        return PERSONAL
    return "、".join(f"{code}（{rows:,}）" for code, rows in found.met.items())
