"""Cases of alerts, from judged candidates to a database, whatever that is and whatever happens."""

import json
import shutil
import signal
from datetime import date, timedelta

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from orchestration import pipeline
from orchestration.alerts import acting
from orchestration.alerts.evaluating import evaluate
from orchestration.alerts.records import Evaluated, PassedOver, Silenced
from orchestration.alerts.store import opened
from orchestration.alerts.tables import NOTICES
from orchestration.errors import AlertsError, RefusedError, UsageError, VerificationError
from orchestration.home import files
from orchestration.home.records.cases import CaseSnapshot
from orchestration.periods import Period
from orchestration.release.cases import cases_for
from quality.release_files import read_csv, read_rows
from tests.support.alerts import acted
from tests.support.databases import PostgresqlDatabase
from tests.support.faults import copy_of, disturbed, done, needs_strace, uhi
from tests.support.fixtures import NUMBERS
from tests.support.homes import MONTHS
from tests.support.lanes import everyday
from tests.support.settings import settings_in
from tests.support.watching import work_and_be_killed

KEYS = """
    select union_id, rule, coalesce(dimension, '')
    from read_parquet($alerts)
"""
STATES = "select distinct state from read_parquet($cases)"
LAST_DAY = date(2020, 12, 31)
SAID = ["alert", "evaluate", MONTHS[-1]]


@pytest.fixture
def home(example_run, tmp_path):
    """The example's home, of which nothing was evaluated yet."""
    home = copy_of(example_run[0].home.folder, tmp_path, "home")
    shutil.rmtree(home / "alerts")
    return home


@pytest.fixture(params=everyday(["sqlite", "postgresql"], "sqlite"))
def settings(home, request):
    """Settings of a home whose alerts are kept in a file, or in PostgreSQL."""
    plain = settings_in(home)
    if request.param == "sqlite":
        return plain
    server = request.getfixturevalue("postgresql_server")
    database = PostgresqlDatabase(server, f"alerts{next(NUMBERS)}")
    return plain.model_copy(update={"alerts_url": SecretStr(database.url)})


def evaluate_all(settings):
    return [evaluate(settings, Period.parse(month)) for month in MONTHS]


def cases_in(settings):
    with opened(settings) as store:
        return store.cases()


def keys_of(settings, month):
    """The runs that a candidate's table of alerts says hold."""
    alerts = settings.home.candidate(month) / "tables" / "alert.parquet"
    return set(read_rows(KEYS, alerts=alerts))


def test_what_is_open_is_what_the_last_candidate_says(settings):
    evaluate_all(settings)
    cases = cases_in(settings)
    held = [keys_of(settings, month) for month in MONTHS]
    assert {case.key for case in cases if not case.closed_on} == held[-1]
    opened_anew = [held[0], held[1] - held[0], held[2] - held[1]]
    assert len(cases) == sum(map(len, opened_anew))
    assert [case.number for case in cases] == list(range(1, len(cases) + 1))


def test_a_run_evaluates_what_it_judged(example_run):
    settings, _ = example_run
    cases = cases_in(settings)
    assert {case.key for case in cases if not case.closed_on} == keys_of(settings, MONTHS[-1])


def test_cases_follow_from_the_log(settings):
    evaluate_all(settings)
    with opened(settings) as store:
        assert store.check() == len(MONTHS)
        store.connection.execute(text("update alert_case set state = 'open', due_on = opened_on"))
        with pytest.raises(VerificationError, match="are not those that follow from their log"):
            store.check()


@pytest.mark.parametrize("statement", ["delete from alert_log", "update alert_log set body = ''"])
def test_nothing_leaves_the_log(settings, statement):
    evaluate(settings, Period.parse(MONTHS[0]))
    with pytest.raises(AlertsError, match="append-only"), opened(settings) as store:
        store.connection.execute(text(statement))
    with opened(settings) as store:
        assert store.check() == 1


def act_and_fail(settings):
    with opened(settings) as store:
        acting.act(store, acted())
        store.append(acted(9999))


def test_a_command_that_fails_leaves_nothing(settings):
    evaluate(settings, Period.parse(MONTHS[0]))
    with pytest.raises(VerificationError):
        act_and_fail(settings)
    with opened(settings) as store:
        assert store.check() == 1
        assert store.case(1).state == "open"


def test_a_refused_candidate_changes_no_case(refused_homes, tmp_path):
    folder = next(path for path in sorted(refused_homes.iterdir()) if (path / "home").is_dir())
    settings = settings_in(copy_of(folder / "home", tmp_path, "home"))
    with opened(settings) as store:
        entries = [entry for entry in store.entries() if isinstance(entry, PassedOver)]
        assert entries
        assert all("it was refused by" in entry.reason for entry in entries)
        assert store.cases() == []


def evaluate_first_month(settings):
    evaluate(settings, Period.parse(MONTHS[0]))


def test_an_evaluation_killed_before_its_snapshot_is_made_up_for_by_prepare(settings):
    month, home = Period.parse(MONTHS[0]), settings.home
    moment = ("orchestration.alerts.evaluating", "keep_snapshot")
    assert work_and_be_killed(moment, evaluate_first_month, settings) == -signal.SIGKILL
    assert not home.case_snapshots.exists()
    with opened(settings) as store:
        acting.act(store, acted())
    with pytest.raises(UsageError):
        pipeline.prepare(settings, month, "correction", "it is the first release, and has no kind")
    record = CaseSnapshot.in_folder(home.case_snapshot(month))
    assert (record.verdict, record.entry) == (files.sha256_of(home.verdict(month)), 1)
    states = read_rows(STATES, cases=home.case_snapshot(month) / "alert_case.parquet")
    assert states == [("open",)]
    assert cases_for(home, month) == home.case_snapshot(month)


def test_an_older_candidate_changes_no_case(settings):
    evaluate(settings, Period.parse(MONTHS[1]))
    before = cases_in(settings)
    entry = evaluate(settings, Period.parse(MONTHS[0]))
    assert entry.reason == "figures as of 2020-11-30 were evaluated before"
    assert cases_in(settings) == before


def test_a_candidate_that_was_changed_since_is_refused(home):
    table = (home / "candidates" / MONTHS[0]).resolve() / "tables" / "alert.parquet"
    table.write_bytes(table.read_bytes() + b" ")
    with pytest.raises(RefusedError, match="the table alert has changed since it was judged"):
        evaluate(settings_in(home), Period.parse(MONTHS[0]))
    assert cases_in(settings_in(home)) == []


def test_a_verdict_that_nobody_gave_is_refused(home):
    verdict = (home / "candidates" / MONTHS[0]).resolve() / "verdict.json"
    verdict.write_bytes(verdict.read_bytes() + b" ")
    with pytest.raises(RefusedError, match="is not the verdict that was given"):
        evaluate(settings_in(home), Period.parse(MONTHS[0]))
    assert cases_in(settings_in(home)) == []


NOTIFY = """
[[recipients]]
counties = {counties}
channels = ["office"]

[channels.office]
folder = "notices"
"""


def notices_in(settings):
    with opened(settings) as store:
        return store.connection.execute(NOTICES.select()).mappings().all()


def test_an_evaluation_lets_at_most_one_notice_a_county_wait(settings):
    settings.home.notify.write_text(NOTIFY.format(counties='["*"]'), encoding="utf-8")
    evaluate(settings, Period.parse(MONTHS[0]))
    notices = notices_in(settings)
    counties = {case.county_code for case in cases_in(settings)}
    assert sorted(notice["county_code"] for notice in notices) == sorted(counties)
    assert "数据截至2020-10-31" in notices[0]["title"]
    evaluate(settings, Period.parse(MONTHS[0]))
    assert len(notices_in(settings)) == len(notices)


def test_a_recipient_of_an_unknown_county_is_told_before_anything_is_written(settings):
    settings.home.notify.write_text(NOTIFY.format(counties='["330399"]'), encoding="utf-8")
    with pytest.raises(UsageError, match="there is no county 330399"):
        evaluate(settings, Period.parse(MONTHS[0]))
    assert cases_in(settings) == []


def test_the_same_said_twice_is_nothing_new(settings):
    evaluate_all(settings)
    number = next(case.number for case in cases_in(settings) if not case.closed_on)
    corrected = acted(number, "corrected", on=LAST_DAY, evidence="7", remark="contract signed")
    for _ in range(2):
        with opened(settings) as store:
            case = acting.act(store, corrected)
    assert (case.state, case.remark) == ("corrected", "contract signed")
    with opened(settings) as store:
        assert store.check() == len(MONTHS) + 1


@pytest.mark.parametrize(
    ("others", "reason"),
    [
        ({"action": "corrected", "evidence": "7"}, "corrected needs its day"),
        ({"action": "planned"}, "planned needs its day"),
        ({"action": "planned", "on": LAST_DAY}, "a plan is for today or later"),
        ({"action": "corrected", "on": LAST_DAY}, "needs the number of its evidence"),
        (
            {"action": "corrected", "on": LAST_DAY + timedelta(days=2), "evidence": "7"},
            "is not past",
        ),
        (
            {"action": "corrected", "on": date(2020, 12, 30), "evidence": "7"},
            "before 2020-12-31, when the case opened",
        ),
        ({"remark": "call 138 1234 5678"}, "the remark has a mobile phone number; leave it out"),
        ({"remark": "a\u200bb"}, r"hidden character U\+200B"),
        ({"remark": "x" * 501}, "at most 500 are allowed"),
    ],
)
def test_what_cannot_be_is_refused(home, others, reason):
    settings = settings_in(home)
    evaluate(settings, Period.parse(MONTHS[-1]))
    tomorrow = LAST_DAY + timedelta(days=1)
    with opened(settings) as store, pytest.raises(RefusedError, match=f"Case 1: .*{reason}"):
        acting.act(store, acted(**others), tomorrow)


def test_a_silence_has_an_end(home):
    settings = settings_in(home)
    evaluate(settings, Period.parse(MONTHS[-1]))
    past = Silenced(case=1, until=LAST_DAY, reason="moving", by="Li Wei")
    with opened(settings) as store:
        with pytest.raises(RefusedError, match="a silence ends today or later"):
            acting.silence(store, past, LAST_DAY + timedelta(days=1))
        assert acting.silence(store, past, LAST_DAY).silenced_until == LAST_DAY


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("silence", "--until", "2099-01-31", "--reason", " "), "A silence needs its reason"),
        (("act", "--planned", "2099-01-31", "--evidence", "7"), "needs the day of the correction"),
        (("act", "--remark", " "), "or a --remark alone"),
        (("act", "--corrected", LAST_DAY, "--evidence", " "), "needs the number of its evidence"),
    ],
)
def test_what_is_blank_is_nothing_said(home, options, message):
    evaluate(settings_in(home), Period.parse(MONTHS[-1]))
    command, *others = options
    outcome = done(home, uhi("alert", command, 1, *others, "--as", "Li Wei"))
    assert outcome.returncode in (2, 3)
    assert message in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_the_list_says_what_lies_ahead_of_a_case(home):
    evaluate(settings_in(home), Period.parse(MONTHS[-1]))
    options = ("--until", "2099-01-31", "--reason", "moving", "--as", "Li Wei")
    assert done(home, uhi("alert", "silence", 1, *options)).returncode == 0
    planned = done(home, uhi("alert", "act", 1, "--planned", "2099-01-20", "--as", "Li Wei"))
    ahead = ", planned for 2099-01-20, silenced until 2099-01-31\n"
    assert planned.stdout.endswith(ahead)
    assert done(home, uhi("alert", "list")).stdout.count(ahead) == 1


def test_statistics_are_shown_and_written(home):
    evaluate_all(settings_in(home))
    cases = cases_in(settings_in(home))
    outcome = done(home, uhi("alert", "statistics", "--write", "--json"))
    assert outcome.returncode == 0
    found = json.loads(outcome.stdout)
    assert found["as_of"] == str(LAST_DAY)
    assert found["all"]["opened"] == len(cases)
    assert found["all"]["closed"] == sum(case.closed_on is not None for case in cases)
    written = read_csv(home / "alerts" / "statistics" / "cases_by_county.csv")
    assert [row["county_code"] for row in written] == [*found["by_county"], "all"]
    earlier = done(home, uhi("alert", "statistics", "--as-of", "2020-12-30"))
    assert earlier.stdout.startswith("Cases as of the evaluation of 2020-11-30\n")
    before = done(home, uhi("alert", "statistics", "--as-of", "2019-12-31"))
    assert before.returncode == 3
    assert "No alerts were evaluated as of 2019-12-31 or earlier" in before.stderr


def test_no_command_closes_a_case(home):
    evaluate_all(settings_in(home))
    closed = next(case.number for case in cases_in(settings_in(home)) if case.closed_on)
    outcome = done(home, uhi("alert", "act", closed, "--acknowledged", "--as", "Li Wei"))
    assert outcome.returncode == 3
    assert "was closed by the figures as of" in outcome.stderr
    unknown = done(home, uhi("alert", "act", 9999, "--acknowledged", "--as", "Li Wei"))
    assert unknown.returncode == 2
    assert "There is no case 9999" in unknown.stderr


@pytest.mark.parametrize("url", ["mysql://root@localhost/alerts", "no url"])
def test_a_url_of_no_postgresql_is_wrong_usage(home, url):
    settings = settings_in(home).model_copy(update={"alerts_url": SecretStr(url)})
    with pytest.raises(UsageError, match="UHI_ALERTS_URL is no URL of a PostgreSQL"):
        cases_in(settings)


def test_a_server_that_is_away_changes_no_case(home):
    url = SecretStr("postgresql://nobody@127.0.0.1:1/alerts")
    settings = settings_in(home).model_copy(update={"alerts_url": url})
    with pytest.raises(AlertsError, match=r"cannot be used: .*No case was changed\. Fix it"):
        evaluate(settings, Period.parse(MONTHS[0]))


def test_tables_of_a_later_version_are_left_alone(settings):
    evaluate(settings, Period.parse(MONTHS[0]))
    with opened(settings) as store:
        store.connection.execute(text("update alert_version set version_num = '9999'"))
    with pytest.raises(AlertsError, match="a later version of this project made its tables"):
        cases_in(settings)


@needs_strace
@pytest.mark.fault
@pytest.mark.parametrize(
    ("call", "nth"), [("fdatasync", 1), ("fdatasync", 2), ("fdatasync", 3), ("pwrite64", 9)]
)
def test_killed_within_an_evaluation(home, call, nth):
    evaluate(settings_in(home), Period.parse(MONTHS[0]))
    killed = disturbed(home, uhi(*SAID), call, f"signal=KILL:when={nth}")
    assert killed.returncode not in (0, 1)
    with opened(settings_in(home)) as store:
        assert store.check() in (1, 2)
    assert done(home, uhi(*SAID)).returncode == 0
    again = {case.key for case in cases_in(settings_in(home)) if not case.closed_on}
    assert again == keys_of(settings_in(home), MONTHS[-1])


@needs_strace
@pytest.mark.fault
def test_a_full_disk_changes_no_case(home):
    evaluate(settings_in(home), Period.parse(MONTHS[0]))
    outcome = disturbed(home, uhi(*SAID), "pwrite64", "error=ENOSPC:when=5+")
    assert outcome.returncode == 1
    assert "database or disk is full. No case was changed." in outcome.stderr
    with opened(settings_in(home)) as store:
        assert store.check() == 1
    assert isinstance(evaluate(settings_in(home), Period.parse(MONTHS[-1])), Evaluated)


def test_each_evaluation_writes_the_desks_of_the_counties(settings):
    evaluate_all(settings)
    open_cases = [case for case in cases_in(settings) if case.closed_on is None]
    pages = {
        file.parent.name: file.read_text(encoding="utf-8")
        for file in settings.home.desks.glob("*/index.html")
    }
    assert set(pages) == {case.county_code for case in cases_in(settings)}
    for case in open_cases:
        assert f'id="case-{case.number}"' in pages[case.county_code]
    assert sum(page.count("<article") for page in pages.values()) == len(open_cases)
    assert "鹿城区预警整改台账" in pages["330302"]
    assert all("提分空间最大的指标：" in page for page in pages.values() if "健康指数" in page)


def test_what_was_done_shows_at_once(home):
    evaluate_all(settings_in(home))
    case = next(case for case in cases_in(settings_in(home)) if case.closed_on is None)
    desk = home / "alerts" / "desk" / case.county_code
    page = desk / f"case-{case.number}.html"
    said = uhi("alert", "act", case.number, "--planned", "2099-01-20", "--as", "Li Wei")
    assert done(home, said).returncode == 0
    assert "计划于2099-01-20前完成整改" in page.read_text(encoding="utf-8")
    assert "计划于2099-01-20前完成整改" in (desk / "index.html").read_text(encoding="utf-8")
    silent = ["--until", "2099-01-31", "--reason", "moving", "--as", "Li Wei"]
    assert done(home, uhi("alert", "silence", case.number, *silent)).returncode == 0
    assert "2099-01-31前暂不通知" in page.read_text(encoding="utf-8")
