"""The figures: every published table equals the contract's example.

On adversarial cities every table equals an independent calculation.
"""

import csv
import shutil
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration import pipeline
from orchestration.build import candidate
from orchestration.errors import RefusedError
from orchestration.periods import Period
from orchestration.release import preparation
from orchestration.release.rules import judgement
from orchestration.release.verdicts import sound_judgement
from orchestration.settings import METHODOLOGY
from quality.publication import published_tables
from tests.reference import calculate, read_source, write_city
from tests.support.candidate_accounts import check_accounts
from tests.support.cells import INTERVAL, cells
from tests.support.lanes import everyday
from tests.support.settings import EXAMPLE, settings_in

CITIES = [
    (2, True, ("2020-10", "2020-11")),
    (3, False, ("2020-02", "2020-03")),
    (5, True, ("2020-12",)),
]


@pytest.mark.parametrize("period", ["2020-10", "2020-11", "2020-12"])
def test_the_example_is_reproduced_to_the_byte(example_run, period, tmp_path):
    settings, outcomes = example_run
    assert all(outcome.passed for outcome in outcomes)
    expected = sorted((EXAMPLE / "expected" / period).glob("*.csv"))
    assert len(expected) == len(published_tables()) - 1
    for file in expected:
        table = settings.home.candidate(period) / "tables" / f"{file.stem}.parquet"
        duckdb.sql(f"copy (select * from '{table}') to '{tmp_path / file.name}' (header)")
        assert (tmp_path / file.name).read_text(encoding="utf-8") == file.read_text(
            encoding="utf-8"
        ), file.stem


@pytest.mark.parametrize(("seed", "defects", "periods"), everyday(CITIES, CITIES[2]))
def test_cities_agree_with_the_independent_calculation(tmp_path, seed, defects, periods):
    source = tmp_path / "source"
    write_city(source, seed, enterprises=80, defects=defects)
    settings = settings_in(tmp_path / "home")
    _, outcomes = pipeline.run(
        settings,
        str(source),
        pipeline.due_dates(f"{periods[0]}..{periods[-1]}", None),
        None,
        lambda _: None,
    )
    expected = calculate(source, METHODOLOGY, periods)
    for period in periods:
        for table in published_tables():
            due = [
                {column: cell for column, cell in row.items() if column not in INTERVAL}
                for row in expected[period][table]
            ]
            assert cells(settings, period, table) == due, f"{table} of {period}"
    refused_rows = settings.home.candidate(periods[-1]) / "staging" / "refused_rows.parquet"
    found = duckdb.sql(
        f"select source_table, rule, count(*) from '{refused_rows}'"
        " where rule <> 'merged' group by all"
    ).fetchall()
    counted = {}
    for table, refusals in read_source(source).refused.items():
        for _, rule in refusals:
            counted[table, rule] = counted.get((table, rule), 0) + 1
    assert {(table, rule): count for table, rule, count in found} == counted
    assert bool(counted) is defects
    refused, unmeasured = check_accounts(settings, outcomes[-1].verdict)
    assert (refused, unmeasured > 0) == (sum(counted.values()), True)
    told = outcomes[-1].verdict.refused_rows
    assert {
        (table, rule): count
        for table, rules in told.items()
        for rule, count in rules.items()
        if rule != "merged"
    } == counted


def test_the_largest_numbers_that_a_source_may_hold_are_measured_exactly(tmp_path):
    """One amount of 11 digits, and sums of the largest amounts and counts.

    The same sums also per employee, of an enterprise that has one.
    """
    source = Path(shutil.copytree(EXAMPLE / "source", tmp_path / "source"))
    most, most_due = 2**31 - 1, "999999999999.99"
    enlarge(source, "fund_remittance", "U0007263", amount_due="13800138000.00")
    enlarge(source, "fund_remittance", "U0005769", amount_due=most_due, amount_paid=most_due)
    enlarge(source, "skills_event", "U0005769", copies=400, participants=most)
    enlarge(source, "activity", "U0005769", participants=most)
    enlarge(source, "workers_congress", "U0002179", disclosures=most)
    enlarge(source, "safety_inspection", "U0002179", hazards_found=most, hazards_rectified=most - 1)
    settings = settings_in(tmp_path / "home")
    _, [outcome] = pipeline.run(
        settings, str(source), pipeline.due_dates("2020-12", None), None, lambda _: None
    )
    assert outcome.verdict is not None
    own = ("plausibility.", "predecessor.", "rows.")
    assert [check.name for check in outcome.failed_checks() if not check.name.startswith(own)] == []
    expected = calculate(source, METHODOLOGY, ["2020-12"])["2020-12"]
    for table in ("union_indicator", "union_dimension", "union_index", "alert", "area_index"):
        due = [
            {column: cell for column, cell in row.items() if column not in INTERVAL}
            for row in expected[table]
        ]
        assert cells(settings, "2020-12", table) == due, table
    largest = [
        row["value"]
        for row in expected["union_indicator"]
        if row["indicator"] == "skills_participation"
    ]
    assert max(map(float, filter(None, largest))) >= 8e13


def enlarge(source, table, owner, *, copies=1, **cells):
    """Change cells of the owner's rows in a source table, and repeat one row under new keys."""
    with (source / f"{table}.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    own = [row for row in rows if owner in row.values()]
    for row in own:
        row |= {name: str(cell) for name, cell in cells.items()}
    key = next(iter(own[-1]))
    rows += [own[-1] | {key: f"X{number:07d}"} for number in range(1, copies)]
    with (source / f"{table}.csv").open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.drill
def test_a_running_month_is_provisional_and_no_history(tmp_path, monkeypatch):
    source = tmp_path / "source"
    write_city(source, 7, enterprises=40, defects=False)
    settings = settings_in(tmp_path / "home")
    intake, [running] = pipeline.run(
        settings,
        str(source),
        pipeline.due_dates("2020-11", date(2020, 11, 16)),
        None,
        lambda _: None,
    )
    assert running.verdict.provisional
    with pytest.raises(RefusedError, match="it is provisional, as of 2020-11-16"):
        preparation.prepare(settings, Period(2020, 11))
    with monkeypatch.context() as clock:
        clock.setattr(candidate, "yesterday", lambda: date(2020, 11, 25))
        stated = candidate.plan_build(
            settings.home, intake.folder, Period(2020, 11), date(2020, 11, 30)
        )
    assert stated.provisional
    expected = calculate(source, METHODOLOGY, ["2020-11"], as_of=date(2020, 11, 16))
    assert cells(settings, "2020-11", "union_indicator") == expected["2020-11"]["union_indicator"]
    _, [december] = pipeline.run(
        settings, str(source), pipeline.due_dates("2020-12", None), None, lambda _: None
    )
    [remark] = [check for check in december.verdict.checks if check.name == "predecessor.stored"]
    assert not remark.passed
    assert "provisional" in remark.observed
    assert all(row["index_change"] is None for row in cells(settings, "2020-12", "union_index"))


def test_a_month_past_the_announced_holidays_is_computed_and_waits_for_them(tmp_path, monkeypatch):
    source = tmp_path / "source"
    write_city(source, 7, enterprises=40, defects=False)
    ask_every_day(source, date(2026, 12, 21), days=42)
    settings = settings_in(tmp_path / "home")
    monkeypatch.setattr(pipeline, "yesterday", lambda: date(2027, 1, 31))
    monkeypatch.setattr(candidate, "yesterday", lambda: date(2027, 1, 31))
    _, [january] = pipeline.run(
        settings, str(source), pipeline.due_dates("2027-01", None), None, lambda _: None
    )
    expected = calculate(source, METHODOLOGY, ["2027-01"])["2027-01"]["union_indicator"]
    found = cells(settings, "2027-01", "union_indicator")
    assert found == expected
    timeliness = [row for row in found if row["indicator"] == "request_timeliness"]
    assert {row["status"] for row in timeliness} == {"observed", "not_applicable"}
    assert not january.passed
    official = january.verdict.check("holidays.official")
    assert (official.passed, official.severity) == (False, "stop")
    assert "run uhi calendar import" in official.observed
    assert january.verdict.check("holidays.projected").passed
    with pytest.raises(RefusedError, match=r"the check holidays\.official did not pass"):
        preparation.prepare(settings, Period(2027, 1))


def ask_every_day(source, first, days):
    """Let the requests of a source be opened one a day in turn, and closed within 0 to 9 days."""
    file = source / "service_request.csv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    assert len(rows) > days
    for number, row in enumerate(rows):
        opened = first + timedelta(days=number % days)
        closed = opened + timedelta(days=number % 10)
        row["opened_at"], row["closed_at"] = f"{opened}T09:00:00+08:00", f"{closed}T17:00:00+08:00"
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.DictWriter(lines, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_what_was_judged_before_the_month_was_over_is_neither_prepared_nor_released(
    prepared_example, monkeypatch
):
    settings, december = settings_in(prepared_example), Period(2020, 12)
    sound_judgement(settings.home, december)
    monkeypatch.setattr(judgement, "city_date", lambda _: date(2020, 12, 31))
    with pytest.raises(RefusedError, match="before 2020-12 was over"):
        sound_judgement(settings.home, december)
    prepared = preparation.what_is_prepared(settings.home, december)
    with pytest.raises(RefusedError, match="before 2020-12 was over"):
        preparation.sound_preparation(settings.home, december, prepared)


def test_rank_intervals_hold_the_rank(example_run):
    settings, _ = example_run
    with (EXAMPLE / "expected" / "2020-12" / "area_index.csv").open(encoding="utf-8") as lines:
        counties = [row for row in csv.DictReader(lines) if row["level"] == "county"]
    file = settings.home.candidate("2020-12") / "tables" / "county_ranking.parquet"
    found = duckdb.sql(f"select area_code, rank, rank_low, rank_high from '{file}'").fetchall()
    assert len(found) == len(counties)
    assert all(
        1 <= low <= high <= len(counties) and low <= rank <= high for _, rank, low, high in found
    )
