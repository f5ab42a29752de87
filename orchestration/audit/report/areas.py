"""The report's sections that answer "why" for the counties.

Ranks that moved, unions not measured, rows refused.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.audit.report.blocks import cell, heading, notice, paragraph, table
from orchestration.documents.briefing.content import Block
from orchestration.documents.note.changed import exact
from orchestration.why.words import (
    CHINESE,
    reason_in_words,
    say,
    since_in_words,
    values_in_words,
)

COUNTY_DIGITS = 6
ELSEWHERE = "归属不明"

Answer = Mapping[str, Any]


def area_blocks(areas: Answer) -> Iterator[Block]:
    """All three sections, and what came of the recount."""
    yield from movements(areas["movements"])
    yield from unmeasured(areas["unmeasured"], areas["counties"])
    yield from refused(areas["refused_rows"], areas["counties"])
    yield heading("十二、重算核对")
    differences = areas["differences"]
    yield paragraph(
        f"第九节的数据由审计程序另行重算，共核对 {areas['figures_compared']:,} 项，"
        f"{len(differences):,} 项不一致。"
    )
    if differences:
        listed = [
            (row["of"], row["figure"], row["published"], row["computed"]) for row in differences
        ]
        yield notice("下列数据与公布值不一致。")
        yield table(
            "不一致的数据", ("对象", "数据", "公布值", "重算值"), listed, (34, 22, 22, 22), (2, 3)
        )


def movements(found: list[Answer]) -> Iterator[Block]:
    """Why the counties' ranks are others than before."""
    yield heading("九、各县（市、区）位次变动原因")
    if not found:
        yield paragraph(say(CHINESE, "movement", "none"))
        return
    yield paragraph(say(CHINESE, "movement", "parts"))
    every = {
        (moved["since"]["kind"], since_in_words(CHINESE, moved["since"])): moved["since"]
        for moved in found
    }
    for kind, words in every:
        of_kind = [moved for moved in found if moved["since"]["kind"] == kind]
        if not every[kind, words]["same_methodology"]:
            yield notice(say(CHINESE, "movement", "method_differs"))
        yield movement_table(words, of_kind)
        yield from (paragraph(sentence) for moved in of_kind for sentence in passed(moved))


def movement_table(words: str, found: list[Answer]) -> Block:
    """The movements of the counties, a row each."""
    dimensions = next(
        (
            [part["name_zh"] for part in moved["dimensions"]]
            for moved in found
            if moved["dimensions"]
        ),
        [],
    )
    rows = []
    for moved in found:
        points = {part["name_zh"]: part["points"] for part in moved["dimensions"]}
        counts = f"+{len(moved['joined'])} −{moved['left']}"
        ranks = f"{cell(moved['rank_before'])} → {cell(moved['rank'])}"
        parts = [exact(points.get(name)) for name in dimensions]
        rows.append(
            (
                moved["name_zh"],
                ranks,
                exact(moved["change"]),
                *parts,
                exact(moved["of_members"]),
                counts,
            )
        )
    change, members, counts = (
        say(CHINESE, "movement", key) for key in ("change", "members", "counts")
    )
    head = ("县（市、区）", "位次", change, *dimensions, members, counts)
    widths = [16, 10, 12, *(12 for _ in dimensions), 12, 10]
    return table(words, head, rows, widths, range(1, len(head)))


def passed(moved: Answer) -> Iterator[str]:
    """Which counties went past one, or were passed by it, and by how much each index moved."""
    for key, verb in (("overtaken_by", "被超过"), ("overtook", "超过")):
        if others := moved[key]:
            told = "、".join(
                f"{other['name_zh']}（指数变动 {exact(other['change'])}）" for other in others
            )
            own = f"{moved['name_zh']}（指数变动 {exact(moved['change'])}）"
            yield f"{own}{'被' + told + '超过' if key == 'overtaken_by' else verb + told}。"


def unmeasured(found: list[Answer], counties: Mapping[str, str]) -> Iterator[Block]:
    """The unions that are not measured, by county and reason, then each."""
    yield heading("十、未纳入测算的工会")
    if not found:
        yield paragraph(say(CHINESE, "unmeasured", "none"))
        return
    unions = {row["union_id"] for row in found}
    yield paragraph(
        f"记录有效但未纳入测算的工会 {len(unions):,} 家。{say(CHINESE, 'unmeasured', 'several')}"
    )
    counts = Counter(
        (county_of(row["township_code"], counties), say(CHINESE, "short_reason", row["reason"]))
        for row in found
    )
    listed = [(county, reason, count) for (county, reason), count in sorted(counts.items())]
    yield table(
        "按县（市、区）和原因", ("县（市、区）", "原因", "家数"), listed, (28, 56, 16), (2,)
    )
    each = [
        (
            county_of(row["township_code"], counties),
            row["union_id"],
            row["name_zh"],
            reason_in_words(CHINESE, row),
        )
        for row in sorted(found, key=lambda row: (row["township_code"] or "", row["union_id"]))
    ]
    yield table("逐家原因", ("县（市、区）", "工会编号", "企业", "原因"), each, (16, 16, 34, 34))


def refused(found: list[Answer], counties: Mapping[str, str]) -> Iterator[Block]:
    """The refused rows, with the values that they were refused for, personal ones left out."""
    yield heading("十一、被拒收的行")
    if not found:
        yield paragraph(say(CHINESE, "refused", "none"))
        return
    yield paragraph(say(CHINESE, "refused", "personal"))
    listed = [
        (
            county_of(row["region_code"], counties),
            f"{row['name_zh']} {row['key']}",
            row["landing_row"],
            say(CHINESE, "rule", row["rule"]),
            values_in_words(CHINESE, row),
        )
        for row in sorted(
            found, key=lambda row: (row["region_code"] or "", row["table"], row["landing_row"])
        )
    ]
    yield table(
        "逐行原因",
        ("县（市、区）", "数据表与主键", "落地行", "规则", "字段与取值"),
        listed,
        (14, 30, 10, 20, 26),
        (2,),
    )


def county_of(code: str | None, counties: Mapping[str, str]) -> str:
    """The county that a region lies in."""
    return counties.get((code or "")[:COUNTY_DIGITS], ELSEWHERE)
