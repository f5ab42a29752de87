"""`uhi demo` at full size.

Its release shows what the newspaper of December 2020 reports, and everything that a reader should
meet.
"""

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
