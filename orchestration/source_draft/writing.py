"""The draft as the text of a map: everything with its evidence, and what is in doubt marked."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import yaml

from orchestration.contract.registry import SourceColumn, source_tables
from orchestration.extract.database import DatabaseSource
from orchestration.source_draft.matching import Lookup, Match, TableMatch

SURE, DOUBTFUL, OPEN = "high", "medium", "none"
# How sure a column is, and how that is told.
CONFIDENCES = {SURE: "found", DOUBTFUL: "to confirm", OPEN: "open"}
LONGEST_REMARK = 160
DELETED = ("del_flag", "is_deleted", "deleted", "delete_flag", "is_del", "sfsc", "scbz", "del")


def text_of(location: str, source: DatabaseSource, matches: dict[str, TableMatch]) -> str:
    """The whole map."""
    counts = confidences(matches)
    head = [
        f"# Drafted from {location}: {in_words(counts)}.",
        "# An entry with `unresolved` is not read: put right what it says, and delete that key.",
        "version: 1",
        "sources:",
        "  platform: {}",
        "tables:",
    ]
    lines = [line for name, match in matches.items() for line in table_lines(name, match, source)]
    return "\n".join([*head, *lines]) + "\n"


def in_words(counts: Counter[str]) -> str:
    """How many columns are how sure, in words."""
    said = [f"{counts[confidence]} {word}" for confidence, word in CONFIDENCES.items()]
    return f"of {counts.total()} columns {', '.join(said)}"


def confidences(matches: dict[str, TableMatch]) -> Counter[str]:
    """How many columns are found surely, to be confirmed, and open."""
    return Counter(
        confidence_of(match, match.columns.get(column.name))
        for name, match in matches.items()
        for column in source_tables()[name].columns
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
    marks = [
        column.name
        for column in match.table.columns.values()
        if column.name.lower() in DELETED or "删除" in column.comment
    ]
    doubts += [f"{mark} may mark deleted rows; leave them out by a select" for mark in marks]
    if doubts:
        yield f"    unresolved: {flow('; '.join(doubts))}"
    yield "    columns:"
    for column in source_tables()[name].columns:
        yield column_line(match, column, source)


def column_line(table: TableMatch, column: SourceColumn, source: DatabaseSource) -> str:
    """A column of the map, with its evidence."""
    match = table.columns[column.name]
    confidence = confidence_of(table, match)
    if match.best is None:
        near = f"; nearest are {', '.join(match.others)}" if match.others else ""
        lacking = "" if column.required else "; write null where the platform has none"
        return f"      {column.name}: {flow({'unresolved': f'{match.doubt}{near}{lacking}'})}"
    says = entry_of(match, source)
    if match.doubt:
        says = says | {"unresolved": match.doubt}
    written = says["column"] if says.keys() == {"column"} else says
    evidence = "; ".join([confidence, *match.best.evidence])
    return f"      {column.name}: {flow(written)}{remark(evidence)}"


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
