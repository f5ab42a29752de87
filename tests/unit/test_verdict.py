"""A verdict passes only when every required check executed and passed."""

import shutil
from datetime import date

import pytest

from orchestration.methodology import load_methodology
from orchestration.periods import Period
from orchestration.settings import METHODOLOGY
from quality.plausibility import CHECKS, LATEST_CHANGE, thresholds
from quality.reconcile import RECONCILIATIONS
from quality.suites import SUITES, expectations
from quality.verdict import CheckResult, approval_of, decide, overridable_checks, required_checks, required_lists

PERIOD = Period(2020, 12)

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


def test_every_check_is_required():
    names = {name for table in SUITES for name in expectations(table)}
    names |= {check.name for check in RECONCILIATIONS} | set(thresholds())
    assert set(required_checks()) == names | {"methodology.approved", "methodology.unchanged", "predecessor.stored"}
    assert set(thresholds()) == {check.name for check in CHECKS} | {LATEST_CHANGE}


def test_every_check_is_listed_once_and_in_order():
    lists = required_lists()
    assert list(lists) == ["stop", "stop_unless_overridden", "warn"]
    assert all(names == sorted(names) for names in lists.values())
    assert len(required_checks()) == sum(map(len, lists.values()))


def test_only_what_judges_likelihood_may_be_overridden():
    assert overridable_checks()
    assert {name for name in overridable_checks() if not name.startswith("plausibility.")} == {"rows.refused_share"}
    assert {required_checks()[name] for name in overridable_checks()} == {"stop"}
    _, listed = decide(results(), REQUIRED, {"b"})
    assert [check["override"] for check in listed] == ["none", "allowed", "none"]


def test_every_limit_has_its_reason_and_date():
    for name, threshold in thresholds().items():
        assert threshold["limit"] > 0, name
        assert len(threshold["reason"]) > 40, name
        assert isinstance(threshold["since"], date), name


def test_the_methodology_is_approved_and_a_swapped_weight_is_not(tmp_path):
    assert approval_of(load_methodology(METHODOLOGY, PERIOD).digest)[0]
    swapped = shutil.copytree(METHODOLOGY, tmp_path / "methodology")
    rows = (swapped / "indicators.csv").read_text(encoding="utf-8").splitlines()
    cells = [row.split(",") for row in rows]
    first = next(row for row in cells[1:] if row[2] == cells[1][2] and row[5] != cells[1][5])
    first[5], cells[1][5] = cells[1][5], first[5]
    (swapped / "indicators.csv").write_text("\n".join(",".join(row) for row in cells) + "\n", encoding="utf-8")
    approved, observed = approval_of(load_methodology(swapped, PERIOD).digest)
    assert not approved
    assert "is not in approved_methodologies.yml" in observed
