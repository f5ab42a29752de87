"""What a notice says, to whom, and how often at most."""

from datetime import date, timedelta

import pytest

from orchestration.alerts.fold import cases_of
from orchestration.alerts.naming import Names
from orchestration.alerts.notices import MOST_LINES, notices_of
from orchestration.alerts.recipients import Notify, read_notify
from orchestration.alerts.records import Silenced
from orchestration.alerts.robots import fitting
from orchestration.contract.methodology import load_methodology
from orchestration.errors import UsageError
from orchestration.periods import Period
from orchestration.settings import METHODOLOGY
from tests.support.alerts import DEADLINES, FIRST, acted, candidate, evaluated, finding

DAY = timedelta(days=1)
NAMES = Names.of(
    load_methodology(METHODOLOGY, Period(2020, 10)),
    {"330302": ("鹿城区", "Lucheng"), "330303": ("龙湾区", "Longwan")},
)
ALL = {
    "channels": {"office": {"folder": "x"}},
    "recipients": [{"counties": ["*"], "channels": ["office"]}],
}


def notify(**others):
    return Notify.model_validate(ALL | others)


def told(log, **others):
    """The notices of the last evaluation of a log."""
    return list(notices_of(log[-1], cases_of(log), DEADLINES.steps, notify(**others), NAMES))


def on(day, *findings):
    return candidate(*findings, as_of=FIRST + day * DAY)


def test_a_county_has_one_notice_whatever_the_number_of_cases():
    many = [finding(f"U{number:03}") for number in range(200)]
    other = finding("V1", county_code="330303")
    notices = told(evaluated(candidate(*many, other)))
    assert [notice.county for notice in notices] == ["330302", "330303"]
    first = notices[0]
    assert first.title == "鹿城区：健康指数预警通报（数据截至2020-10-31）"
    assert "新增200件" in first.body
    assert first.body.count("号 U") == MOST_LINES
    assert f"另有{200 - MOST_LINES}件" in first.body
    assert len(first.cases) == 200


def test_a_red_hides_the_yellow_of_the_same_measure():
    both = [finding(rule="index_low_red"), finding(rule="index_low_yellow")]
    [notice] = told(evaluated(on(0, *both)))
    assert "健康指数过低" in notice.body
    assert "健康指数偏低" not in notice.body


def test_a_red_after_a_yellow_is_escalated():
    yellow, red = finding(rule="index_low_yellow"), finding(rule="index_low_red")
    [notice] = told(evaluated(on(0, yellow), on(1, yellow, red)))
    assert notice.body.startswith("升级1件")


@pytest.mark.parametrize(
    ("day", "title"),
    [
        (date(2020, 11, 13), "临近期限1件"),
        (date(2020, 11, 23), "逾期未整改1件"),
        (date(2020, 12, 4), "升级1件"),
    ],
)
def test_steps_are_told_apart(day, title):
    log = evaluated(on(0, finding()), candidate(finding(), as_of=day))
    [notice] = told(log)
    assert notice.body.startswith(title)
    assert told(evaluated(candidate(finding(), as_of=day + DAY), log=log)) == []


def test_what_closed_and_what_was_not_confirmed():
    log = evaluated(on(0, finding(), finding("U2")))
    log.append(acted(1, "corrected", on=FIRST + DAY, evidence="7"))
    [notice] = told(evaluated(on(1, finding()), log=log))
    assert notice.body.startswith("已报整改、数据仍未达标1件")
    assert "已销号1件" in notice.body


def test_a_silenced_case_sends_nothing_until_its_day_is_past():
    silenced = Silenced(case=1, until=date(2020, 11, 13), reason="moving", by="Li Wei")
    log = [*evaluated(on(0, finding())), silenced]
    assert told(evaluated(candidate(finding(), as_of=date(2020, 11, 13)), log=log)) == []
    assert told(evaluated(candidate(finding(), as_of=date(2020, 11, 23)), log=log))


def test_nothing_new_is_no_notice():
    assert told(evaluated(on(0, finding()), on(1, finding()))) == []


def test_levels_and_counties_are_the_recipients():
    log = evaluated(on(0, finding(rule="index_low_yellow"), finding("V1", county_code="330303")))
    only_red = {"counties": ["*"], "channels": ["office"], "levels": ["red"]}
    assert [notice.county for notice in told(log, recipients=[only_red])] == ["330303"]
    elsewhere = {"counties": ["330303"], "channels": ["office"]}
    assert [notice.county for notice in told(log, recipients=[elsewhere])] == ["330303"]


def test_a_notice_names_no_figure():
    [notice] = told(evaluated(on(0, finding())))
    assert "51.5" not in notice.body


def test_english():
    [notice] = told(
        evaluated(on(0, finding(rule="dimension_low_yellow", dimension="rights"))), language="en"
    )
    assert notice.title == "Lucheng: alerts of the health index as of 2020-10-31"
    assert (
        "- case 1, U1 Works, yellow: Dimension low (Rights and assistance), due 2020-12-11"
        in notice.body
    )


def test_an_office_has_its_own_words(tmp_path):
    (tmp_path / "notice.zh.txt").write_text(
        "致{{ county }}\n{{ told | length }}类", encoding="utf-8"
    )
    [notice] = told(evaluated(on(0, finding())), templates=str(tmp_path))
    assert (notice.title, notice.body) == ("致鹿城区", "1类")


def test_a_template_that_cannot_be_used_is_named(tmp_path):
    (tmp_path / "notice.zh.txt").write_text("{{ nobody }}", encoding="utf-8")
    with pytest.raises(UsageError, match=r"notice\.zh\.txt: 'nobody' is undefined"):
        told(evaluated(on(0, finding())), templates=str(tmp_path))


def test_no_file_is_nobody(tmp_path):
    assert read_notify(tmp_path / "notify.toml") is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("x", "not well-formed TOML"),
        ("recipients = []", "channels: Field required"),
        ("recipients = []\nchannels = {}\nextra = 1", "extra: Extra inputs"),
        ("recipients = []\n[channels.office]\n", "one of url_env, url_file and folder is due"),
        (
            "[channels.office]\nfolder = 'x'\n[[recipients]]\ncounties = ['*']\nchannels = ['b']",
            r"there is no channel b; add \[channels.b\]",
        ),
    ],
)
def test_the_file_of_recipients_is_read_strictly(tmp_path, text, message):
    file = tmp_path / "notify.toml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(UsageError, match=message):
        read_notify(file)


def test_an_unknown_county_is_named():
    stated = notify(recipients=[{"counties": ["330399"], "channels": ["office"]}])
    with pytest.raises(UsageError, match="there is no county 330399; the counties are 330302"):
        stated.check_counties(["330302"])


def test_a_text_is_cut_at_a_line_to_what_fits():
    text = "\n".join(["预警通报"] * 100)
    cut = fitting(text, 100)
    assert len(cut.encode()) <= 100
    assert cut.endswith("预警通报\n…")
    assert fitting("预警", 100) == "预警"
