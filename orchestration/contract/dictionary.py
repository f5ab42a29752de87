"""What each source table and column is called and means, in Chinese and in English.

The words stand in the registry beside what they are of; here they are read for those who hand the
tables over: names, what a row is, codes, rules, an example.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from orchestration.contract.parameters import with_parameters
from orchestration.contract.registry import (
    FURTHER,
    REGISTRY,
    SourceColumn,
    SourceTable,
    read_entries,
    source_table,
)


@dataclass(frozen=True)
class Words:
    """A name or a sentence in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class RowRule:
    """What must hold of each row: SQL over the landed columns, or `credit_code:<column>`."""

    sql: str
    words: Words


@dataclass(frozen=True)
class DescribedColumn:
    """A column that is handed over.

    codes: the names of the values that it may have, empty for any; example: a synthetic value as
    CSV has it; pattern: a regular expression that the whole text matches; earliest: the first day
    YYYY-MM-DD that a platform could know of; refers_to: the table whose key it holds.
    """

    column: SourceColumn
    name: Words
    description: Words
    codes: Mapping[str, Words]
    example: str
    pattern: str | None
    earliest: str | None
    refers_to: str | None


@dataclass(frozen=True)
class DescribedTable:
    """A table that is handed over.

    row: what a row is; unique: columns that no two rows may share; is_optional: whether a source
    may lack it.
    """

    table: SourceTable
    name: Words
    row: Words
    columns: tuple[DescribedColumn, ...]
    rules: tuple[RowRule, ...]
    unique: tuple[str, ...]
    is_optional: bool


@cache
def described_tables() -> dict[str, DescribedTable]:
    """All tables by name: those that every source has, then those that it may have besides."""
    due = (described_table(entry, is_optional=False) for entry in read_entries(REGISTRY))
    further = (described_table(entry, is_optional=True) for entry in read_entries(FURTHER))
    return {described.table.name: described for described in (*due, *further)}


def described_column(table: str, column: str) -> DescribedColumn:
    """A column of a table by name."""
    columns = described_tables()[table].columns
    return next(described for described in columns if described.column.name == column)


def described_table(entry: dict[str, Any], *, is_optional: bool) -> DescribedTable:
    """A table as its entry in the registry has it."""
    table = source_table(entry)
    meta = entry["config"]["meta"]
    return DescribedTable(
        table,
        name=Words(meta["zh"], meta["en"]),
        row=Words(**meta["row"]),
        columns=tuple(described_columns(table, entry["columns"])),
        rules=tuple(
            RowRule(with_parameters(sql), Words(**words))
            for sql, words in meta.get("predicates", {}).items()
        ),
        unique=tuple(meta.get("unique", ())),
        is_optional=is_optional,
    )


def described_columns(
    table: SourceTable, entries: list[dict[str, Any]]
) -> Iterator[DescribedColumn]:
    """The columns of a table that are handed over, in their order."""
    handed_over = {column.name: column for column in table.columns}
    for entry in entries:
        name = entry["name"]
        if name not in handed_over:
            continue
        meta = entry["config"]["meta"]
        yield DescribedColumn(
            handed_over[name],
            name=Words(meta["zh"], meta["en"]),
            description=Words(meta["description_zh"], entry["description"]),
            codes={code: Words(**words) for code, words in meta.get("accepted", {}).items()},
            example=meta["example"],
            pattern=meta.get("pattern"),
            earliest=meta.get("earliest"),
            refers_to=table.references.get(name),
        )
