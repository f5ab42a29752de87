"""Every kind of check fires: a candidate spoiled in one place is refused by the check that names that place."""

import shutil

import duckdb
import pandas as pd
import pytest

from orchestration.candidate import candidate_folder
from orchestration.methodology import load_methodology
from orchestration.periods import Period
from orchestration.settings import METHODOLOGY
from quality.plausibility import judge_plausibility, thresholds
from quality.reconcile import RECONCILIATIONS, judge_across
from quality.suites import SUITES, judge_tables

PERIOD = Period(2020, 12)
METHODOLOGY_2020 = load_methodology(METHODOLOGY, PERIOD)
SPOILED = [
    ("row_balance", "select * replace (accepted - 1 as accepted) from judged", "rows.balance"),
    ("row_balance", "select * replace (landed // 100 as refused) from judged", "rows.refused_share"),
    ("row_balance", "select * replace (case source_table when 'region' then 1 else 0 end as refused) from judged", "rows.regions_refused"),
    ("row_balance", "select * replace (0 as landed) from judged", "rows.landed"),
    ("union_dimension", "select * replace (points + 0.0001 as points) from judged", "union_index.points_sum"),
    ("union_indicator", "select * from judged where indicator <> 'venues'", "union_indicator.complete"),
    ("union_indicator", "select * replace (null::decimal(18, 4) as value) from judged", "union_indicator.status_and_score"),
    ("union_index", "select * replace (city_rank + 1 as city_rank) from judged", "union_index.city_rank"),
    ("union_index", "select * replace (1 as county_rank) from judged", "union_index.county_rank"),
    ("area_index", "select * replace (linked - 1 as linked) from judged", "area_index.counts"),
    ("area_index", "select * replace (health_index + 0.001 as health_index) from judged", "area_index.mean"),
    ("area_dimension", "select * replace (rate + 0.001 as rate) from judged", "area_dimension.mean"),
    ("area_index", "select * replace (sampling_rate / 2 as sampling_rate) from judged", "area_index.sampling_rate"),
    ("area_index", "select * from judged where level <> 'city'", "area_index.one_city"),
    ("area_index", "select * from judged where level <> 'township' or frame = 0", "area_index.levels_sum"),
    ("county_ranking", "select * replace (1 as rank) from judged", "county_ranking.rank"),
    ("county_ranking", "select * replace (null::integer as rank_low) from judged", "county_ranking.interval"),
    ("union_index", "select * replace ('green' as health_code) from judged", "alert.health_code"),
    ("alert", "select * from judged where rule <> 'index_low_yellow'", "alert.complete"),
]


@pytest.fixture
def candidate(example_run, tmp_path):
    settings, _ = example_run
    return shutil.copytree(candidate_folder(settings.home, "2020-12").resolve(), tmp_path / "candidate")


@pytest.fixture
def before(example_run):
    settings, _ = example_run
    return candidate_folder(settings.home, "2020-11")


def spoil(candidate, table, query):
    file = next(candidate.rglob(f"{table}.parquet"))
    spoiled = file.with_suffix(".spoiled")
    duckdb.sql(f"copy ({query.replace('judged', f'read_parquet({str(file)!r})')}) to '{spoiled}' (format parquet)")
    spoiled.replace(file)


def across(candidate):
    results = judge_across(candidate / "tables", candidate / "staging", METHODOLOGY_2020.tables)
    return {result.name: result for result in results}


def test_the_unspoiled_candidate_passes(candidate):
    assert all(result.passed for result in across(candidate).values())


@pytest.mark.parametrize(("table", "query", "check"), SPOILED)
def test_a_spoiled_table_is_named(candidate, table, query, check):
    spoil(candidate, table, query)
    result = across(candidate)[check]
    assert result.executed
    assert not result.passed


def test_every_reconciliation_is_spoiled_once():
    assert {check for _, _, check in SPOILED} == {check.name for check in RECONCILIATIONS}


IMPLAUSIBLE = [
    ("area_index", "select * replace (index_change + 20 as index_change) from judged", "plausibility.city_index_change"),
    ("area_index", "select * replace (index_change - 40 as index_change) from judged", "plausibility.county_index_change"),
    ("area_index", "select * replace (sampling_rate - 30 as sampling_rate) from judged", "plausibility.county_sampling_change"),
    ("area_index", "select * replace (59.9999 as sampling_rate) from judged", "plausibility.city_sampling"),
    ("area_index", "select * replace (39.9999 as sampling_rate) from judged", "plausibility.county_sampling"),
    ("row_balance", "select * replace (landed * 79 // 100 as landed) from judged", "plausibility.rows_lost"),
    ("row_balance", "select * replace (landed * 151 // 100 + 1 as landed) from judged", "plausibility.rows_gained"),
    ("row_balance", "select * replace (date '2020-12-23' as latest_change) from judged", "plausibility.latest_change"),
]


def plausibility(candidate, before, closed_on=PERIOD.last_day):
    return {result.name: result for result in judge_plausibility(candidate, before, closed_on)}


def test_of_the_example_one_small_county_is_conspicuous(candidate, before):
    [(name, result)] = [(name, result) for name, result in plausibility(candidate, before).items() if not result.passed]
    assert name == "plausibility.county_sampling_change"
    assert result.observed == "limit 15: 330328 20.0000"


@pytest.mark.parametrize(("table", "query", "check"), IMPLAUSIBLE)
def test_an_implausible_table_is_named(candidate, before, table, query, check):
    unspoiled = plausibility(candidate, before)[check].observed
    spoil(candidate, table, query)
    result = plausibility(candidate, before)[check]
    assert result.executed
    assert not result.passed
    assert result.observed != unspoiled


def test_every_limit_is_passed_once():
    assert {check for _, _, check in IMPLAUSIBLE} == set(thresholds())


def test_what_compares_needs_a_month_before_and_a_running_month_is_not_stale(candidate, before):
    spoil(candidate, "row_balance", "select * replace (0 as landed, null::date as latest_change) from judged")
    assert not plausibility(candidate, before)["plausibility.rows_lost"].passed
    assert plausibility(candidate, None)["plausibility.rows_lost"].observed == "no stored month before to compare with"
    assert plausibility(candidate, before, None)["plausibility.latest_change"].observed == "the month is still running"


def test_a_missing_table_is_an_unexecuted_check(candidate):
    (candidate / "tables" / "alert.parquet").unlink()
    result = across(candidate)["alert.complete"]
    assert not result.executed
    assert not result.passed


def failed(frames):
    return {result.name for result in judge_tables(frames) if not result.passed}


def test_suites_fire_on_what_passes_by_nothing(candidate):
    frames = {table: pd.read_parquet(candidate / "tables" / f"{table}.parquet") for table in SUITES}
    assert failed(frames) == set()
    empty = failed({table: frame.iloc[:0] for table, frame in frames.items()})
    assert {f"{table}.rows.floor" for table in SUITES if table != "alert"} <= empty
    blank = failed({table: frame.assign(**dict.fromkeys(frame.columns)) for table, frame in frames.items()})
    assert {f"{table}.{column}.filled" for table, suite in SUITES.items() for column in suite.filled} <= blank
    assert {f"{table}.{column}.due" for table, suite in SUITES.items() for column in suite.due} <= blank


def test_suites_fire_on_bounds_codes_and_keys(candidate):
    frames = {table: pd.read_parquet(candidate / "tables" / f"{table}.parquet") for table in SUITES}
    doubled = failed({table: pd.concat([frame, frame]) for table, frame in frames.items()})
    assert {f"{table}.key.unique" for table in SUITES} <= doubled
    below = failed(
        {
            table: frame.assign(**dict.fromkeys(SUITES[table].bounds, -1000), **dict.fromkeys(SUITES[table].codes, "?"))
            for table, frame in frames.items()
        }
    )
    lowest = {f"{table}.{column}.bounds" for table, suite in SUITES.items() for column, (low, _) in suite.bounds.items() if low is not None}
    assert lowest | {f"{table}.{column}.codes" for table, suite in SUITES.items() for column in suite.codes} <= below
    above = failed({table: frame.assign(**dict.fromkeys(SUITES[table].bounds, 1000.0)) for table, frame in frames.items()})
    assert {
        f"{table}.{column}.bounds" for table, suite in SUITES.items() for column, (_, high) in suite.bounds.items() if high is not None
    } <= above
