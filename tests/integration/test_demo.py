"""`uhi demo` at full size.

Its release shows what the newspaper of December 2020 reports, and everything that a reader should
meet.
"""

from itertools import pairwise

import dagster as dg
import duckdb
import pytest

from orchestration.alerts.outbox import counts
from orchestration.alerts.store import opened
from orchestration.contract.methodology import load_methodology
from orchestration.demo.demonstration import APPROVERS, demo_keys, demonstrate
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.release import bundle
from orchestration.settings import METHODOLOGY, Settings
from orchestration.signatures import approvals

pytestmark = pytest.mark.drill
REPORTED = {"linked": "14900", "sampling_rate": "72.3", "health_index": "89.2"}
RIGHTS = "85.44"
DIMENSIONS = 4
SPREAD_INDICATORS = 12


def show(folder):
    demonstrate(Settings(home=folder / "home"), lambda _: None)


@pytest.fixture(scope="module")
def release(prebuilt):
    [folder] = (prebuilt("demo", show) / "home" / "releases" / "2020-12").glob("r1")
    return folder


def ask(release, query):
    return duckdb.sql(query.replace("{}", str(release / "internal"))).fetchall()


def test_the_reported_figures(release):
    [city] = ask(
        release,
        (
            "select linked, round(sampling_rate, 1), round(health_index, 1)"
            " from '{}/area_index.parquet' where level = 'city'"
        ),
    )
    assert [str(value) for value in city] == list(REPORTED.values())
    rates = dict(
        ask(
            release,
            (
                "select dimension, round(rate, 2) from '{}/area_dimension.parquet'"
                " where area_code = '3303'"
            ),
        )
    )
    assert str(rates["rights"]) == RIGHTS
    assert min(rates, key=rates.get) == "rights"


def test_everything_is_met(release):
    rules = {
        row["rule"] for row in load_methodology(METHODOLOGY, Period(2020, 12)).tables["alert_rules"]
    }
    assert {
        rule for (rule,) in ask(release, "select distinct rule from '{}/alert.parquet'")
    } == rules
    assert len(ask(release, "select distinct health_code from '{}/union_index.parquet'")) == 3
    assert len(ask(release, "select distinct status from '{}/union_indicator.parquet'")) == 3
    assert ask(release, "select count(distinct health_index) from '{}/county_ranking.parquet'") == [
        (12,)
    ]
    events = "opened, resumed, converted, relocated, suspended, merged, closed"
    [counts] = ask(
        release, f"select {events} from '{{}}/population_change.parquet' where area_code = '3303'"
    )
    assert all(count > 0 for count in counts)


def test_counties_differ_in_strength_by_dimension(release):
    orders = ask(
        release,
        (
            "select list(area_code order by rate desc) from '{}/area_dimension.parquet'"
            " join '{}/county_ranking.parquet' using (area_code) group by dimension"
        ),
    )
    leaders = {order[0] for (order,) in orders}
    assert len({tuple(order) for (order,) in orders}) == DIMENSIONS
    assert len(leaders) > 1


def are_alike(above, below):
    """Whether two counties overlap in their rank intervals, and within two standard errors."""
    index, low, high, variance = above
    next_index, next_low, next_high, next_variance = below
    difference = float(index - next_index)
    return next_low <= high and low <= next_high and difference**2 < 4 * (variance + next_variance)


def test_neighbours_in_the_ranking_cannot_be_told_apart(release):
    """Neither by varied weights nor by which of their unions are linked."""
    ranked = ask(
        release,
        (
            "select any_value(counties.health_index), any_value(rank_low), any_value(rank_high),"
            " (1 - any_value(sampling_rate) / 100) * var_samp(unions.health_index) / count(*)"
            " from '{}/county_ranking.parquet' as counties"
            " join '{}/union_index.parquet' as unions on county_code = area_code"
            " group by area_code order by any_value(rank)"
        ),
    )
    alike = [are_alike(above, below) for above, below in pairwise(ranked)]
    assert sum(alike) >= 2


def test_ranks_move_from_month_to_month(release):
    rankings = Home(release.parents[2]).candidates / "*" / "tables" / "county_ranking.parquet"
    moved = duckdb.sql(
        f"select distinct period from '{rankings}' where rank <> previous_rank order by period"
    )
    assert moved.fetchall() == [("2020-11",), ("2020-12",)]


def test_scores_are_spread(release):
    """In most indicators fewer than half of the unions that it concerns have full marks."""
    shares = dict(
        ask(
            release,
            (
                "select indicator, 100.0 * count(*) filter (score = 100) / count(score)"
                " from '{}/union_indicator.parquet' group by indicator"
            ),
        )
    )
    assert len([share for share in shares.values() if share < 50]) >= SPREAD_INDICATORS


def test_health_codes_are_plausible(release):
    codes = dict(
        ask(
            release,
            (
                "select health_code, 100 * count(*) / sum(count(*)) over ()"
                " from '{}/union_index.parquet' group by health_code"
            ),
        )
    )
    assert codes["red"] < 8
    assert codes["yellow"] < 30


def test_alerts_were_followed_up(release):
    with opened(Settings(home=release.parents[2])) as store:
        store.check()
        cases = store.cases()
        sent = counts(store)
    states = {case.state for case in cases}
    assert {"notified", "acknowledged", "unconfirmed", "closed"} <= states
    assert any(case.closed_on and case.corrected_on for case in cases)
    assert any(case.step == "proposal" and case.acknowledged_at is None for case in cases)
    assert any(case.reopens for case in cases)
    notices = list((release.parents[2] / "demo" / "notices").iterdir())
    assert sent == {"sent": len(notices)}
    assert len(notices) == 3 * 12


def test_the_release_says_that_it_is_synthetic(release):
    for page in ("public/index.html", "internal/index.html", "manifest.json"):
        text = (release / page).read_text(encoding="utf-8")
        assert "合成数据" in text
        assert "Synthetic data" in text


def test_the_release_is_approved_with_keys_that_are_made_once_and_count_for_nothing_else(release):
    home = release.parents[2]
    keys = demo_keys(home / "demo")
    assert [entry.by for entry in approvals.approvals_in(release)] == list(APPROVERS)
    bundle.verify(release, keys / "allowed_signers")
    assert not Settings(home=home).home.signers.exists()


def test_dagster_shows_what_the_demonstration_did(release):
    months = {"2020-10", "2020-11", "2020-12"}
    with dg.DagsterInstance.from_config(str(Home(release.parents[2]).dagster)) as instance:
        for key in (["landing", "member"], ["index", "int_index"], ["candidate", "candidate"]):
            assert instance.get_materialized_partitions(dg.AssetKey(key)) == months
        for key in (["release", "prepared"], ["release", "published"]):
            assert instance.get_materialized_partitions(dg.AssetKey(key)) == {"2020-12"}
