"""The landed rows of `rectification`, those that keep to its rules and those that do not.

The rules are those of every source table: a cell of its type, no personal value, no null where none
may be, a value of the list, one row for a key; and each action has the cells that are its own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.alerts.records import Action, Key
from orchestration.contract.registry import SourceTable, further_tables
from quality.release_files import read_rows

NAME = "rectification"
NO_KEY = "without an id"
OWN_CELLS: Mapping[str, Action] = {
    "planned_on": "planned",
    "corrected_on": "corrected",
    "evidence_number": "corrected",
}
# Rows that are the same in all cells are one.
ROWS = """
    select distinct on ({columns})
        {columns}, fault_rule, fault_column
    from read_parquet($file)
    order by acted_on, updated_at, rectification_id, landing_row
"""
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Statement:
    """A row that keeps to the rules; on: the day planned for, or that of the correction."""

    id: str
    key: Key
    action: Action
    acted_on: date
    on: date | None
    evidence: str | None
    remark: str | None


@dataclass(frozen=True)
class BrokenRow:
    """A row that breaks a rule, by its id, and why."""

    id: str
    reason: str


def read_statements(file: Path) -> Iterator[Statement | BrokenRow]:
    """The rows of a landed file, in the order in which counties acted."""
    table = further_tables()[NAME]
    columns = [column.name for column in table.columns]
    names = [*columns, "fault_rule", "fault_column"]
    query = ROWS.format(columns=", ".join(columns))
    rows = [dict(zip(names, cells, strict=True)) for cells in read_rows(query, file=file)]
    count = Counter(row["rectification_id"] for row in rows)
    for row in rows:
        number = row["rectification_id"]
        broken = broken_rule(row, table)
        if broken is None and count[number] > 1:
            broken = "duplicate: its id is there with other cells too"
        yield BrokenRow(number or NO_KEY, broken) if broken else statement_of(row)


def broken_rule(row: Row, table: SourceTable) -> str | None:
    """The first rule that a row breaks, with its column; None where it keeps to all."""
    if row["fault_rule"]:
        return f"{row['fault_rule']}: {row['fault_column']}"
    for column in table.columns:
        value = row[column.name]
        if value is None and column.required:
            return f"null: {column.name}"
        if value is not None and column.accepted and value not in column.accepted:
            return f"enumeration: {column.name}"
    for name, action in OWN_CELLS.items():
        if row[name] is not None and row["action"] != action:
            return f"predicate: {name} is of {action} alone"
    return None


def statement_of(row: Row) -> Statement:
    """What a row states that keeps to the rules."""
    return Statement(
        id=row["rectification_id"],
        key=(row["union_id"], row["rule"], row["dimension"] or ""),
        action=row["action"],
        acted_on=row["acted_on"],
        on=row["planned_on"] or row["corrected_on"],
        evidence=row["evidence_number"],
        remark=row["remark"],
    )
