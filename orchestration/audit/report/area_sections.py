"""The report's sections that answer "why" for the counties.

Ranks that moved, unions not measured, rows refused.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from orchestration.audit.report.blocks import cell, heading, notice, paragraph, table
from orchestration.contract.parameters import parameters
from orchestration.documents.briefing.content import Block
from orchestration.documents.note.changed import exact
from orchestration.why.words import (
    CHINESE,
    reason_in_words,
    say,
    since_in_words,
    values_in_words,
)

ELSEWHERE = "归属不明"

Answer = Mapping[str, Any]
Answers = list[Answer]
Counties = Mapping[str, str]
Blocks = Iterator[Block]


def area_sections(areas: Answer) -> Blocks:
    """All three sections, and what came of the recount."""
    yield from movements(areas["movements"])
    yield from unmeasured(areas["unmeasured"], areas["counties"])
    yield from refused(areas["refused_rows"], areas["counties"])
    yield from recounted(areas["figures_compared"], areas["differences"])


def recounted(figures: int, differences: Answers) -> Blocks:
    """How many figures were computed again, and those that differ."""
    yield heading("十二、重算核对")
    yield paragraph(
        f"第九节的数据由审计程序另行重算，共核对 {figures:,} 项，{len(differences):,} 项不一致。"
    )
    if not differences:
        return
    columns = ("of", "figure", "published", "computed")
    listed = [[row[column] for column in columns] for row in differences]
    head = ("对象", "数据", "公布值", "重算值")
    yield notice("下列数据与公布值不一致。")
    yield table(
        "不一致的数据",
        head,
        listed,
        (34, 22, 22, 22),
        (2, 3),
    )


def movements(found: Answers) -> Blocks:
    """Why the counties' ranks are others than before."""
    yield heading("九、各县（市、区）位次变动原因")
    if not found:
        yield paragraph(movement_words("none"))
        return
    yield paragraph(movement_words("parts"))
    by_kind: dict[str, Answers] = {}
    for moved in found:
        by_kind.setdefault(moved["since"]["kind"], []).append(moved)
    for of_kind in by_kind.values():
        yield from movements_since(of_kind)


def movements_since(found: Answers) -> Blocks:
    """Why the counties' ranks have changed since one month or release."""
    since = found[0]["since"]
    if not since["same_methodology"]:
        yield notice(movement_words("method_differs"))
    yield movement_table(since_in_words(CHINESE, since), found)
    for moved in found:
        yield from passed(moved)


def movement_words(key: str) -> str:
    """The words of what is told of movements."""
    return say(CHINESE, "movement", key)


def movement_table(caption: str, found: Answers) -> Block:
    """The movements of the counties, a row each."""
    dimensions = dimensions_in(found)
    rows = []
    for moved in found:
        points = {part["name_zh"]: part["points"] for part in moved["dimensions"]}
        ranks = f"{cell(moved['rank_before'])} → {cell(moved['rank'])}"
        change = exact(moved["change"])
        parts = [exact(points.get(name)) for name in dimensions]
        members = exact(moved["of_members"])
        counts = f"+{len(moved['joined'])} −{moved['left']}"
        rows.append((moved["name_zh"], ranks, change, *parts, members, counts))
    head = (
        "县（市、区）",
        "位次",
        movement_words("change"),
        *dimensions,
        movement_words("members"),
        movement_words("counts"),
    )
    widths = [16, 10, 12, *(12 for _ in dimensions), 12, 10]
    return table(caption, head, rows, widths, range(1, len(head)))


def dimensions_in(found: Answers) -> list[str]:
    """The names of the dimensions, as the first movement that is told by dimension has them."""
    for moved in found:
        if moved["dimensions"]:
            return [part["name_zh"] for part in moved["dimensions"]]
    return []


def passed(moved: Answer) -> Blocks:
    """Which counties went past one, or were passed by it, and by how much each index moved."""
    own = moved_county(moved)
    if moved["overtaken_by"]:
        yield paragraph(f"{own}被{moved_counties(moved['overtaken_by'])}超过。")
    if moved["overtook"]:
        yield paragraph(f"{own}超过{moved_counties(moved['overtook'])}。")


def moved_counties(found: Answers) -> str:
    """Counties with the change of each index."""
    return "、".join(moved_county(moved) for moved in found)


def moved_county(moved: Answer) -> str:
    """A county with the change of its index."""
    return f"{moved['name_zh']}（指数变动 {exact(moved['change'])}）"


def unmeasured(found: Answers, counties: Counties) -> Blocks:
    """The unions that are not measured, by county and reason, then each."""
    yield heading("十、未纳入测算的工会")
    if not found:
        yield paragraph(say(CHINESE, "unmeasured", "none"))
        return
    unions = {row["union_id"] for row in found}
    several = say(CHINESE, "unmeasured", "several")
    yield paragraph(f"记录有效但未纳入测算的工会 {len(unions):,} 家。{several}")
    yield reasons_by_county(found, counties)
    listed = []
    for row in sorted(found, key=lambda row: (row["township_code"] or "", row["union_id"])):
        county = county_of(row["township_code"], counties)
        reason = reason_in_words(CHINESE, row)
        listed.append(
            (
                county,
                row["union_id"],
                row["name_zh"],
                reason,
            )
        )
    head = ("县（市、区）", "工会编号", "企业", "原因")
    yield table("逐家原因", head, listed, (16, 16, 34, 34))


def reasons_by_county(found: Answers, counties: Counties) -> Block:
    """How many unions are not measured, by county and reason."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in found:
        county = county_of(row["township_code"], counties)
        reason = say(CHINESE, "short_reason", row["reason"])
        counts[county, reason] += 1
    listed = [(*place, count) for place, count in sorted(counts.items())]
    head = ("县（市、区）", "原因", "家数")
    return table(
        "按县（市、区）和原因",
        head,
        listed,
        (28, 56, 16),
        (2,),
    )


def refused(found: Answers, counties: Counties) -> Blocks:
    """The refused rows, with the values that they were refused for, personal ones left out."""
    yield heading("十一、被拒收的行")
    if not found:
        yield paragraph(say(CHINESE, "refused", "none"))
        return
    yield paragraph(say(CHINESE, "refused", "personal"))
    listed = []
    for row in sorted(found, key=place_of):
        county = county_of(row["region_code"], counties)
        key = f"{row['name_zh']} {row['key']}"
        rule = say(CHINESE, "rule", row["rule"])
        values = values_in_words(CHINESE, row)
        listed.append((county, key, row["landing_row"], rule, values))
    head = ("县（市、区）", "数据表与主键", "落地行", "规则", "字段与取值")
    yield table(
        "逐行原因",
        head,
        listed,
        (14, 30, 10, 20, 26),
        (2,),
    )


def place_of(row: Answer) -> tuple[str, str, int]:
    """By which refused rows are sorted: region, table and landing row."""
    return row["region_code"] or "", row["table"], row["landing_row"]


def county_of(region: str | None, counties: Counties) -> str:
    """The county that a region lies in."""
    if region is None:
        return ELSEWHERE
    county = region[: parameters().county_code_length]
    return counties.get(county, ELSEWHERE)
