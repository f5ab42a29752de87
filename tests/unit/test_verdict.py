"""A verdict passes only when every required check executed and passed."""

import pytest

from quality.verdict import CheckResult, decide, required_checks

REQUIRED = {"a": "stop", "b": "stop", "c": "warn"}


def results(**changed):
    return [changed.get(name, CheckResult(name, passed=True, observed="")) for name in REQUIRED]


def test_all_passed():
    passed, listed = decide(results(), REQUIRED)
    assert passed
    assert [check["name"] for check in listed] == ["a", "b", "c"]


def test_a_failed_stop_refuses_and_a_failed_warning_does_not():
    assert not decide(results(a=CheckResult("a", passed=False, observed="")), REQUIRED)[0]
    assert decide(results(c=CheckResult("c", passed=False, observed="")), REQUIRED)[0]


def test_a_missing_check_refuses_and_is_named():
    passed, listed = decide(results()[1:], REQUIRED)
    assert not passed
    assert listed[0]["observed"] == "did not report"


def test_a_check_that_did_not_execute_refuses():
    assert not decide(results(a=CheckResult("a", passed=True, observed="", executed=False)), REQUIRED)[0]


def test_an_unlisted_failure_refuses():
    assert not decide([*results(), CheckResult("d", passed=False, observed="")], REQUIRED)[0]


def test_nothing_required_refuses():
    assert not decide([], {})[0]


def test_a_check_reports_once():
    with pytest.raises(ValueError, match="twice"):
        decide([*results(), *results()], REQUIRED)


def test_every_check_of_the_suites_is_required():
    from quality.reconcile import RECONCILIATIONS
    from quality.suites import SUITES, expectations

    names = {name for table in SUITES for name in expectations(table)} | {check.name for check in RECONCILIATIONS}
    assert names <= set(required_checks())
    assert set(required_checks()) - names == {"methodology.unchanged", "predecessor.stored"}
