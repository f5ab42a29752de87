"""What is taken of sheets that come back, and what is refused of them."""

import hashlib
import io
import random
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from orchestration.alerts import acting
from orchestration.alerts.fold import cases_of
from orchestration.alerts.records import HandedIn
from orchestration.alerts.sheets.taking import format_taken, sheets_in
from orchestration.errors import UsageError
from tests.support.alerts import FIRST, acted, candidate, evaluated, finding, store_of
from tests.support.sheets import (
    FINDINGS,
    FIRST_ROW,
    HEADS,
    LETTERS,
    NAMES,
    NOW,
    PHONE,
    edited,
    exported,
    fill,
    log_of,
    refusals,
    said_by,
)

FILLINGS = st.fixed_dictionaries(
    {},
    optional={
        "acknowledged": st.just("是"),
        "planned_on": st.dates(NOW, NOW + timedelta(days=400)),
        "correction": st.tuples(
            st.dates(FIRST, NOW), st.from_regex(r"[A-Z]{2}-[0-9]{1,6}", fullmatch=True)
        ),
        "remark": st.text("合同已签订，待盖章 abc=+-@,", min_size=1).map(str.strip).filter(bool),
    },
)
ACTIONS = {
    "acknowledged": lambda value: ("acknowledged", None, None, None) if value else None,
    "planned_on": lambda value: ("planned", value, None, None),
    "correction": lambda value: ("corrected", *value, None),
    "remark": lambda value: ("remarked", None, None, " ".join(value.split())),
}


def cells_of(row, filling):
    for name, value in filling.items():
        if name == "correction":
            yield row, "corrected_on", value[0]
            yield row, "evidence", value[1]
        else:
            yield row, name, value


@settings(max_examples=25, deadline=None)
@given(first=FILLINGS, second=FILLINGS)
def test_what_is_filled_in_comes_back_as_actions(tmp_path_factory, first, second):
    with store_of(log_of()) as store:
        file = exported(store, tmp_path_factory.mktemp("sheets"))
        fill_as_text(file, [*cells_of(0, first), *cells_of(1, second)])
        taken = said_by(store, [file])
        assert taken.refused == []
        found = [
            (each.case, each.action, each.on, each.evidence, each.remark) for each in taken.actions
        ]
        assert found == [
            (case, *ACTIONS[name](filling[name]))
            for case, filling in ((1, first), (2, second))
            for name in ACTIONS
            if name in filling
        ]
        assert {(each.by, each.door) for each in taken.actions} <= {("Li Wei", "sheet")}
        length = len(list(store.entries()))
        assert said_by(store, [file]).actions == []
        assert len(list(store.entries())) == length
        assert store.check() == length


def fill_as_text(file, cells):
    """Fill cells in as somebody types into cells of text, which takes nothing for a formula."""
    book = load_workbook(file)
    for row, name, value in cells:
        cell = book.active[f"{LETTERS[name]}{FIRST_ROW + row}"]
        cell.value = value
        if isinstance(value, str):
            cell.data_type = "s"
    book.save(file)


def test_an_empty_sheet_says_nothing(store, file):
    taken = said_by(store, [file])
    assert (taken.actions, taken.refused, taken.nothing_new) == ([], [], 0)
    assert store.check() == 1


REMARKED = (0, "remark", "contract signed")


@pytest.mark.parametrize(
    ("cell", "column", "reason"),
    [
        ((0, "number", 9), "number", "exported without such a case"),
        ((0, "number", "1 "), "number", "exported without such a case"),
        ((0, "number", None), "number", "exported without such a case"),
        ((0, "number", 3), "number", "exported without such a case"),
        ((0, "number", 2), "union_id", "not what the sheet was exported with"),
        ((0, "union_id", "U2"), "union_id", "not what the sheet was exported with"),
        ((0, "union_name", "U1 Work"), "union_name", "not what the sheet was exported with"),
        ((0, "observed", 61.5), "observed", "not what the sheet was exported with"),
        ((0, "observed", None), "observed", "not what the sheet was exported with"),
        ((0, "threshold", "50 or so"), "threshold", "not what the sheet was exported with"),
        ((0, "opened_on", date(2020, 11, 1)), "opened_on", "not what the sheet was exported with"),
        ((0, "due_on", date(2020, 12, 20)), "due_on", "not what the sheet was exported with"),
        ((0, "due_on", "soon"), "due_on", "not what the sheet was exported with"),
        ((0, "union_id", 1), "union_id", "codes must be text cells"),
        ((0, "state", "=1+1"), "state", "a formula or an error value"),
        ((0, "evidence", "=1+1"), "evidence", "a formula or an error value"),
        ((0, "acknowledged", "yes"), "acknowledged", "是 or nothing is due"),
        ((0, "planned_on", "soon"), "planned_on", "a day is due, written YYYY-MM-DD"),
        ((0, "planned_on", "2020-02-30"), "planned_on", "a day is due, written YYYY-MM-DD"),
        ((0, "planned_on", "5"), "planned_on", "a day is due, written YYYY-MM-DD"),
        ((0, "planned_on", 5), "planned_on", "1900-01-05 is past"),
        ((0, "planned_on", FIRST), "planned_on", "a plan is for today or later"),
        ((0, "corrected_on", FIRST), "evidence", "needs the number of its evidence"),
        ((0, "evidence", "A-7"), "corrected_on", "needs the day of the correction"),
        ((0, "remark", f"call {PHONE}"), "remark", "the remark has a mobile phone number"),
        ((0, "remark", "x" * 501), "remark", "at most 500 are allowed"),
        ((0, "remark", "a\u200bb"), "remark", r"hidden character U+200B"),
    ],
)
def test_a_row_that_was_changed_is_refused_and_the_rest_is_taken(store, file, cell, column, reason):
    row, name, value = cell
    cells = [REMARKED, (1, "acknowledged", "是")]
    taken = said_by(store, [fill(file, *cells, (row, name, value))])
    [(found, where, why)] = refusals(taken)
    assert (found, where) == (FIRST_ROW, HEADS[column])
    assert reason in why
    assert PHONE not in "".join(format_taken(taken))
    assert [(each.case, each.action) for each in taken.actions] == [(2, "acknowledged")]
    assert store.case(1).state == "open"


@pytest.mark.parametrize(
    ("name", "value"), [("number", 3), ("observed", 61.5), ("due_on", date(2020, 12, 20))]
)
def test_a_row_that_was_changed_is_refused_though_nothing_is_filled_in(store, file, name, value):
    taken = said_by(store, [fill(file, (0, name, value), (1, "acknowledged", "是"))])
    assert [refusal[:2] for refusal in refusals(taken)] == [(FIRST_ROW, HEADS[name])]
    assert [each.case for each in taken.actions] == [2]


def test_a_correction_in_the_future_or_before_the_case_is_refused(store, file):
    for day in (NOW + timedelta(days=1), FIRST - timedelta(days=1)):
        fill(file, (0, "corrected_on", day), (0, "evidence", "A-7"))
        [(_, column, _)] = refusals(said_by(store, [file]))
        assert column == HEADS["corrected_on"]


def test_a_row_is_taken_whole_or_not_at_all(store, file):
    fill(file, (0, "acknowledged", "是"), (0, "remark", PHONE))
    assert said_by(store, [file]).actions == []
    assert store.case(1).acknowledged_at is None


def test_a_case_that_is_there_twice_is_refused_the_second_time(store, file):
    book = load_workbook(file)
    for name in NAMES:
        source = book.active[f"{LETTERS[name]}{FIRST_ROW}"]
        book.active[f"{LETTERS[name]}{FIRST_ROW + 2}"] = source.value
        book.active[f"{LETTERS[name]}{FIRST_ROW + 2}"].number_format = source.number_format
    book.save(file)
    fill(file, REMARKED, (2, "remark", "contract not signed"))
    taken = said_by(store, [file])
    assert refusals(taken) == [(FIRST_ROW + 2, HEADS["number"], "the case is there twice.")]
    assert store.case(1).remark == "contract signed"


def test_what_stands_beside_the_sheet_is_refused(store, file):
    book = load_workbook(file)
    book.active[f"Q{FIRST_ROW}"] = "see above"
    book.save(file)
    [(row, column, reason)] = refusals(said_by(store, [file]))
    assert (row, column) == (FIRST_ROW, "Q")
    assert reason == "nothing is to be written beside the sheet."


def test_figures_that_moved_since_the_export_are_no_forgery(store, file):
    moved = (finding("U1", observed=Decimal("44.0000")), *FINDINGS[1:])
    for entry in evaluated(
        candidate(*moved, as_of=FIRST + timedelta(days=1)), log=list(store.entries())
    )[1:]:
        store.append(entry)
    assert store.case(1).observed == Decimal("44.0000")
    assert len(said_by(store, [fill(file, REMARKED)]).actions) == 1
    again = exported(store, file.parent)
    assert again != file
    fill(again, (0, "observed", 51.525), (0, "remark", "as before"))
    [(_, column, _)] = refusals(said_by(store, [again]))
    assert column == HEADS["observed"]


def closing(store):
    """Let the next figures close the county's cases."""
    log = list(store.entries())
    later = evaluated(candidate(FINDINGS[2], as_of=FIRST + timedelta(days=2)), log=log)
    store.append(later[-1])


def test_a_case_that_was_closed_since_is_refused_unless_nothing_is_new(store, file):
    fill(file, REMARKED)
    assert len(said_by(store, [file]).actions) == 1
    closing(store)
    assert refusals(said_by(store, [file])) == []
    fill(file, (1, "acknowledged", "是"))
    taken = said_by(store, [file])
    assert refusals(taken) == [
        (FIRST_ROW + 1, HEADS["number"], "it was closed by the figures as of 2020-11-02.")
    ]
    assert taken.nothing_new == 1


def test_a_file_that_was_read_says_nothing_again_whatever_came_after(store, file, tmp_path):
    older = fill(file, (0, "planned_on", NOW + timedelta(days=10)))
    newer = tmp_path / "newer.xlsx"
    newer.write_bytes(older.read_bytes())
    said_by(store, [older])
    fill(newer, (0, "planned_on", NOW + timedelta(days=20)))
    for actions in (1, 0):
        assert len(said_by(store, [older, newer]).actions) == actions
    assert store.case(1).planned_on == NOW + timedelta(days=20)
    handed_in = [entry for entry in store.entries() if isinstance(entry, HandedIn)]
    assert [entry.sheet for entry in handed_in] == [
        hashlib.sha256(each.read_bytes()).hexdigest() for each in (older, newer)
    ]
    assert {entry.cases for entry in handed_in} == {(1,)}


def test_a_plan_that_is_past_by_now_may_stand_beside_the_correction(store, file):
    fill(file, (0, "planned_on", NOW))
    said_by(store, [file])
    later = NOW + timedelta(days=5)
    fill(file, (0, "corrected_on", later), (0, "evidence", "A-7"))
    taken = said_by(store, [file], later)
    assert [each.action for each in taken.actions] == ["corrected"]
    assert taken.refused == []


def test_a_sheet_of_another_home_is_refused_whole(file, tmp_path):
    with store_of(log_of(finding("U9"))) as other:
        taken = said_by(other, [fill(file, REMARKED)])
    assert taken.actions == []
    [(row, _, reason)] = refusals(taken)
    assert row is None
    assert "not exported from the cases that are kept here" in reason


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda file: file.write_bytes(b"no workbook"), "cannot be read as an Excel workbook"),
        (lambda file: file.write_bytes(file.read_bytes()[:-100]), "cannot be read as an Excel"),
        (lambda file: fill(file, (-2, "union_id", "id")), "no row with the heads of a sheet"),
        (lambda file: fill(file, (2 - FIRST_ROW, "union_id", "1")), "no number of a sheet"),
        (
            lambda file: edited(file, b"<row r=", b'<row hidden="1" r='),
            "show everything, without a filter",
        ),
        (
            lambda file: edited(
                file,
                b"<dataValidations",
                b'<mergeCells count="1"><mergeCell ref="A15:A16"/></mergeCells><dataValidations',
            ),
            "merged cells hold one value",
        ),
    ],
)
def test_what_is_no_sheet_is_refused_and_the_others_are_taken(store, file, spoil, reason):
    good = exported(store, file.parent, "330303")
    fill(good, (0, "acknowledged", "是"))
    spoil(file)
    taken = said_by(store, [file, good])
    [(row, _, why)] = refusals(taken)
    assert row is None
    assert reason in why
    assert [each.case for each in taken.actions] == [3]


def test_a_folder_has_the_sheets_of_counties(store, file):
    (file.parent / "~$330302-2020-10-31.xlsx").write_bytes(b"open")
    (file.parent / "readme.txt").write_bytes(b"x")
    assert sheets_in(file.parent) == [file]
    assert sheets_in(file) == [file]
    with pytest.raises(UsageError, match="is not there"):
        sheets_in(file.parent / "none")
    (file.parent / "empty").mkdir()
    with pytest.raises(UsageError, match="has no workbook"):
        sheets_in(file.parent / "empty")


@pytest.mark.parametrize("ending", [".xls", ".et", ".CSV"])
def test_an_answer_that_was_saved_otherwise_is_told(store, file, ending):
    other = file.with_suffix(ending)
    other.write_bytes(b"x")
    taken = said_by(store, sheets_in(file.parent))
    assert [each.file for each in taken.refused] == [other]
    assert refusals(taken) == [(None, None, "a sheet comes back as .xlsx; save it so.")]


def test_refusals_are_told_in_the_order_of_their_rows(store, file):
    changed = (0, "number", 99)
    formula = (1, "remark", "=1+1")
    taken = said_by(store, [fill(file, changed, formula)])
    assert [row for row, _, _ in refusals(taken)] == [FIRST_ROW, FIRST_ROW + 1]


def test_a_sheet_that_comes_again_has_its_desk_written_again(store, file):
    fill(file, REMARKED)
    for _ in range(2):
        assert said_by(store, [file]).counties == {"330302"}


def test_a_link_is_not_followed(store, file):
    link = file.parent / "link.xlsx"
    link.symlink_to(file)
    [(_, _, reason)] = refusals(said_by(store, [link]))
    assert reason == "is a link, which is not followed; put the file itself there."


def spoilt(content, random):
    """A workbook of which one part has some bytes changed, cut or doubled."""
    members = {}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            members[name] = archive.read(name)
    name = random.choice(sorted(members))
    part = bytearray(members[name])
    for _ in range(random.randint(1, 4)):
        place = random.randrange(max(1, len(part)))
        end = place + random.randint(1, 30)
        part[place:end] = random.choice(
            [b"", b"-1", b"99999999999", b'"', b"<c/>", bytes(part[place:end]) * 2]
        )
    members[name] = bytes(part)
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for each, part in members.items():
            archive.writestr(each, part)
    return file.getvalue()


def test_whatever_is_handed_in_is_read_or_refused(store, file):
    content = fill(file, REMARKED, (1, "planned_on", NOW)).read_bytes()
    chance = random.Random(19)
    outcomes = set()
    for _ in range(100):
        file.write_bytes(spoilt(content, chance))
        taken = said_by(store, [file])
        outcomes.add((bool(taken.refused), bool(taken.actions or taken.nothing_new)))
    assert outcomes >= {(True, False), (False, True)}
    assert store.check() == len(list(store.entries()))
    assert set(cases_of(store.entries())) == {1, 2, 3}


def test_acting_by_command_says_the_same(store, file):
    store.append(acted(1, "planned", on=NOW))
    taken = said_by(store, [fill(file, (0, "planned_on", NOW))])
    assert (taken.actions, taken.nothing_new) == ([], 1)


def test_what_was_said_may_be_said_again_when_its_day_is_past(store):
    plan = acted(1, "planned", on=NOW)
    acting.act(store, plan, NOW)
    assert acting.act(store, plan, NOW + timedelta(days=1)).planned_on == NOW
    assert store.check() == 2
