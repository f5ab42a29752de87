"""The independent calculation itself.

It reproduces the contract's example, and its cities are what they claim to be.
"""

from collections import defaultdict
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from tests import reference
from tests.reference import calculate, read_source, write_city
from tests.reference.cells import parse, read_table, records
from tests.reference.contract import (
    ENUMERATIONS,
    PREDICATES,
    TABLES,
    is_credit_code,
    is_identity_number,
)
from tests.reference.spans import Span

EXAMPLE = Path(reference.__file__).parent / "example"
METHODOLOGY = Path(reference.__file__).parents[2] / "dbt_project" / "seeds" / "methodology"
PERIODS = ["2020-10", "2020-11", "2020-12"]


@pytest.fixture(scope="module")
def example():
    return calculate(EXAMPLE / "source", METHODOLOGY, PERIODS)


@pytest.mark.parametrize(
    "expected",
    sorted(EXAMPLE.glob("expected/*/*.csv")),
    ids=lambda path: f"{path.parent.name}-{path.stem}",
)
def test_reproduces_the_example(example, expected):
    header, rows = read_table(expected)
    calculated = example[expected.parent.name][expected.stem]
    assert calculated == rows
    assert all(list(row) == header for row in calculated)


def test_example_is_whole(example):
    expected = {path.stem for path in EXAMPLE.glob("expected/*/*.csv")}
    assert all(set(tables) == expected | {"county_ranking"} for tables in example.values())


def test_county_ranking_repeats_the_area_index(example):
    for tables in example.values():
        counties = [row for row in tables["area_index"] if row["level"] == "county"]
        assert tables["county_ranking"] == [
            {column: row[column] for column in ranked}
            for row, ranked in zip(counties, tables["county_ranking"], strict=True)
        ]


def test_null_and_empty_text_differ():
    text = 'a,"",\r\n,"b ""c"",\r\nd",""\n\ne,f,'
    assert list(records(text)) == [["a", "", None], [None, 'b "c",\r\nd', ""], ["e", "f", None]]


def written(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_city_depends_on_nothing_but_its_seed(tmp_path):
    for name, seed in (("one", 7), ("same", 7), ("other", 8)):
        write_city(tmp_path / name, seed, enterprises=20)
    assert written(tmp_path / "one") == written(tmp_path / "same")
    assert written(tmp_path / "one") != written(tmp_path / "other")


@pytest.mark.parametrize("seed", range(3))
def test_city_breaks_every_rule_of_every_table(tmp_path, seed):
    write_city(tmp_path, seed, enterprises=30)
    source = read_source(tmp_path)
    for table in TABLES:
        expected = {"type", "null", "conflict", "reference"}
        expected |= {"enumeration"} if table in ENUMERATIONS else set()
        expected |= {"predicate"} if table in PREDICATES else set()
        assert {rule for _, rule in source.refused[table]} == expected, table
        assert source.merged[table] > 0, table


def readable(cell, kind):
    try:
        parse(cell, kind.removesuffix("!"))
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("seed", range(3))
def test_city_has_one_unreadable_cell_in_a_column_at_most(tmp_path, seed):
    write_city(tmp_path, seed, enterprises=20)
    for table, declared in TABLES.items():
        _, rows = read_table(tmp_path / f"{table}.csv")
        for column, kind in declared.columns.items():
            found = [readable(row[column], kind) for row in rows if row[column] is not None]
            assert found.count(False) <= 1, (table, column)
            assert True in found, (table, column)


@pytest.mark.parametrize("defects", [True, False])
def test_rows_add_up(tmp_path, defects):
    write_city(tmp_path, 5, enterprises=30, defects=defects)
    source = read_source(tmp_path)
    for table, received in source.received.items():
        refused, merged = len(source.refused[table]), source.merged[table]
        assert received == len(source.rows[table]) + refused + merged
        assert defects or refused == merged == 0, table


def test_city_can_be_calculated(tmp_path):
    write_city(tmp_path, 11, enterprises=40)
    calculated = calculate(tmp_path, METHODOLOGY, ["2020-02", "2020-03", *PERIODS])
    for tables in calculated.values():
        areas = {row["area_code"]: row for row in tables["area_index"]}
        assert areas["330328"]["linked"] == "0" != areas["330328"]["frame"]
        assert areas["330329"]["frame"] == areas["330305"]["frame"] == "0"
        statuses = {row["status"] for row in tables["union_indicator"]}
        assert statuses == {"observed", "missing", "not_applicable"}


def test_fees_paid_beyond_what_is_due_count_as_due(tmp_path):
    write_city(tmp_path, 11, enterprises=40)
    paid, due = defaultdict(Fraction), defaultdict(Fraction)
    for row in read_source(tmp_path).rows["fund_remittance"]:
        if date(2019, 12, 31) < row["month"] <= date(2020, 12, 31):
            due[row["union_id"]] += row["amount_due"]
            if row["paid_on"] is not None and row["paid_on"] <= date(2020, 12, 31):
                paid[row["union_id"]] += row["amount_paid"]
    readings = calculate(tmp_path, METHODOLOGY, ["2020-12"])["2020-12"]["union_indicator"]
    overpaid = [
        row
        for row in readings
        if row["indicator"] == "fund_remittance_rate"
        and paid[row["union_id"]] > due[row["union_id"]] > 0
    ]
    assert overpaid
    assert all(
        row["value"] == "100.0000" and row["numerator"] == row["denominator"] for row in overpaid
    )


def test_check_characters():
    assert is_credit_code("91110000600037341L")
    assert not is_credit_code("91110000600037342L")
    assert not is_credit_code("91110000600037341l")
    assert is_identity_number("11010519491231002X")
    assert not is_identity_number("110105194912310021")
    assert not is_identity_number("")
    assert is_identity_number(None)


@pytest.mark.parametrize(
    ("period", "as_of", "day", "window_start"),
    [
        ("2021-02", None, "2021-02-28", "2020-02-29"),
        ("2020-02", None, "2020-02-29", "2019-02-28"),
        ("2020-12", "2020-12-15", "2020-12-15", "2019-12-15"),
        ("2020-12", "2020-12-31", "2020-12-31", "2019-12-31"),
        ("2020-11", "2020-12-15", "2020-11-30", "2019-11-30"),
    ],
)
def test_windows(period, as_of, day, window_start):
    span = Span.of(period, 12, as_of and date.fromisoformat(as_of))
    assert (span.as_of.isoformat(), span.window_start.isoformat()) == (day, window_start)
    assert span.provisional == (as_of == day < "2020-12-31")


def test_history_is_the_month_before(tmp_path):
    write_city(tmp_path, 3, enterprises=30, defects=False)

    def changes(*periods: str, as_of: date | None = None) -> list[str | None]:
        tables = calculate(tmp_path, METHODOLOGY, list(periods), as_of)[periods[-1]]
        return [row["index_change"] for row in tables["area_index"] if row["level"] == "city"]

    assert changes("2020-10", "2020-11") != [None]
    assert changes("2020-10", "2020-12") == [None]
    assert changes("2020-11", "2020-12", as_of=date(2020, 12, 15)) != [None]
