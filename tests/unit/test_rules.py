"""The rules of releases: each is in a list, and each of a candidate's can speak against it."""

import inspect
from types import ModuleType

import pytest

from orchestration.home.events import Judged
from orchestration.home.layout import Home
from orchestration.periods import Period
from orchestration.release.rules import approved, judgement, prepared, requested
from orchestration.release.rules.judgement import PREPARATION, STALE_VERDICT, Judgement
from orchestration.release.rules.requested import TO_BE_GIVEN, RequestedRelease
from orchestration.release.rules.rule import reasons_against
from tests.support import ledgers
from tests.support.records import check, verdict

DECEMBER = Period(2020, 12)
JUDGED = Judged(
    period="2020-12",
    passed=True,
    provisional=False,
    at="2021-01-02T00:00:00+00:00",
    digest="1" * 64,
)


def of(home, **changes):
    return Judgement(Home(home), DECEMBER, verdict(**changes), "0" * 64, (), JUDGED)


def rules_in(module: ModuleType) -> set[str]:
    """The functions of one argument, a state, that a module defines."""
    return {
        name
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__
        and function.__annotations__["return"] == str | None
    }


@pytest.mark.parametrize("module", [judgement, requested, prepared, approved])
def test_each_rule_is_in_a_list(module):
    lists = [each for each in vars(module).values() if isinstance(each, tuple)]
    assert rules_in(module) <= {rule.__name__ for each in lists for rule in each}
    assert rules_in(module)


def test_a_list_gives_the_reasons_of_its_rules_in_their_order(tmp_path):
    state = of(tmp_path, checks=[check("a", "3 rows", passed=False), check("b", passed=False)])
    reasons = reasons_against(PREPARATION, state)
    assert reasons[:3] == [
        "the check a did not pass: 3 rows; the check b did not pass: ",
        "its verdict is not passed",
        "its verdict is not the latest one that the ledger records",
    ]
    assert reasons_against((), state) == []


def test_a_verdict_is_stale_for_each_thing_that_has_changed(tmp_path):
    state = of(tmp_path, period="2020-11", provisional=True, predecessor={"alert": "0" * 64})
    reasons = reasons_against(STALE_VERDICT, state)
    assert reasons[:3] == [
        "its verdict is of 2020-11",
        "it is provisional, as of 2020-11-30",
        "the list of required checks has changed",
    ]
    assert reasons[3].startswith("its verdict lacks the required check ")
    assert reasons[4:] == [
        "the methodology has changed",
        "the calendar of holidays up to 2020-11-30 has changed; run 2020-12 again",
        "its verdict is of other tables",
        (
            "the month before is not the one it was built on (2020-11 is not stored); "
            "run 2020-12 again"
        ),
    ]


def test_what_is_still_to_be_given(tmp_path):
    calendar = tmp_path / "release_calendar.csv"
    calendar.write_text("period,kind,release_time,announced_on\n", encoding="utf-8")
    ledgers.publish(tmp_path, Home(tmp_path).release(DECEMBER, "r1"), DECEMBER, "r1")
    requested_release = RequestedRelease(of(tmp_path, provisional=True), None)
    assert reasons_against(TO_BE_GIVEN, requested_release) == [
        "the month is not over: its candidate is provisional",
        f"a row in {calendar} that says when it is released",
        "the kind and reason of a further release, with the job `preparation`",
    ]
    calendar.write_text(
        "period,kind,release_time,announced_on\n"
        "2020-12,annual,2021-01-20T10:00:00+08:00,2020-12-21\n",
        encoding="utf-8",
    )
    assert reasons_against(TO_BE_GIVEN, RequestedRelease(of(tmp_path), "revision")) == []
