"""A verdict passes only when every required check executed and passed."""

from datetime import date

import pytest
import yaml
from jinja2 import Environment, StrictUndefined

from orchestration.settings import DBT_PROJECT
from quality.publication import published_tables
from quality.queries import limits, queries
from quality.suites import expectations
from quality.verdict import CheckResult, decide, overridable_checks, required_checks, required_lists

REQUIRED = {"a": "stop", "b": "stop", "c": "warn"}


def results(**changed):
    return [changed.get(name, CheckResult(name, passed=True, observed="")) for name in REQUIRED]


def test_all_passed():
    passed, listed = decide(results(), REQUIRED)
    assert passed
    assert [check.name for check in listed] == ["a", "b", "c"]


def test_a_failed_stop_refuses_and_a_failed_warning_does_not():
    assert not decide(results(a=CheckResult("a", passed=False, observed="")), REQUIRED)[0]
    assert decide(results(c=CheckResult("c", passed=False, observed="")), REQUIRED)[0]


def test_a_missing_check_refuses_and_is_named():
    passed, listed = decide(results()[1:], REQUIRED)
    assert not passed
    assert listed[0].observed == "did not report"


def test_a_check_that_did_not_execute_refuses():
    assert not decide(
        results(a=CheckResult("a", passed=True, observed="", executed=False)), REQUIRED
    )[0]


def test_an_unlisted_failure_refuses():
    assert not decide([*results(), CheckResult("d", passed=False, observed="")], REQUIRED)[0]


def test_nothing_required_refuses():
    assert not decide([], {})[0]


def test_a_check_reports_once():
    with pytest.raises(ValueError, match="twice"):
        decide([*results(), *results()], REQUIRED)


def data_tests():
    """Names of the data tests of the dbt project, wherever they stand in its files."""
    for file in (DBT_PROJECT / "models").rglob("*.yml"):
        for model in yaml.safe_load(file.read_text(encoding="utf-8")).get("models", []):
            for place in (model, *model["columns"]):
                for test in place.get("data_tests", []):
                    yield next(iter(test.values()))["name"]


def test_every_check_is_required():
    names = {name for table in published_tables() for name in expectations(table)} | set(queries())
    names |= {f"warehouse.{name}" for name in data_tests()}
    beside = {
        "holidays.official",
        "holidays.projected",
        "holidays.unchanged",
        "landing.unchanged",
        "methodology.approved",
        "methodology.unchanged",
        "predecessor.stored",
    }
    assert set(required_checks()) == names | beside


def test_every_check_is_listed_once_and_in_order():
    lists = required_lists()
    assert list(lists) == ["stop", "stop_unless_overridden", "warn"]
    assert all(names == sorted(names) for names in lists.values())
    assert len(required_checks()) == sum(map(len, lists.values()))


def test_only_what_judges_likelihood_may_be_overridden():
    assert overridable_checks()
    assert {name for name in overridable_checks() if not name.startswith("plausibility.")} == {
        "rows.refused_share"
    }
    assert {required_checks()[name] for name in overridable_checks()} == {"stop"}
    _, listed = decide(results(), REQUIRED, {"b"})
    assert [check.override for check in listed] == ["none", "allowed", "none"]


def test_every_threshold_has_its_reason_and_date():
    assert set(limits()) <= set(queries())
    for name, figures in limits().items():
        assert figures.get("threshold", 1) > 0, name
        assert len(figures["reason"]) > 40, name
        assert isinstance(figures["since"], date), name


def test_no_query_names_a_figure_that_is_not_set():
    templates = Environment(undefined=StrictUndefined, autoescape=True)
    for name, query in queries().items():
        assert query.startswith("-- "), name
        templates.from_string(query).render(limits().get(name, {}))
