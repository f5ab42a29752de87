"""Cases follow from the log of alerts, whatever its length, and from nothing else."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.alerts.deadlines import Deadlines
from orchestration.alerts.evaluation import evaluation_of
from orchestration.alerts.fold import cases_of, changed_by
from orchestration.alerts.records import ENTRIES, Notified, PassedOver, Silenced
from orchestration.contract.holidays import HOLIDAYS, read_holidays
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import UsageError, VerificationError
from tests.support.alerts import DEADLINES, FIRST, acted, candidate, evaluated, finding, known_of

DAY = timedelta(days=1)
UNIONS = ("U1", "U2", "U3")


def on(day, *findings, **others):
    return candidate(*findings, as_of=FIRST + day * DAY, **others)


def only_case(log):
    (case,) = cases_of(log).values()
    return case


def test_a_case_opens_with_the_first_evaluation_and_closes_with_the_first_without():
    log = evaluated(on(0, finding()), on(1, finding()), on(2))
    case = only_case(log)
    assert (case.opened_on, case.closed_on, case.closed_reason) == (
        FIRST,
        FIRST + 2 * DAY,
        "corrected",
    )
    assert case.state == "closed"


def test_figures_of_an_open_case_move():
    moved = finding(observed=Decimal("44.0000"))
    log = evaluated(on(0, finding()), on(1, moved), on(2, moved))
    assert only_case(log).observed == Decimal("44.0000")
    assert [len(entry.moved) for entry in log] == [0, 1, 0]


def test_a_union_that_is_not_measured_any_more_was_not_corrected():
    log = evaluated(on(0, finding()), on(1, measured=("U2",)))
    assert only_case(log).closed_reason == "not_measured"


def test_a_rule_that_the_methodology_lacks_was_not_corrected():
    log = evaluated(on(0, finding()), on(1, rules=("index_low_yellow",)))
    assert only_case(log).closed_reason == "rule_withdrawn"


@pytest.mark.parametrize(("day", "reopens"), [(28, 1), (27, None)])
def test_a_case_reopens_another_within_three_months(day, reopens):
    log = evaluated(
        candidate(finding(), as_of=FIRST),
        candidate(as_of=date(2020, 11, day)),
        candidate(finding(), as_of=date(2021, 2, 28)),
    )
    case = cases_of(log)[2]
    assert case.reopens == reopens
    assert case.state == ("reopened" if reopens else "open")


def test_rules_by_dimension_are_cases_of_their_own():
    rights = finding(rule="dimension_low_yellow", dimension="rights")
    culture = finding(rule="dimension_low_yellow", dimension="culture")
    log = evaluated(on(0, rights, culture), on(1, culture))
    closed = [case.dimension for case in cases_of(log).values() if case.closed_on]
    assert closed == ["rights"]


def test_states_in_the_order_of_the_work():
    log = evaluated(on(0, finding()))
    told = Notified(notice="n1", cases=(1,))
    done = acted(action="corrected", on=FIRST + DAY, evidence="7")
    states = [
        only_case(log + entries).state
        for entries in ([], [told], [told, acted()], [told, acted(), done])
    ]
    assert states == ["open", "notified", "acknowledged", "corrected"]


def test_the_next_evaluation_says_otherwise():
    done = acted(action="corrected", on=FIRST + 2 * DAY, evidence="7")
    log = [*evaluated(on(0, finding())), done]
    too_early = evaluated(on(1, finding()), log=log)
    assert only_case(too_early).state == "corrected"
    contradicted = evaluated(on(2, finding()), log=too_early)
    assert only_case(contradicted).state == "unconfirmed"
    again = [*contradicted, acted(action="corrected", on=FIRST + 3 * DAY, evidence="8")]
    assert only_case(again).state == "corrected"
    assert only_case(evaluated(on(3), log=again)).state == "closed"


def test_a_silence_leaves_the_state():
    silenced = Silenced(case=1, until=FIRST + DAY, reason="moving house", by="Li Wei")
    case = only_case([*evaluated(on(0, finding())), silenced])
    assert (case.state, case.silenced_until) == ("open", FIRST + DAY)


def test_what_was_passed_over_changes_nothing():
    log = evaluated(on(0, finding()))
    passed_over = PassedOver(period="2020-11", as_of=FIRST, reason="refused")
    assert cases_of([*log, passed_over]) == cases_of(log)


def test_deadlines_are_working_days_and_their_steps_follow():
    case = only_case(evaluated(on(0, finding())))
    assert case.due_on == date(2020, 11, 20)
    steps = {
        day: DEADLINES.step_of(case.due_on, day)
        for day in (
            date(2020, 11, 12),
            date(2020, 11, 13),
            date(2020, 11, 20),
            date(2020, 11, 23),
            date(2020, 12, 4),
            date(2020, 12, 18),
        )
    }
    assert list(steps.values()) == [None, "near_due", "near_due", "reminder", "opinion", "proposal"]


def test_a_step_is_logged_once():
    log = evaluated(on(0, finding()), on(23, finding()), on(24, finding()))
    assert [[each.step for each in entry.stepped] for entry in log] == [[], ["reminder"], []]
    assert only_case(log).step == "reminder"


def with_official_until(year):
    listed = [
        day.model_copy(update={"status": "official" if day.date.year <= year else "projected"})
        for day in read_holidays(HOLIDAYS)
        if day.date.year <= 2027
    ]
    return Deadlines(DEADLINES.rules, DEADLINES.steps, WorkingDays.of(listed))


def test_a_deadline_on_projected_days_says_so_until_they_are_official():
    december = candidate(finding(), as_of=date(2026, 12, 20))
    log = evaluated(december, deadlines=with_official_until(2026))
    assert only_case(log).due_is_projected
    later = candidate(finding(), as_of=date(2026, 12, 21))
    official = evaluated(later, deadlines=with_official_until(2027), log=log)
    assert not only_case(official).due_is_projected
    assert [len(entry.rescheduled) for entry in official] == [0, 1]


def test_a_rule_without_a_deadline_is_told_before_anything_is_written():
    with pytest.raises(UsageError, match="the alert rule strikes has no deadline; add a line"):
        DEADLINES.check_rules(["index_low_red", "strikes"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rule,due_working_days,reopening_months\na,0,3\n", "line 2, column due_working_days"),
        ("rule,due_working_days,reopening_months\na,1,3\na,2,3\n", "named more than once"),
    ],
)
def test_deadlines_are_read_strictly(tmp_path, text, message):
    file = tmp_path / "deadlines.csv"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        Deadlines.read(deadlines=file)


@pytest.mark.parametrize("days", ["5\nb,5", "5\nb,4", "0", "1.5"])
def test_steps_are_read_strictly(tmp_path, days):
    file = tmp_path / "steps.csv"
    lines = [f"{line},x,y\n" for line in f"a,{days}".split("\n")]
    file.write_text("step,working_days,name_zh,name_en\n" + "".join(lines), encoding="utf-8")
    with pytest.raises(UsageError, match=r"steps\.csv"):
        Deadlines.read(steps=file)


def test_a_log_that_names_what_is_not_there_is_damaged():
    with pytest.raises(VerificationError, match="names case 1, which it never opened"):
        cases_of([acted()])
    twice = evaluated(on(0, finding()))
    with pytest.raises(VerificationError, match="opens case 1 twice"):
        cases_of(twice * 2)


@st.composite
def histories(draw):
    """For some days the unions whose index is low, and reports of correction in between."""
    days = draw(st.lists(st.sets(st.sampled_from(UNIONS)), min_size=1, max_size=8))
    reports = draw(st.lists(st.sampled_from(UNIONS), max_size=3))
    return days, reports


def log_of(days, reports):
    """The log of a history: each report after the evaluation of its place, if its case is open."""
    log = []
    for number, unions in enumerate(days):
        log = evaluated(on(number, *map(finding, sorted(unions))), log=log)
        open_cases = {key[0]: case for key, case in known_of(cases_of(log)).open_cases.items()}
        for union in reports[number : number + 1]:
            if union in open_cases:
                day = FIRST + (number + 1) * DAY
                number_of_case = open_cases[union].number
                log.append(acted(number_of_case, "corrected", on=day, evidence="7"))
    return log


def runs_of(days, union):
    """The unbroken runs of days on which a union's index was low: first day and first day after."""
    runs, day = [], 0
    for is_low, group in groupby(days, key=lambda unions: union in unions):
        length = len(list(group))
        end = day + length
        if is_low:
            runs.append((FIRST + day * DAY, FIRST + end * DAY if end < len(days) else None))
        day = end
    return runs


@given(histories())
def test_cases_are_the_unbroken_runs(history):
    days, reports = history
    cases = cases_of(log_of(days, reports)).values()
    for union in UNIONS:
        found = [(case.opened_on, case.closed_on) for case in cases if case.union_id == union]
        assert found == runs_of(days, union)


@given(histories())
def test_any_prefix_and_a_replay_give_the_same_cases(history):
    log = [ENTRIES.validate_json(ENTRIES.dump_json(entry)) for entry in log_of(*history)]
    cases = {}
    for length, entry in enumerate(log, start=1):
        cases |= changed_by(entry, cases)
        assert cases == cases_of(log[:length])


@given(histories(), st.randoms(use_true_random=False))
def test_the_order_within_an_evaluation_does_not_matter(history, random):
    log = log_of(*history)
    shuffled = [
        entry.model_copy(
            update={
                name: tuple(random.sample(value, len(value)))
                for name, value in entry
                if isinstance(value, tuple)
            }
        )
        for entry in log
    ]
    assert cases_of(shuffled) == cases_of(log)


@given(histories())
def test_one_evaluation_of_the_end_opens_what_many_left_open(history):
    days, reports = history
    end = on(len(days) - 1, *map(finding, sorted(days[-1])))
    at_once = cases_of([evaluation_of(end, known_of({}), DEADLINES)])
    in_steps = known_of(cases_of(log_of(days, reports))).open_cases
    assert {case.key for case in at_once.values()} == set(in_steps)
