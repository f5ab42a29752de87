"""The answers to "why" of a trace in lines: of long lists the first ten and how many there are."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from orchestration.aligned import aligned
from orchestration.audit.published import Row
from orchestration.audit.text import (
    INDENT,
    SHOWN,
    cell_text,
    cells_text,
    change_text,
    rows_left_out,
)
from orchestration.why.words import (
    ENGLISH,
    outcome_in_words,
    reason_in_words,
    say,
    since_in_words,
    values_in_words,
)
from quality.nouns import counted_noun

Rows = list[Row]
Lines = Iterator[str]


def unmeasured_union(why: dict[str, Any]) -> Lines:
    """Why a union is not measured."""
    enterprises = ", ".join(why["enterprise_ids"])
    reasons = why["reasons"]
    yield f"{why['union_id']} of the enterprise {enterprises} is not measured:"
    for reason in reasons:
        yield INDENT + reason_in_words(ENGLISH, reason)
    if not reasons:
        yield "  no reason is found: computed again, it is linked"
    yield from refused_rows(why["refused_rows"])


def grades(found: Rows) -> Lines:
    """Which rows give each grade."""
    for grade in found:
        yield from rows_of_grade(grade)


def rows_of_grade(grade: Row) -> Lines:
    """A grade, and what each row does for it."""
    value, status = cells_text(grade, ("value", "status"))
    rows = grade["rows"]
    yield f"grade of {grade['indicator']} {grade['name_zh']}: {value}, {status}"
    if not any(row["decides"] for row in rows):
        yield "  no row gives it a grade"
    for row in rows[:SHOWN]:
        outcome = outcome_in_words(ENGLISH, row)
        landed_row = f"{row['table']} {row['key']}, landing row {row['landing_row']}"
        yield f"  {role_of(row):15} {landed_row}: {outcome}"
    yield from rows_left_out(rows)


def role_of(row: Row) -> str:
    """What a row does for a grade."""
    if row["decides"]:
        return "decides"
    if row["gives"] is None:
        return "does not count"
    return "counts less"


def movements(found: Rows) -> Lines:
    """Why a rank has changed."""
    for moved in found:
        since = since_in_words(ENGLISH, moved["since"])
        yield f"{since}: {ranks_of(moved)}"
        if not moved["since"]["same_methodology"]:
            yield "  the methodology changed between: what the unions moved holds that too"
        yield INDENT + parts_of(moved)
        for other in moved["overtaken_by"]:
            yield f"  overtaken by {moved_area(other)}"
        for other in moved["overtook"]:
            yield f"  went past {moved_area(other)}"


def moved_area(moved: Row) -> str:
    """An area with its ranks, and what moved its index."""
    area = f"{moved['area_code']} {moved['name_zh']} {moved['name_en']}"
    return f"{area}, {ranks_of(moved)}: {parts_of(moved)}"


def ranks_of(moved: Row) -> str:
    """The ranks of an area, before and now."""
    before, after = cells_text(moved, ("rank_before", "rank"))
    return f"rank {before} -> {after}"


def parts_of(moved: Row) -> str:
    """What moved an index, as a sum: what the unions that stayed moved, and what members did."""
    before, after = cells_text(moved, ("health_index_before", "health_index"))
    index = f"index {before} -> {after}"
    if moved["change"] is None:
        return index
    of_members = moved["of_members"]
    sign = "-" if of_members < 0 else "+"
    members = f"{abs(of_members)} by {len(moved['joined'])} joined and {moved['left']} left"
    return f"{index}, {change_text(moved['change'])} = {part_of_stayed(moved)} {sign} {members}"


def part_of_stayed(moved: Row) -> str:
    """What the unions that stayed moved, by dimension."""
    if moved["of_stayed"] is None:
        return "0 as none stayed"
    parts = [f"{part['dimension']} {change_text(part['points'])}" for part in moved["dimensions"]]
    stayed = counted_noun(moved["stayed"], "union")
    return f"{moved['of_stayed']} by {stayed} that stayed ({', '.join(parts)})"


def unmeasured(found: Rows) -> Lines:
    """How many unions of an area are not measured, by reason, and which."""
    if not found:
        return
    unions = {row["union_id"] for row in found}
    counts = Counter(row["reason"] for row in found)
    by_reason = []
    for reason, count in sorted(counts.items()):
        words = say(ENGLISH, "short_reason", reason)
        by_reason.append(f"{count:,} {words}")
    yield f"unions not measured: {len(unions):,} ({', '.join(by_reason)})"
    for row in found[:SHOWN]:
        name = cell_text(row["name_zh"])
        yield f"  {row['union_id']} {name}: {reason_in_words(ENGLISH, row)}"
    yield from rows_left_out(found)


def refused_rows(found: Rows) -> Lines:
    """Refused rows with the columns and values that they were refused for."""
    if not found:
        return
    yield f"refused rows: {len(found):,}"
    rows = []
    for row in found[:SHOWN]:
        values = values_in_words(ENGLISH, row)
        reason = f"{row['rule']}: {values}"
        rows.append((*cells_text(row, ("table", "key", "landing_row")), reason))
    yield from aligned(rows, right=(2,), indent=INDENT)
    yield from rows_left_out(found)
