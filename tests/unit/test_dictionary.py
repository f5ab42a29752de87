"""Each source table and column has its names, its meaning and an example that is sound."""

import re

import duckdb
import pytest
from stdnum.cn import uscc

from orchestration.contract.dictionary import described_tables
from orchestration.contract.registry import further_tables, source_tables
from orchestration.extract.casting import from_text, quoted
from orchestration.extract.pseudonyms import identity_number_valid

TABLES = described_tables()
CONNECTION = duckdb.connect()
CREDIT_CODE = "credit_code:"
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def columns():
    return [
        pytest.param(described, id=f"{name}.{described.column.name}")
        for name, table in TABLES.items()
        for described in table.columns
    ]


def words_of(table):
    yield table.name
    yield table.row
    yield from (rule.words for rule in table.rules)
    for described in table.columns:
        yield described.name
        yield described.description
        yield from described.codes.values()


def example_row(table):
    """SQL of the row of a table's examples, in their types."""
    cells = ", ".join(
        f"{from_text(described.column.name, described.column.type, 'Asia/Shanghai').value}"
        f" as {quoted(described.column.name)}"
        for described in table.columns
    )
    texts = ", ".join(
        f"'{described.example}' as {quoted(described.column.name)}" for described in table.columns
    )
    return f"select *, true as id_valid from (select {cells} from (select {texts}))"


def asked(query, *given):
    return CONNECTION.execute(query, given).fetchone() == (True,)


def test_all_tables_are_described_in_the_order_of_the_registry():
    assert list(TABLES) == [*source_tables(), *further_tables()]
    assert {name for name, table in TABLES.items() if table.is_optional} == {*further_tables()}


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_words_are_in_their_language_and_names_differ(table):
    assert [described.column for described in table.columns] == list(table.table.columns)
    for words in words_of(table):
        assert CHINESE.search(words.zh), words
        assert words.en.isascii() or "报送审查" in words.en or "五小" in words.en, words
    for language in ("zh", "en"):
        names = [getattr(described.name, language) for described in table.columns]
        assert len(set(names)) == len(names)


@pytest.mark.parametrize("described", columns())
def test_an_example_fits_its_column(described):
    column = described.column
    assert described.example
    assert not column.accepted or described.example in column.accepted
    assert tuple(described.codes) == column.accepted
    cast = from_text(column.name, column.type, "Asia/Shanghai")
    cell = f"(select '{described.example}' as {quoted(column.name)})"
    query = f"select {cast.misfit}, {cast.value} is null from {cell}"
    assert CONNECTION.execute(query).fetchone() == (False, False)
    if described.pattern:
        assert asked("select regexp_full_match($1, $2)", described.example, described.pattern)
    if described.refers_to:
        key = TABLES[described.refers_to].columns[0]
        assert described.example == key.example or described.refers_to == "region"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_the_examples_of_a_table_keep_its_rules(table):
    row = example_row(table)
    for rule in table.rules:
        if rule.sql.startswith(CREDIT_CODE):
            name = rule.sql.removeprefix(CREDIT_CODE)
            [code] = [each.example for each in table.columns if each.column.name == name]
            assert uscc.is_valid(code)
        else:
            assert asked(f"select {rule.sql} from ({row})"), rule


def test_the_identity_number_of_the_example_is_sound_and_nobodys():
    [number] = [
        each.example for each in TABLES["member"].columns if each.column.name == "id_number"
    ]
    valid = identity_number_valid("number")
    assert asked(f"select {valid} from (select $1 as number)", number)
    born = number[6:14]
    assert born < "19000101"
