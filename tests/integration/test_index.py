"""The figures: every published table equals the contract's example and an independent calculation on adversarial cities."""

import csv
from datetime import date

import duckdb
import pytest

from orchestration import pipeline
from orchestration.candidate import candidate_folder
from orchestration.settings import METHODOLOGY
from orchestration.warehouse import published_tables
from tests.conftest import EXAMPLE, settings_in
from tests.reference import calculate, read_source, write_city

INTERVAL = {"rank_low", "rank_high"}


def cells(settings, period, table):
    """Rows of a candidate's table, every cell as text."""
    columns = [column for column in published_tables()[table].columns if column not in INTERVAL]
    file = candidate_folder(settings.home, period) / "tables" / f"{table}.parquet"
    rows = duckdb.sql(f"select {', '.join(f'cast({column} as varchar)' for column in columns)} from '{file}'").fetchall()
    return [dict(zip(columns, row, strict=True)) for row in rows]


@pytest.mark.parametrize("period", ["2020-10", "2020-11", "2020-12"])
def test_the_example_is_reproduced_to_the_byte(example_run, period, tmp_path):
    settings, outcomes = example_run
    assert all(outcome.passed for outcome in outcomes)
    expected = sorted((EXAMPLE / "expected" / period).glob("*.csv"))
    assert len(expected) == len(published_tables()) - 1
    for file in expected:
        table = candidate_folder(settings.home, period) / "tables" / f"{file.stem}.parquet"
        duckdb.sql(f"copy (select * from '{table}') to '{tmp_path / file.name}' (header)")
        assert (tmp_path / file.name).read_text(encoding="utf-8") == file.read_text(encoding="utf-8"), file.stem


@pytest.mark.parametrize(
    ("seed", "defects", "periods"),
    [(2, True, ["2020-10", "2020-11"]), (3, False, ["2020-02", "2020-03"]), (5, True, ["2020-12"])],
)
def test_cities_agree_with_the_independent_calculation(tmp_path, seed, defects, periods):
    source = tmp_path / "source"
    write_city(source, seed, enterprises=80, defects=defects)
    settings = settings_in(tmp_path / "home")
    _, outcomes = pipeline.run(settings, str(source), pipeline.due_dates(f"{periods[0]}..{periods[-1]}", None), None, lambda _: None)
    expected = calculate(source, METHODOLOGY, periods)
    for period in periods:
        for table in published_tables():
            due = [{column: cell for column, cell in row.items() if column not in INTERVAL} for row in expected[period][table]]
            assert cells(settings, period, table) == due, f"{table} of {period}"
    refused_rows = candidate_folder(settings.home, periods[-1]) / "staging" / "refused_rows.parquet"
    found = duckdb.sql(f"select source_table, rule, count(*) from '{refused_rows}' where rule <> 'merged' group by all").fetchall()
    counted = {}
    for table, refusals in read_source(source).refused.items():
        for _, rule in refusals:
            counted[table, rule] = counted.get((table, rule), 0) + 1
    assert {(table, rule): count for table, rule, count in found} == counted
    assert bool(counted) is defects
    told = outcomes[-1].verdict["refused_rows"]
    assert {(table, rule): count for table, rules in told.items() for rule, count in rules.items() if rule != "merged"} == counted


def test_a_running_month_is_provisional_and_no_history(tmp_path):
    source = tmp_path / "source"
    write_city(source, 7, enterprises=40, defects=False)
    settings = settings_in(tmp_path / "home")
    _, [running] = pipeline.run(settings, str(source), pipeline.due_dates("2020-11", date(2020, 11, 16)), None, lambda _: None)
    assert running.verdict["provisional"]
    expected = calculate(source, METHODOLOGY, ["2020-11"], as_of=date(2020, 11, 16))
    assert cells(settings, "2020-11", "union_indicator") == expected["2020-11"]["union_indicator"]
    _, [december] = pipeline.run(settings, str(source), pipeline.due_dates("2020-12", None), None, lambda _: None)
    [remark] = [check for check in december.verdict["checks"] if check["name"] == "predecessor.stored"]
    assert not remark["passed"]
    assert "provisional" in remark["observed"]
    assert all(row["index_change"] is None for row in cells(settings, "2020-12", "union_index"))


def test_rank_intervals_hold_the_rank(example_run):
    settings, _ = example_run
    with (EXAMPLE / "expected" / "2020-12" / "area_index.csv").open(encoding="utf-8") as lines:
        counties = [row for row in csv.DictReader(lines) if row["level"] == "county"]
    file = candidate_folder(settings.home, "2020-12") / "tables" / "county_ranking.parquet"
    found = duckdb.sql(f"select area_code, rank, rank_low, rank_high from '{file}'").fetchall()
    assert len(found) == len(counties)
    assert all(1 <= low <= high <= len(counties) and low <= rank <= high for _, rank, low, high in found)
