"""The draft as the text of a map: everything with its evidence, and what is in doubt marked."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from orchestration.contract.clock import city_zone
from orchestration.contract.dictionary import described_column
from orchestration.contract.registry import SourceColumn
from orchestration.extract.database import DatabaseSource
from orchestration.extract.source import literal
from orchestration.source_draft.candidates import Lookup
from orchestration.source_draft.catalogue import FoundColumn
from orchestration.source_draft.matching import Match, TableMatch
from quality.nouns import counted_noun

SURE, DOUBTFUL, OPEN = "high", "medium", "none"
# How sure a column is, and how that is told.
CONFIDENCES = {SURE: "found", DOUBTFUL: "to confirm", OPEN: "open"}
LONGEST_REMARK = 160
MARKS = ("删除", "记录状态", "作废", "是否有效", "有效标志")
MOST_MARKS = 5
DELETED = ("del_flag", "is_deleted", "deleted", "delete_flag", "is_del", "sfsc", "scbz", "del")


def text_of(location: str, source: DatabaseSource, matches: dict[str, TableMatch]) -> str:
    """The whole map."""
    counts = confidences(matches)
    head = [
        f"# Drafted from {location}: {in_words(counts)}.",
        "# An entry with `unresolved` is not read: put right what it says, and delete that key.",
        "version: 1",
        "sources:",
        f"  platform: {flow(source_entry(matches))}",
        "tables:",
    ]
    lines = [line for name, match in matches.items() for line in table_lines(name, match, source)]
    return "\n".join([*head, *lines]) + "\n"


def source_entry(matches: dict[str, TableMatch]) -> dict[str, str]:
    """What the map says of its source: what is to settle of all its moments, if anything."""
    naive = [
        match.best.column
        for table in matches.values()
        for match in table.columns.values()
        if match.best and match.best.weight.is_naive
    ]
    if not naive:
        return {}
    counted = counted_noun(len(naive), "column")
    return {
        "unresolved": f"{counted} of moments state no zone; that of {city_zone()} is taken, "
        "another is to be said by `zone` of each"
    }


def in_words(counts: Counter[str]) -> str:
    """How many columns are how sure, in words."""
    said = [f"{counts[confidence]} {word}" for confidence, word in CONFIDENCES.items()]
    return f"of {counts.total()} columns {', '.join(said)}"


def confidences(matches: dict[str, TableMatch]) -> Counter[str]:
    """How many columns are found surely, to be confirmed, and open."""
    return Counter(
        confidence_of(match, match.columns.get(column.name))
        for match in matches.values()
        for column in match.due.columns
    )


def confidence_of(table: TableMatch, match: Match | None) -> str:
    """How sure a column is: never surer than its table."""
    if match is None or match.best is None:
        return OPEN
    return DOUBTFUL if table.doubt or match.doubt else SURE


def table_lines(name: str, match: TableMatch, source: DatabaseSource) -> Iterator[str]:
    """A table of the map."""
    yield f"  {name}:"
    if match.table is None:
        yield f"    unresolved: {flow(match.doubt)}"
        yield "    columns: {}"
        return
    yield f"    table: {flow(match.table.name)}{remark(match.evidence)}"
    doubts = [match.doubt] if match.doubt else []
    marks = [column for column in match.table.columns.values() if may_mark_deleted(column)]
    if marks:
        kept = " and ".join(kept_by(column, source) for column in marks)
        yield f"    where: {flow(kept)}"
        doubts.append(f"where leaves out deleted rows: {'; '.join(map(values_of, marks))}")
    if doubts:
        yield f"    unresolved: {flow('; '.join(doubts))}"
    yield "    columns:"
    for column in match.due.columns:
        yield column_line(match, column, source)


def may_mark_deleted(column: FoundColumn) -> bool:
    """Whether a column, of few values, may say that a row is deleted or no longer counts."""
    named = column.name.lower() in DELETED or any(mark in column.comment for mark in MARKS)
    return named and 0 < len(column.distinct) <= MOST_MARKS


def kept_by(column: FoundColumn, source: DatabaseSource) -> str:
    """SQL of whether a row counts: by the mark that most of the sampled rows have."""
    [(usual, _)] = Counter(column.filled).most_common(1)
    value = usual if column.family in ("whole", "number", "bool") else literal(usual)
    return f"{source.quoted(column.name)} = {value}"


def values_of(column: FoundColumn) -> str:
    """A mark's comment, and how often the sample has each value."""
    counted = Counter(column.filled).most_common()
    values = ", ".join(f"{value} in {counted_noun(rows, 'row')}" for value, rows in counted)
    return f"{column.name} {' '.join(column.comment.split())[:40]} is {values}"


def column_line(table: TableMatch, column: SourceColumn, source: DatabaseSource) -> str:
    """A column of the map, with its evidence and, where it is not sure, what is due in it."""
    match = table.columns[column.name]
    confidence = confidence_of(table, match)
    due = f"due is: {described_column(table.due.name, column.name).description.en}"
    if match.best is None:
        near = f"; nearest are {', '.join(match.nearest)}" if match.nearest else ""
        lacking = "" if column.required else "; write null where the platform has none"
        entry = flow({"unresolved": f"{match.doubt}{near}{lacking}"})
        return f"      {column.name}: {entry}{remark(due)}"
    says = entry_of(match, source) | ({"unresolved": match.doubt} if match.doubt else {})
    written = says["column"] if says.keys() == {"column"} else says
    evidence = [confidence, *match.best.evidence, *([] if confidence == SURE else [due])]
    return f"      {column.name}: {flow(written)}{remark('; '.join(evidence))}"


def entry_of(match: Match, source: DatabaseSource) -> dict[str, Any]:
    """What the map says of a column that is found."""
    best = match.best
    if best is None:
        return {}
    if best.lookup:
        return {"expression": lookup_of(best.lookup, best.column, source)}
    return {"column": best.column, **best.weight.says}


def lookup_of(lookup: Lookup, column: str, source: DatabaseSource) -> str:
    """SQL of the key that a row names by another one; `base` is the row."""
    table, named_by, key = map(source.quoted, lookup)
    own = f"base.{source.quoted(column)}"
    return f"select named.{key} from {table} as named where named.{named_by} = {own}"


def flow(value: object) -> str:
    """A value on one line of YAML."""
    written = yaml.safe_dump(
        value,
        allow_unicode=True,
        default_flow_style=True,
        sort_keys=False,
        width=float("inf"),
    )
    return str(written).removesuffix("\n").removesuffix("\n...").removesuffix("\n")


def remark(text: str) -> str:
    """A comment behind a value, on the same line and of bounded length."""
    printed = "".join(letter if letter.isprintable() else " " for letter in text)
    plain = " ".join(printed.split())
    return f"  # {plain[:LONGEST_REMARK]}" if plain else ""
