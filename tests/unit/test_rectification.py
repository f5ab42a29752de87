"""The platform's rows about alerts: which are taken, which are kept out and why, each once."""

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.alerts import acting
from orchestration.alerts.records import Acted
from orchestration.alerts.rectification.taking import NO_CASE, take
from tests.support.alerts import FIRST, acted, candidate, evaluated, finding, store_of
from tests.support.rectification import landed, row

DAY = timedelta(days=1)
TODAY = FIRST + 9 * DAY
LOG = evaluated(candidate(finding("U1"), finding("U2")))
NOTHING = {"opened": (), "moved": (), "closed": (), "stepped": ()}
CORRECTED = {"action": "corrected", "corrected_on": FIRST + DAY, "evidence_number": "A-7"}


def taken(store, folder, *rows, day=TODAY, **others):
    """The reasons by the id of the rows that an evaluation keeps out."""
    file = landed(Path(folder) / "rectification.parquet", rows, **others)
    kept_out = take(store, file, day)
    store.append(store.last_evaluated().model_copy(update=NOTHING | {"kept_out": kept_out}))
    return {each.row: each.reason for each in kept_out}


def actions(store):
    return [entry for entry in store.entries() if isinstance(entry, Acted)]


def test_rows_become_actions_of_their_case_in_the_order_of_their_days(tmp_path):
    with store_of(LOG) as store:
        rows = (
            row("R3", **CORRECTED, acted_on=FIRST + 3 * DAY, remark="signed"),
            row("R2", action="planned", planned_on=FIRST + 5 * DAY, acted_on=FIRST + 2 * DAY),
            row("R1", acted_on=FIRST + DAY),
        )
        assert taken(store, tmp_path, *rows) == {}
        assert [(each.origin, each.door) for each in actions(store)] == [
            ("R1", "platform"),
            ("R2", "platform"),
            ("R3", "platform"),
        ]
        case = store.case(1)
        assert (case.union_id, case.state, case.evidence) == ("U1", "corrected", "A-7")
        assert case.planned_on == FIRST + 5 * DAY
        store.check()


def test_the_same_row_twice_is_nothing_new_and_a_changed_one_is(tmp_path):
    with store_of(LOG) as store:
        plan = row("R1", action="planned", planned_on=FIRST + 5 * DAY)
        for _ in range(2):
            assert taken(store, tmp_path, plan, plan) == {}
        store.append(acted(1, "planned", on=FIRST + 7 * DAY))
        assert taken(store, tmp_path, plan) == {}
        assert store.case(1).planned_on == FIRST + 7 * DAY
        taken(store, tmp_path, plan | {"planned_on": str(FIRST + 6 * DAY)})
        assert store.case(1).planned_on == FIRST + 6 * DAY


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({"union": "U3"}, NO_CASE),
        ({"rule": "index_low_yellow"}, NO_CASE),
        ({"dimension": "rights"}, NO_CASE),
        ({"acted_on": FIRST - DAY}, NO_CASE),
        ({"acted_on": TODAY + DAY}, "its day is not past"),
        ({**CORRECTED, "evidence_number": None}, "a correction needs the number of its evidence."),
        ({"action": "planned"}, "planned needs its day."),
        ({"action": "closed"}, "enumeration: action"),
        ({"evidence_number": "A-7"}, "predicate: evidence_number is of corrected alone"),
        ({"number": None}, "null: rectification_id"),
        ({"remark": "call 138 1234 5678"}, "the remark has a mobile phone number; leave it out."),
    ],
)
def test_what_fits_no_case_or_breaks_a_rule_is_kept_out_and_told_by_its_id(
    tmp_path, others, reason
):
    with store_of(LOG) as store:
        found = taken(store, tmp_path, row(**others), row("R2", "U2"))
        assert found == {others.get("number", "R1") or "without an id": reason}
        assert [each.case for each in actions(store)] == [2]


def test_a_row_that_extraction_refused_and_an_id_for_two_rows_are_kept_out(tmp_path):
    with store_of(LOG) as store:
        fault = ("personal", "remark")
        assert taken(store, tmp_path, row(), fault=fault) == {"R1": "personal: remark"}
        two = (row(remark="one"), row(remark="two"))
        assert taken(store, tmp_path, *two)["R1"].startswith("duplicate: ")
        assert actions(store) == []


def test_a_row_of_a_closed_case_does_not_reach_the_one_that_reopens(tmp_path):
    log = evaluated(candidate(as_of=FIRST + 2 * DAY), log=LOG)
    log = evaluated(candidate(finding("U1"), as_of=FIRST + 4 * DAY), log=log)
    with store_of(log) as store:
        assert taken(store, tmp_path, row(acted_on=FIRST + DAY)) == {"R1": NO_CASE}
        assert taken(store, tmp_path, row("R2", acted_on=FIRST + 4 * DAY)) == {}
        assert [each.case for each in actions(store)] == [3]


def test_no_row_closes_a_case(tmp_path):
    with store_of(LOG) as store:
        taken(store, tmp_path, row(**CORRECTED))
        assert store.case(1).closed_on is None


ROWS = [
    row("R1"),
    row("R2", action="planned", planned_on=FIRST + 5 * DAY),
    row("R3", **CORRECTED),
    row("R4", "U2", "remarked", remark="under way"),
    row("R5", "U3"),
    row("R6", "U2", "corrected"),
]
COMMANDS = [
    acted(1, "planned", on=TODAY + DAY),
    acted(2),
    acted(1, "corrected", on=FIRST + 2 * DAY, evidence="B-1"),
]
DOORS = st.lists(
    st.one_of(st.sampled_from(COMMANDS), st.permutations(ROWS), st.just([*ROWS, *ROWS])),
    min_size=1,
    max_size=5,
)


@settings(max_examples=25, deadline=None)
@given(DOORS)
def test_in_whatever_order_doors_are_used_each_row_is_taken_once(given_in_order):
    with store_of(LOG) as store, tempfile.TemporaryDirectory() as folder:
        told = []
        for each in given_in_order:
            if isinstance(each, Acted):
                acting.act(store, each, TODAY)
            else:
                told += taken(store, folder, *each)
        told += taken(store, folder, *ROWS)
        origins = [each.origin for each in actions(store) if each.door == "platform"]
        assert sorted(origins) == ["R1", "R2", "R3", "R4"]
        assert sorted(told) == ["R5", "R6"]
        store.check()
