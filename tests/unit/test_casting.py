"""Cells fit their contract type only in its written form, and never lose a digit."""

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.extract.casting import from_text, from_typed

CONNECTION = duckdb.connect()
CONNECTION.execute("set timezone = 'UTC'")


def read(contract_type, cell):
    cast = from_text("cell", contract_type, "Asia/Shanghai")
    query = f"select cast(value as varchar), misfit from (select {cast.value} as value, {cast.misfit} as misfit from (select $1 as cell))"
    return CONNECTION.execute(query, [cell]).fetchone()


@pytest.mark.parametrize(
    ("contract_type", "cell", "value"),
    [
        ("int", "12", "12"),
        ("int", "-12", "-12"),
        ("decimal(14,2)", "0012.50", "12.50"),
        ("decimal(14,2)", "1.5000", "1.50"),
        ("decimal(14,2)", "999999999999.99", "999999999999.99"),
        ("date", "2020-02-29", "2020-02-29"),
        ("bool", "true", "true"),
        ("timestamptz", "2020-01-01T08:00:00+08:00", "2020-01-01 00:00:00+00"),
        ("timestamptz", "2020-01-01 08:00", "2020-01-01 00:00:00+00"),
        ("timestamptz", "2020-01-01T00:00:00Z", "2020-01-01 00:00:00+00"),
        ("timestamptz", "2020-01-01T08:00:00.5+0800", "2020-01-01 00:00:00.5+00"),
        ("timestamptz", "2020-01-01T08:00:00+08", "2020-01-01 00:00:00+00"),
        ("text", " 007 ", " 007 "),
    ],
)
def test_written_forms_are_read(contract_type, cell, value):
    assert read(contract_type, cell) == (value, False)


@pytest.mark.parametrize(
    ("contract_type", "cell"),
    [
        ("int", "1.0"),
        ("int", " 1"),
        ("int", "2147483648"),
        ("int", ""),
        ("decimal(14,2)", "1.005"),
        ("decimal(14,2)", "1e3"),
        ("decimal(14,2)", "1000000000000.00"),
        ("decimal(14,2)", "NaN"),
        ("date", "2020-02-30"),
        ("date", "2020-2-3"),
        ("date", "infinity"),
        ("bool", "True"),
        ("bool", "1"),
        ("timestamptz", "2020-01-01"),
        ("timestamptz", "2020-01-01T24:00:00"),
        ("timestamptz", "2020-01-01T23:59:60"),
    ],
)
def test_anything_else_is_a_misfit(contract_type, cell):
    assert read(contract_type, cell) == (None, True)


@pytest.mark.parametrize("contract_type", ["int", "decimal(14,2)", "date", "bool", "timestamptz", "text"])
def test_null_is_no_misfit(contract_type):
    value, misfit = read(contract_type, None)
    assert value is None
    assert not misfit


@given(st.decimals(min_value="-999999999999.99", max_value="999999999999.99", places=2))
def test_decimals_are_exact(number):
    assert read("decimal(14,2)", f"{number:.2f}") == (f"{number:.2f}".replace("-0.00", "0.00"), False)


@given(st.text())
def test_no_text_raises(cell):
    cell = cell.replace("\0", "")
    for contract_type in ("int", "decimal(14,2)", "date", "bool", "timestamptz"):
        value, misfit = read(contract_type, cell)
        assert (value is None) == misfit


@pytest.mark.parametrize(
    ("duckdb_type", "contract_type"), [("VARCHAR", "date"), ("DOUBLE", "decimal(14,2)"), ("BIGINT", "text"), ("DATE", "int")]
)
def test_a_typed_column_that_cannot_hold_the_type_is_refused(duckdb_type, contract_type):
    assert from_typed("cell", duckdb_type, contract_type, "Asia/Shanghai") is None
