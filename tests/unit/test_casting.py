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
    read_cell = f"select {cast.value} as value, {cast.misfit} as misfit from (select $1 as cell)"
    query = f"select cast(value as varchar), misfit from ({read_cell})"
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
        ("timestamptz", "9999-12-31T23:59:59", "9999-12-31 15:59:59+00"),
        ("timestamptz", "0001-01-01T00:00:00Z", "0001-01-01 00:00:00+00"),
        ("date", "0001-01-01", "0001-01-01"),
        ("text", " 007 ", " 007 "),
        ("text", "two\nlines\tand a tab", "two\nlines\tand a tab"),
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
        ("timestamptz", "9999-12-31T23:59:59Z"),
        ("timestamptz", "0001-01-01T00:00:00"),
        ("timestamptz", "0000-06-01T00:00:00Z"),
        ("date", "0000-12-31"),
        ("text", "a\x00b"),
        ("text", "a\x1bb"),
        ("text", "a\x7fb"),
        ("text", "a\ufffeb"),
    ],
)
def test_anything_else_is_a_misfit(contract_type, cell):
    assert read(contract_type, cell) == (None, True)


@pytest.mark.parametrize(
    "contract_type", ["int", "decimal(14,2)", "date", "bool", "timestamptz", "text"]
)
def test_null_is_no_misfit(contract_type):
    value, misfit = read(contract_type, None)
    assert value is None
    assert not misfit


@given(st.decimals(min_value="-999999999999.99", max_value="999999999999.99", places=2))
def test_decimals_are_exact(number):
    assert read("decimal(14,2)", f"{number:.2f}") == (
        f"{number:.2f}".replace("-0.00", "0.00"),
        False,
    )


@given(st.text())
def test_no_text_raises(cell):
    cell = cell.replace("\0", "")
    for contract_type in ("int", "decimal(14,2)", "date", "bool", "timestamptz"):
        value, misfit = read(contract_type, cell)
        assert (value is None) == misfit


@pytest.mark.parametrize(
    ("duckdb_type", "contract_type"),
    [
        ("VARCHAR", "date"),
        ("DOUBLE", "decimal(14,2)"),
        ("BIGINT", "text"),
        ("DATE", "int"),
        ("FLOAT", "int"),
        ("BLOB", "text"),
        ("DATE", "timestamptz"),
        ("TIMESTAMP WITH TIME ZONE", "date"),
    ],
)
def test_a_typed_column_that_cannot_hold_the_type_is_refused(duckdb_type, contract_type):
    assert from_typed("cell", duckdb_type, contract_type, "Asia/Shanghai") is None


def typed(contract_type, duckdb_type, cell):
    """A cell of a typed column as it is landed, and whether it does not fit."""
    cast = from_typed("cell", duckdb_type, contract_type, "Asia/Shanghai")
    table = f"(select $1::{duckdb_type} as cell)"
    query = f"select cast({cast.value} as varchar), {cast.misfit} from {table}"
    return CONNECTION.execute(query, [cell]).fetchone()


@pytest.mark.parametrize(
    ("contract_type", "duckdb_type", "cell", "value"),
    [
        ("int", "DOUBLE", "12", "12"),
        ("int", "DECIMAL(38,10)", "12", "12"),
        ("int", "UBIGINT", "12", "12"),
        ("bool", "TINYINT", "1", "true"),
        ("bool", "BIGINT", "0", "false"),
        ("decimal(14,2)", "DECIMAL(38,2)", "-999999999999.99", "-999999999999.99"),
        ("decimal(14,2)", "DECIMAL(38,30)", "1.5", "1.50"),
        ("date", "TIMESTAMP", "2020-02-29 00:00:00", "2020-02-29"),
        ("date", "TIMESTAMP_NS", "2020-02-29 00:00:00", "2020-02-29"),
        (
            "timestamptz",
            "TIMESTAMP_NS",
            "2020-01-01 08:00:00.000001",
            "2020-01-01 00:00:00.000001+00",
        ),
        (
            "timestamptz",
            "TIMESTAMPTZ_NS",
            "2020-01-01 00:00:00.000001+00",
            "2020-01-01 00:00:00.000001+00",
        ),
        ("timestamptz", "TIMESTAMP_S", "2020-01-01 08:00:00", "2020-01-01 00:00:00+00"),
        (
            "text",
            "UUID",
            "00000000-0000-0000-0000-000000000001",
            "00000000-0000-0000-0000-000000000001",
        ),
    ],
)
def test_typed_cells_are_read_by_their_value(contract_type, duckdb_type, cell, value):
    assert typed(contract_type, duckdb_type, cell) == (value, False)
    assert typed(contract_type, duckdb_type, None) == (None, False)


@pytest.mark.parametrize(
    ("contract_type", "duckdb_type", "cell"),
    [
        ("int", "DOUBLE", "12.5"),
        ("int", "DOUBLE", "nan"),
        ("int", "DOUBLE", "2147483648"),
        ("int", "DECIMAL(38,38)", "0.9"),
        ("int", "UBIGINT", "18446744073709551615"),
        ("bool", "TINYINT", "2"),
        ("bool", "UBIGINT", "18446744073709551615"),
        ("decimal(14,2)", "DECIMAL(38,30)", "99999999.999"),
        ("decimal(14,2)", "HUGEINT", "170141183460469231731687303715884105727"),
        ("date", "TIMESTAMP", "2020-02-29 00:00:01"),
        ("date", "TIMESTAMP", "infinity"),
        ("date", "DATE", "-infinity"),
        ("timestamptz", "TIMESTAMP", "infinity"),
        ("timestamptz", "TIMESTAMP_NS", "2020-01-01 00:00:00.000000001"),
        ("timestamptz", "TIMESTAMPTZ_NS", "2020-01-01 00:00:00.000000001+00"),
        ("timestamptz", "TIMESTAMP WITH TIME ZONE", "-infinity"),
    ],
)
def test_typed_cells_that_lose_something_are_misfits(contract_type, duckdb_type, cell):
    assert typed(contract_type, duckdb_type, cell) == (None, True)


@pytest.mark.parametrize(
    "contract_type", ["int", "decimal(14,2)", "date", "bool", "timestamptz", "text"]
)
def test_a_column_of_nothing_has_nulls(contract_type):
    cast = from_typed("cell", '"NULL"', contract_type, "Asia/Shanghai")
    assert CONNECTION.execute(
        f"select {cast.value}, {cast.misfit} from (select null as cell)"
    ).fetchone() == (None, False)


def read_typed(duckdb_type, contract_type, cell):
    cast = from_typed("cell", duckdb_type, contract_type, "Asia/Shanghai")
    query = f"select cast({cast.value} as varchar), {cast.misfit} from (select {cell} as cell)"
    return CONNECTION.execute(query).fetchone()


@pytest.mark.parametrize(
    ("duckdb_type", "cell", "moment"),
    [
        ("TIMESTAMP", "timestamp '2020-01-01 08:00:00'", "2020-01-01 00:00:00+00"),
        ("TIMESTAMP_S", "timestamp_s '2020-01-01 08:00:00'", "2020-01-01 00:00:00+00"),
        (
            "TIMESTAMP_NS",
            "timestamp_ns '2020-01-01 08:00:00.000001'",
            "2020-01-01 00:00:00.000001+00",
        ),
        ("TIMESTAMPTZ_NS", "'2020-01-01 08:00:00+08'::timestamptz_ns", "2020-01-01 00:00:00+00"),
        ("TIMESTAMP_NS", "timestamp_ns '2020-01-01 08:00:00.000000001'", None),
        ("TIMESTAMPTZ_NS", "'2020-01-01 08:00:00.000000001+08'::timestamptz_ns", None),
        ("TIMESTAMP", "timestamp 'infinity'", None),
        ("TIMESTAMP_NS", "timestamp_ns 'infinity'", None),
        ("TIMESTAMP WITH TIME ZONE", "timestamptz '148108-07-06 14:00:27+00'", None),
    ],
)
def test_a_typed_moment_is_read_to_the_microsecond_or_not_at_all(duckdb_type, cell, moment):
    assert read_typed(duckdb_type, "timestamptz", cell) == (moment, moment is None)


@pytest.mark.parametrize(
    "cell", ["date 'infinity'", "date '10000-01-01'", "date '0001-01-01 (BC)'"]
)
def test_a_typed_day_of_no_calendar_here_is_a_misfit(cell):
    assert read_typed("DATE", "date", cell) == (None, True)
