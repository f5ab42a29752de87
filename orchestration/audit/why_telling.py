"""The answers to "why" of a trace in lines: of long lists the first ten and how many there are."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from orchestration.aligned import aligned
from orchestration.audit.published import Row
from orchestration.why.words import (
    ENGLISH,
    outcome_in_words,
    reason_in_words,
    say,
    since_in_words,
    values_in_words,
)

SHOWN = 10
INDENT = "  "


def unmeasured_union(why: dict[str, Any]) -> Iterator[str]:
    """Why a union is not measured."""
    enterprises = ", ".join(why["enterprise_ids"])
    yield f"{why['union_id']} of the enterprise {enterprises} is not measured:"
    yield from (f"  {reason_in_words(ENGLISH, reason)}" for reason in why["reasons"])
    if not why["reasons"]:
        yield "  no reason is found: computed again, it is linked"
    yield from refused_rows(why["refused_rows"])


def grades(found: list[Row]) -> Iterator[str]:
    """Which rows give each grade."""
    for grade in found:
        value, status = shown(grade["value"]), shown(grade["status"])
        yield f"grade of {grade['indicator']} {grade['name_zh']}: {value}, {status}"
        if not any(row["decides"] for row in grade["rows"]):
            yield "  no row gives it a grade"
        for row in grade["rows"][:SHOWN]:
            outcome = outcome_in_words(ENGLISH, row)
            landed_row = f"{row['table']} {row['key']}, landing row {row['landing_row']}"
            yield f"  {role_of(row):15} {landed_row}: {outcome}"
        yield from more(grade["rows"])


def role_of(row: Row) -> str:
    """What a row does for a grade."""
    if row["decides"]:
        return "decides"
    return "counts less" if row["gives"] is not None else "does not count"


def movements(found: list[Row]) -> Iterator[str]:
    """Why a rank has changed."""
    for moved in found:
        before, after = shown(moved["rank_before"]), shown(moved["rank"])
        yield f"{since_in_words(ENGLISH, moved['since'])}: rank {before} -> {after}"
        if not moved["since"]["same_methodology"]:
            yield "  the methodology changed between: what the unions moved holds that too"
        yield f"  {parts_of(moved)}"
        for key, head in (("overtaken_by", "overtaken by"), ("overtook", "went past")):
            for other in moved[key]:
                ranks = f"rank {other['rank_before']} -> {other['rank']}"
                area = f"{other['area_code']} {other['name_zh']} {other['name_en']}"
                yield f"  {head} {area}, {ranks}: {parts_of(other)}"


def parts_of(moved: Row) -> str:
    """What moved an index, by dimension of the unions that stayed, and by members."""
    if moved["change"] is None:
        return f"index {shown(moved['health_index_before'])} -> {shown(moved['health_index'])}"
    dimensions = ", ".join(
        f"{part['dimension']} {part['points']:+}" for part in moved["dimensions"]
    )
    stayed = (
        f"{moved['stayed']} unions that stayed {shown(moved['of_stayed'])} ({dimensions})"
        if dimensions
        else "none stayed"
    )
    members = f"{len(moved['joined'])} joined and {moved['left']} left {shown(moved['of_members'])}"
    index = f"index {moved['health_index_before']} -> {moved['health_index']}"
    return f"{index}, {moved['change']:+}: {stayed}; {members}"


def unmeasured(found: list[Row]) -> Iterator[str]:
    """How many unions of an area are not measured, by reason, and which."""
    if not found:
        return
    counts = sorted(Counter(row["reason"] for row in found).items())
    by_reason = ", ".join(
        f"{count:,} {say(ENGLISH, 'short_reason', reason)}" for reason, count in counts
    )
    yield f"unions not measured: {len({row['union_id'] for row in found}):,} ({by_reason})"
    yield from (
        f"  {row['union_id']} {shown(row['name_zh'])}: {reason_in_words(ENGLISH, row)}"
        for row in found[:SHOWN]
    )
    yield from more(found)


def refused_rows(found: list[Row]) -> Iterator[str]:
    """Refused rows with the columns and values that they were refused for."""
    if not found:
        return
    yield f"refused rows: {len(found):,}"
    rows = [
        (
            row["table"],
            row["key"],
            str(row["landing_row"]),
            f"{row['rule']}: {values_in_words(ENGLISH, row)}",
        )
        for row in found[:SHOWN]
    ]
    yield from aligned(rows, right=(2,), indent=INDENT)
    yield from more(found)


def more(rows: list[Any]) -> list[str]:
    """That there are more rows than are shown."""
    return [f"  … and {len(rows) - SHOWN:,} more, see --json"] if len(rows) > SHOWN else []


def shown(cell: object) -> str:
    """A figure, or a dash for none."""
    return "–" if cell is None else str(cell)
