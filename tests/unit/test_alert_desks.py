"""The desks of counties: every open case, what it must be, what brings it there, its history."""

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from fontTools.ttLib import TTFont

from orchestration.alerts.desk import refresh
from orchestration.alerts.desk.gains import Gains
from orchestration.alerts.desk.history import condensed, histories
from orchestration.alerts.records import Notified, Silenced
from orchestration.alerts.wording import say, words
from orchestration.build.candidate import methodology_of
from orchestration.home.layout import Home
from orchestration.periods import Period
from tests.support.alerts import FIRST, acted, candidate, evaluated, finding, store_of

DAY = timedelta(days=1)
AT = {"at": datetime(2020, 11, 3, 20, tzinfo=UTC).isoformat()}


def full_log():
    """A log in which all happens to case 1 that can, but that it closes."""
    dimension = finding("U2", rule="dimension_low_yellow", dimension="rights", union_name="<b>")
    log = evaluated(
        candidate(finding(), dimension),
        candidate(finding(observed=Decimal("50.0000")), dimension, as_of=FIRST + DAY),
        candidate(finding(observed=Decimal("49.0000")), dimension, as_of=FIRST + 2 * DAY),
    )
    log += [
        Notified(notice="n1", cases=(1, 2), **AT),
        acted(**AT),
        acted(1, "planned", on=FIRST + 9 * DAY, **AT),
        acted(1, "corrected", on=FIRST + 3 * DAY, evidence="A-7", **AT),
        acted(1, "remarked", remark="for the office alone", **AT),
        Silenced(case=1, until=FIRST + 5 * DAY, reason="moving", by="Li Wei", **AT),
    ]
    late = finding(observed=Decimal("49.0000"))
    return evaluated(candidate(late, dimension, as_of=date(2020, 11, 23)), log=log)


def page_of(log, folder, county="330302", name="index.html"):
    with store_of(log) as store:
        files = refresh(store, Home(folder))
    [file] = [file for file in files if file.parent.name == county]
    return re.sub(r"\s+", " ", file.with_name(name).read_text(encoding="utf-8"))


def test_a_case_tells_what_its_figure_is_and_must_be(tmp_path):
    page = page_of(full_log(), tmp_path)
    assert "<dd>49</dd>" in page
    assert "<dd>≥ 60</dd>" in page
    assert "再提高11即达标。" in page
    assert "数据仍未达标" in page
    assert page.index('id="case-1"') < page.index('id="case-2"')
    assert "维权帮扶" in page
    assert "&lt;b&gt;" in page


@pytest.mark.parametrize("name", ["index.html", "case-1.html"])
def test_a_page_names_no_person_and_no_remark(tmp_path, name):
    page = page_of(full_log(), tmp_path, name=name)
    assert "Li Wei" not in page
    assert "for the office alone" not in page


def test_a_case_has_a_page_with_its_steps_and_its_whole_history(tmp_path):
    page = page_of(full_log(), tmp_path, name="case-1.html")
    assert "15个工作日内" in page
    assert "再提高11即达标。" in page
    assert re.search("提示函.{30,80}已于2020-11-23启动", page)
    assert re.search("意见书.{30,80}自2020-12-04起", page)
    assert "监测值变为50" in page
    assert "监测值变为50" not in page_of(full_log(), tmp_path)
    assert 'href="case-1.html"' in page_of(full_log(), tmp_path)


def test_a_step_says_that_its_day_is_projected(tmp_path):
    log = evaluated(candidate(finding(), as_of=date(2026, 12, 1)))
    page = page_of(log, tmp_path, name="case-1.html")
    assert re.search("建议书[^·]*·[^·]*<small>[^·]*所依据的工作日安排尚未正式公布", page)


def test_a_closed_case_keeps_its_page_as_long_as_it_can_reopen(tmp_path):
    log = evaluated(candidate(finding()), candidate(as_of=FIRST + DAY))
    page = page_of(log, tmp_path, name="case-1.html")
    assert "数据达标，销号" in page
    assert "怎样达标" not in page
    assert "案件号1" in page_of(log, tmp_path)
    later = evaluated(candidate(as_of=date(2021, 2, 2)), log=log)
    assert "案件号1" not in page_of(later, tmp_path)
    assert [file.name for file in (tmp_path / "alerts/desk/330302").iterdir()] == ["index.html"]


def test_the_pages_of_some_counties_alone_can_be_written(tmp_path):
    log = evaluated(candidate(finding("U1"), finding("U2", county_code="330303", union_name="鬯")))
    desks = tmp_path / "alerts" / "desk"
    with store_of(log) as store:
        refresh(store, Home(tmp_path))
        before = (desks / "330303" / "index.html").stat()
        store.append(acted(1, "corrected", on=FIRST, evidence="薏"))
        assert refresh(store, Home(tmp_path), ["330302"]) == [desks / "330302" / "index.html"]
    assert "佐证材料编号薏" in (desks / "330302" / "index.html").read_text(encoding="utf-8")
    assert (desks / "330303" / "index.html").stat() == before
    assert {ord("薏"), ord("鬯")} <= set(TTFont(desks / "regular.ttf").getBestCmap())


def test_history_is_that_of_the_log_with_days_of_the_city():
    found = histories(full_log())
    assert [(event.day, event.what) for event in found[1]] == [
        (FIRST, "opened"),
        (FIRST + DAY, "moved"),
        (FIRST + 2 * DAY, "moved"),
        (date(2020, 11, 4), "notified"),
        (date(2020, 11, 4), "acknowledged"),
        (date(2020, 11, 4), "planned"),
        (date(2020, 11, 4), "corrected"),
        (date(2020, 11, 4), "remarked"),
        (date(2020, 11, 4), "silenced"),
        (date(2020, 11, 23), "stepped"),
        (date(2020, 11, 23), "unconfirmed"),
    ]
    assert condensed(found[1]) == [found[1][0], *found[1][2:]]
    reopened = histories(
        evaluated(
            candidate(finding()),
            candidate(as_of=FIRST + DAY),
            candidate(finding(), as_of=FIRST + 2 * DAY),
        )
    )
    assert [event.what for event in reopened[2]] == ["reopened"]


def test_a_county_whose_cases_closed_has_a_page_that_says_so(tmp_path):
    log = evaluated(candidate(finding()), candidate(as_of=FIRST + DAY))
    page = page_of(log, tmp_path)
    assert "目前没有未销号的预警。" in page
    assert "<article" not in page


def test_pages_are_for_their_owner_alone_and_load_their_font_alone(tmp_path):
    page = page_of(full_log(), tmp_path)
    assert "default-src 'none'" in page
    assert not re.search(r"<script|https?://", page)
    assert re.findall(r"url\((.*?)\)", page) == ['"../regular.ttf"']
    font = TTFont(tmp_path / "alerts" / "desk" / "regular.ttf")
    chinese = {ord(char) for char in page if "\u4e00" <= char <= "\u9fff"}
    assert chinese <= set(font.getBestCmap())
    assert (tmp_path / "alerts" / "desk").stat().st_mode & 0o777 == 0o700
    file = tmp_path / "alerts" / "desk" / "330302" / "index.html"
    assert file.stat().st_mode & 0o777 == 0o600


def test_before_the_first_evaluation_there_is_no_page(tmp_path):
    with store_of([]) as store:
        assert refresh(store, Home(tmp_path)) == []


@pytest.mark.parametrize(
    ("sign", "target"), [("≥", "再提高8.5"), (">", "再提高，且幅度超过8.5"), ("<", "降至低于60")]
)
def test_each_sign_has_its_words(sign, target):
    assert say("target", sign, gap="8.5", threshold="60")[0].startswith(target)


def test_every_word_is_in_both_languages():
    pairs = [pair for group in words().values() for pair in group.values()]
    assert all(len(pair) == 2 and all(pair) for pair in pairs)


def test_most_is_gained_where_most_is_lost():
    methodology = methodology_of(Period.parse("2020-10"))
    rows = methodology.tables["indicators"]
    gains = Gains.of(None, methodology, [])
    assert gains.most("U1") == []
    scores = {row["indicator"]: Decimal(100) for row in rows}
    first, second = (row["indicator"] for row in rows[:2])
    scored = Gains(
        {"U1": scores | {first: Decimal(99), second: Decimal(0)}},
        gains.weights,
        gains.dimension_weights,
        gains.dimensions,
    )
    assert scored.most("U1") == [second, first]
    assert scored.most("U1", gains.dimensions[first]) == [
        each for each in (second, first) if gains.dimensions[each] == gains.dimensions[first]
    ]
    assert scored.most("U1", "culture") == []
