"""Letters about cases that are past their deadline: about which, what they say, and their forms."""

import io
from datetime import date

import docx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.alerts.fold import cases_of
from orchestration.alerts.letters.choosing import Subject, chosen, letter_steps, subject_of
from orchestration.alerts.letters.content import LetterContent
from orchestration.alerts.letters.docx_form import docx_bytes
from orchestration.alerts.letters.pdf_form import pdf_bytes
from orchestration.alerts.records import Due
from orchestration.documents.briefing.content import texts_of
from orchestration.errors import RefusedError, UsageError
from quality.documents import texts_of as texts_in
from tests.support.alerts import DEADLINES, FIRST, acted, candidate, evaluated, finding
from tests.unit.test_alert_notices import NAMES

DIMENSION = {"rule": "dimension_low_yellow", "dimension": "rights"}
FINDINGS = (
    finding("U1", union_name="永嘉电器工会"),
    finding("U1", **DIMENSION, union_name="永嘉电器工会"),
    finding("U2", union_name="东瓯鞋业工会"),
    finding("U3", county_code="330303"),
)
STEPS = letter_steps(DEADLINES.steps)


def cases_as_of(day, *acts):
    log = [*evaluated(candidate(*FINDINGS)), *acts]
    return cases_of(evaluated(candidate(*FINDINGS, as_of=day), log=log))


def letter(subject, step="opinion", *, is_projected=False, cases=None):
    day = date(2020, 12, 4)
    open_cases = (cases or cases_as_of(day)).values()
    return LetterContent(
        subject=subject,
        step=STEPS[step],
        cases=chosen(open_cases, subject, None, DEADLINES)[step],
        as_of=day,
        reply=Due(day=date(2020, 12, 18), is_projected=is_projected),
        city=("温州市", "Wenzhou"),
        names=NAMES,
    )


UNION, COUNTY = Subject("union", "U1"), Subject("county", "330302")


def test_a_letter_follows_from_the_step_that_was_reached():
    cases = cases_as_of(date(2020, 12, 15)).values()
    found = chosen(cases, COUNTY, None, DEADLINES)
    keys = {step: [(case.union_id, case.rule) for case in group] for step, group in found.items()}
    assert keys == {
        "reminder": [("U1", "dimension_low_yellow")],
        "opinion": [("U1", "index_low_red"), ("U2", "index_low_red")],
    }
    assert list(chosen(cases, COUNTY, "opinion", DEADLINES)) == ["opinion"]
    assert list(chosen(cases, Subject("case", "1"), None, DEADLINES)) == ["reminder"]


@pytest.mark.parametrize(
    ("day", "subject", "step", "error", "reason"),
    [
        (FIRST, UNION, None, RefusedError, "the first is reminder, from 2020-11-23"),
        (date(2020, 12, 4), UNION, "reminder", RefusedError, "leave out --step"),
        (date(2020, 12, 4), UNION, "near_due", UsageError, "are reminder, opinion, proposal"),
        (date(2020, 12, 4), Subject("union", "U9"), None, UsageError, "no open case of the union"),
        (date(2020, 12, 4), Subject("case", "99"), None, UsageError, "There is no open case 99;"),
    ],
)
def test_where_no_letter_is_due_it_says_why(day, subject, step, error, reason):
    with pytest.raises(error, match=reason):
        chosen(cases_as_of(day).values(), subject, step, DEADLINES)


@pytest.mark.parametrize("named", [(None, None, None), (1, "U1", None)])
def test_a_letter_is_about_one_thing(named):
    with pytest.raises(UsageError, match="one of --case, --union and --county"):
        subject_of(*named)


def test_a_step_with_a_letter_has_words_for_it():
    other = DEADLINES.steps[-1].model_copy(update={"step": "summons"})
    with pytest.raises(UsageError, match=r"add \[letter_summons\]"):
        letter_steps([other])


def test_a_letter_says_what_holds_and_what_is_due():
    chinese, english = letter(UNION).in_both()
    assert chinese.title == "关于预警事项整改的意见书"
    assert chinese.addressee == "永嘉电器工会："
    assert chinese.number == "编号：意见书-U1-20201204"
    assert chinese.table.rows == [["2", "健康指数过低", "51.5", "≥ 60", "2020-10-31", "2020-11-20"]]
    assert "请于2020-12-18前完成整改" in chinese.demands[1]
    assert chinese.signature == ["温州市总工会（盖章）", "年　　月　　日"]
    assert chinese.copies == "抄送：鹿城区总工会"
    assert english.facts.startswith("As of 2020-12-04")
    assert not any("尚未正式公布" in demand for demand in chinese.demands)
    projected = letter(UNION, is_projected=True).in_both()[0]
    assert any("2020-12-18所依据的工作日安排尚未正式公布" in each for each in projected.demands)


def test_a_letter_claims_no_letter_before_it():
    case = cases_as_of(date(2020, 12, 4))[2]
    assert case.step == "opinion"
    chinese, english = letter(UNION).in_both()
    assert chinese.facts.endswith("有1项健康指数预警超过整改期限已满10个工作日仍未达标，情况如下：")
    assert english.facts.endswith("still hold 10 working days or more after their deadline:")


def test_a_county_is_told_of_its_unions():
    chinese, _ = letter(COUNTY).in_both()
    assert chinese.addressee == "鹿城区总工会："
    assert [row[1] for row in chinese.table.rows] == ["永嘉电器工会 U1", "东瓯鞋业工会 U2"]
    assert chinese.copies is None


def test_both_forms_say_all_of_it_and_the_same_is_the_same_bytes():
    content = letter(COUNTY)
    form, pdf = docx_bytes(content), pdf_bytes(content)
    assert (form, pdf) == (docx_bytes(content), pdf_bytes(content))
    said = set(texts_of(content.in_both())) - {"zh", "en"}
    word = docx.Document(io.BytesIO(form))
    cells = [cell.text for table in word.tables for row in table.rows for cell in row.cells]
    header = word.sections[0].header.paragraphs[0].text
    written = "\n".join([header, *cells, *(each.text for each in word.paragraphs)])
    assert [text for text in said if text not in written] == []
    shown = "".join("".join(texts_in("letter.pdf", pdf)).split())
    assert [text for text in said if "".join(text.split()) not in shown] == []


def test_a_letter_names_no_person_and_no_remark():
    done = [
        acted(2, "corrected", on=FIRST, evidence="A-7"),
        acted(2, "remarked", remark="for the office alone"),
    ]
    content = letter(UNION, cases=cases_as_of(date(2020, 12, 4), *done))
    written = "\n".join(texts_of(content.in_both()))
    assert not any(text in written for text in ("Li Wei", "A-7", "for the office alone"))


@given(st.integers(min_value=0, max_value=90))
def test_each_open_case_is_in_the_letter_of_its_step(days):
    cases = cases_as_of(date.fromordinal(FIRST.toordinal() + 1 + days))
    expected = {case.number: case.step for case in cases.values() if case.step in STEPS}
    found = {}
    for county in ("330302", "330303"):
        try:
            by_step = chosen(cases.values(), Subject("county", county), None, DEADLINES)
        except RefusedError:
            continue
        found |= {case.number: step for step, group in by_step.items() for case in group}
    assert found == expected
