"""All rules of a table and of a column in words, and the bounds of a column's values.

What is said of one column alone stands with it; what is said of several, with the table.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import sqlglot
from sqlglot import expressions

from orchestration.contract.dictionary import (
    DescribedColumn,
    DescribedTable,
    RowRule,
    Words,
    described_tables,
)
from orchestration.documents.texts import joined
from orchestration.source_contract.wording import codes_of, named, say, words

CREDIT_CODE = "credit_code:"
IDENTITY = "id_valid"


@dataclass(frozen=True)
class Bounds:
    """The least and the greatest number of a column; None where there is none."""

    least: int
    greatest: int | None = None


def is_query(rule: RowRule) -> bool:
    """Whether a rule is SQL over the columns as they are handed over."""
    return not rule.sql.startswith(CREDIT_CODE) and rule.sql != IDENTITY


def columns_of_rule(rule: RowRule, table: DescribedTable) -> set[str]:
    """The columns of a table that a rule is about."""
    if rule.sql.startswith(CREDIT_CODE):
        return {rule.sql.removeprefix(CREDIT_CODE)}
    if rule.sql == IDENTITY:
        return {each.name for each in table.table.columns if each.stem == "id"}
    parsed = sqlglot.parse_one(rule.sql, dialect="duckdb")
    return {column.name for column in parsed.find_all(expressions.Column)}


def bounds_of(described: DescribedColumn, table: DescribedTable) -> Bounds | None:
    """The bounds that the row rules set to the numbers of a column; None where they set none."""
    for rule in filter(is_query, table.rules):
        parsed = sqlglot.parse_one(rule.sql, dialect="duckdb")
        this = parsed.this
        if not isinstance(this, expressions.Column) or this.name != described.column.name:
            continue
        if found := bounds_in(parsed):
            return found
    return None


def bounds_in(condition: sqlglot.Expr) -> Bounds | None:
    """The bounds that a condition sets to the column before its sign."""
    match condition:
        case expressions.GTE() if is_number(condition.expression):
            return Bounds(int(condition.expression.name))
        case expressions.Between() if is_number(condition.args["low"]):
            high = condition.args["high"]
            greatest = int(high.name) if is_number(high) else None
            return Bounds(int(condition.args["low"].name), greatest)
        case expressions.In():
            numbers = [int(each.name) for each in condition.expressions]
            return Bounds(min(numbers), max(numbers))
    return None


def is_number(value: sqlglot.Expr) -> bool:
    """Whether a part of a condition is a number."""
    return isinstance(value, expressions.Literal) and not value.is_string


def rules_of_column(described: DescribedColumn, table: DescribedTable) -> Iterator[Words]:
    """What is said of the values of a column, and which row rules it is part of."""
    name = named(described)
    if described.codes:
        yield say("rule", "codes", column=name, codes=codes_of(described))
    if described.pattern:
        form = words()["pattern"][described.pattern]
        yield say("rule", "pattern", column=name, form=form)
    if described.refers_to:
        referred = described_tables()[described.refers_to]
        table_name = (referred.name.zh, referred.table.name)
        yield say("rule", "reference", column=name, table=table_name)
    if described.earliest:
        yield say("rule", "earliest", column=name, day=described.earliest)
    for rule in table.rules:
        if described.column.name in columns_of_rule(rule, table):
            yield rule.words


def rules_of_table(table: DescribedTable) -> Iterator[Words]:
    """What is said of the rows of a table as a whole."""
    names = {each.column.name: named(each) for each in table.columns}
    key = joined((names[column] for column in table.table.key), "、", ", ")
    yield say("rule", "key", columns=key)
    for column in table.unique:
        yield say("rule", "unique", columns=names[column])


def all_rules(table: DescribedTable) -> list[Words]:
    """All rules of a table, each once."""
    of_columns = (rule for each in table.columns for rule in rules_of_column(each, table))
    return list(dict.fromkeys([*rules_of_table(table), *of_columns]))
