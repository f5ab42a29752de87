"""A methodology that would make a build meaningless is refused before anything is built, by table, row and column."""

import shutil

import pytest

from orchestration.errors import UsageError
from orchestration.methodology import load_methodology
from orchestration.periods import Period
from orchestration.settings import METHODOLOGY

PERIOD = Period(2020, 12)


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(METHODOLOGY, tmp_path / "methodology")


def test_the_shipped_methodology_is_sound():
    assert load_methodology(METHODOLOGY, PERIOD).name == "2020"


@pytest.mark.parametrize(
    ("table", "old", "new", "message"),
    [
        ("dimensions", "organization,1,30", "organization,1,29", "weights sum to 99 instead of 100"),
        ("indicators", "basic,9,percent", "basic,8,percent", "weights of organization sum to 29"),
        ("indicators", "realname_rate,organization", "realname_rate,nowhere", "'nowhere' of realname_rate"),
        ("scoring_knots", "enrolment_rate,60,60", "enrolment_rate,95,60", "enrolment_rate are out of order at 90"),
        ("scoring_knots", "enrolment_rate,60,60", "enrolment_rate,60,160", "is 160"),
        ("scoring_knots", "2020,womens_committee,0,0\n2020,womens_committee,1,100\n", "", "no knots for womens_committee"),
        ("grades", "2020,operating_status,suspended,30\n", "", "grade suspended of operating_status is missing"),
        ("labels", "status,missing,缺报,Missing\n", "", "label missing of status is missing"),
        ("alert_rules", "index,<,75", "index,=,75", "operator '=' of index_low_yellow"),
        ("alert_rules", "violations_overdue,>=,1", "strikes,>=,1", "measure 'strikes'"),
        ("alert_rules", "index,<,75", "index,<,NaN", "threshold of index_low_yellow is 'NaN'"),
        ("methodologies", "2020,2019-01,,12", "2020,2021-01,,12", "0 methodologies match 2020-12"),
        (
            "methodologies",
            "2020,2019-01,,12,5,3,50,10\n",
            "2020,2019-01,,12,5,3,50,10\n2021,2019-01,,12,5,3,50,10\n",
            "2 methodologies match",
        ),
        ("methodologies", ",,12,", ",,0,", "window_months"),
        ("labels", "list,code", "list,kode", "header must be"),
        ("labels", "status,missing,缺报,Missing", "status,missing,,Missing", "row 12: name_zh is empty"),
    ],
)
def test_unsound_methodologies_are_refused(folder, table, old, new, message):
    file = folder / f"{table}.csv"
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        load_methodology(folder, PERIOD)


def test_a_missing_table_is_named(folder):
    (folder / "grades.csv").unlink()
    with pytest.raises(UsageError, match=r"grades\.csv cannot be read"):
        load_methodology(folder, PERIOD)
