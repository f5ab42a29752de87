"""Notices under faults: a mail server that misbehaves, a clock a day back, a full disk.

Whatever happens, a notice is sent once, or sent again with the same id.
"""

import re
import shutil
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.alerts.evaluating import evaluate
from orchestration.alerts.outbox import dead
from orchestration.alerts.records import Notified
from orchestration.alerts.sending import deliver
from orchestration.alerts.store import opened
from orchestration.home.layout import Home
from orchestration.periods import Period
from tests.integration.test_alert_outbox import at, never, notify_by, states, waiting
from tests.support.faults import done, leave_free, needs_faketime, uhi
from tests.support.homes import MONTHS
from tests.support.services import http_server, mail_server
from tests.support.settings import settings_in

ID = re.compile(rb"\[(1-33030\d-office)\]")


@pytest.fixture
def settings(tmp_path):
    return settings_in(Home(tmp_path / "home"))


@pytest.fixture
def mailbox(settings, monkeypatch):
    """A mail server that waits for no client for long, and is the channel of a notice."""
    waiting(settings)
    with mail_server() as (mailbox, url):
        monkeypatch.setenv("OFFICE", f"{url}&cto=0.5")
        notify_by(settings, 'url_env = "OFFICE"')
        yield mailbox


def notified(settings):
    with opened(settings) as store:
        return [entry.notice for entry in store.entries() if isinstance(entry, Notified)]


def ids_in(mailbox):
    return [ID.search(mail.content)[1].decode() for mail in mailbox.taken]


def test_a_slow_mail_server_is_waited_for(settings, mailbox):
    mailbox.seconds = 0.2
    assert [each.state for each in deliver(settings, at(), never)] == ["sent"]
    assert ids_in(mailbox) == notified(settings)


def test_a_mail_server_that_answers_too_late_gets_the_same_id_again(settings, mailbox):
    mailbox.seconds = 2
    [late] = deliver(settings, at(), never)
    assert late.state == "waiting"
    assert "timed out" in late.reason
    mailbox.seconds = 0
    assert [each.state for each in deliver(settings, at(1), never)] == ["sent"]
    assert ids_in(mailbox) == 2 * notified(settings)


def test_a_mail_server_that_hangs_up_within_a_message_gets_it_again(settings, mailbox):
    mailbox.is_cutting = True
    [cut] = deliver(settings, at(), never)
    assert cut.state == "waiting"
    assert "closed" in cut.reason
    mailbox.is_cutting = False
    assert [each.state for each in deliver(settings, at(1), never)] == ["sent"]
    assert ids_in(mailbox) == notified(settings) == ["1-330300-office"]


@pytest.mark.parametrize(
    ("answer", "state"), [("450 try later", "waiting"), ("550 no such office", "dead")]
)
def test_what_a_mail_server_says_of_a_recipient_decides(settings, mailbox, answer, state):
    mailbox.to_recipient = answer
    [refused] = deliver(settings, at(), never)
    assert (refused.state, states(settings)) == (state, {state: 1})
    assert answer[:3] in refused.reason
    assert "lucheng@example.org" not in refused.reason
    with opened(settings) as store:
        assert [each.error for each in dead(store)] == [refused.reason] * (state == "dead")
    mailbox.to_recipient = "250 OK"
    again = [each.state for each in deliver(settings, at(1), never)]
    assert again == ["sent"] * (state == "waiting")


def test_a_mail_server_that_is_away_is_tried_again(settings, monkeypatch):
    waiting(settings)
    with mail_server() as (mailbox, url):
        pass
    monkeypatch.setenv("OFFICE", url)
    notify_by(settings, 'url_env = "OFFICE"', "attempts = 2")
    outcomes = [deliver(settings, at(minute), never)[0] for minute in (0, 1)]
    assert [each.state for each in outcomes] == ["waiting", "dead"]
    assert "Connection refused" in outcomes[0].reason
    assert notified(settings) == mailbox.taken == []


def test_a_clock_that_was_set_back_stops_no_notice(settings, monkeypatch):
    waiting(settings, number=4)
    with http_server() as service:
        monkeypatch.setenv("OFFICE", f"json://{service.url}/hook")
        notify_by(settings, 'url_env = "OFFICE"\nmessages_per_minute = 2')
        with pytest.raises(AssertionError):
            deliver(settings, at(), never)
        assert states(settings) == {"sent": 2, "waiting": 2}
        a_day_back = deliver(settings, at(-24 * 60), never)
        assert deliver(settings, at(), never) == []
    assert [each.state for each in a_day_back] == ["sent", "sent"]
    assert len({content["message"] for content in service.contents()}) == len(service.requests) == 4


@pytest.fixture
def example_home(example_run, tmp_path):
    """Makes a copy of the example's home without its warehouse, where only October is evaluated."""

    def make(folder):
        left_out = shutil.ignore_patterns("warehouse", "alerts", "dagster")
        home = shutil.copytree(example_run[0].home.folder, folder, symlinks=True, ignore=left_out)
        settings = settings_in(home)
        notify_by(settings, f'folder = "{tmp_path / "notices"}"\nmessages_per_minute = 1000')
        evaluate(settings, Period.parse(MONTHS[0]))
        return settings

    return make


def keys_of(settings):
    """The cases that are there, and how many notices are in each state."""
    with opened(settings) as store:
        store.check()
        cases = {(case.key, case.opened_on, case.closed_on) for case in store.cases()}
    return cases, states(settings)


@needs_faketime
def test_an_evaluation_and_its_notices_on_a_day_before(example_home, tmp_path):
    settings = example_home(tmp_path / "home")
    home, last = settings.home.folder, uhi("alert", "evaluate", MONTHS[-1])
    for command in (last, uhi("alert", "send"), uhi("alert", "send"), last):
        outcome = done(home, ["faketime", "-f", "-1d", *command])
        assert outcome.returncode == 0, outcome.stderr
    undisturbed = example_home(tmp_path / "undisturbed")
    evaluate(undisturbed, Period.parse(MONTHS[-1]))
    cases, notices = keys_of(settings)
    assert cases == keys_of(undisturbed)[0]
    assert set(notices) == {"sent"}
    assert Counter(notified(settings)).most_common(1)[0][1] == 1
    assert len(list((tmp_path / "notices").iterdir())) == notices["sent"]


@pytest.mark.fault
@pytest.mark.parametrize("kib", [0, 64])
def test_a_full_disk_leaves_case_and_notice_or_neither(example_home, small_disk, kib):
    settings = example_home(small_disk / "home")
    before = keys_of(settings)
    leave_free(small_disk, kib)
    last = uhi("alert", "evaluate", MONTHS[-1])
    outcome = done(settings.home.folder, last)
    assert outcome.returncode == 1
    assert "No case was changed." in outcome.stderr
    assert done(settings.home.folder, uhi("alert", "send")).returncode == 1
    (small_disk / "ballast").unlink()
    assert keys_of(settings) == before
    assert done(settings.home.folder, last).returncode == 0
    deliver(settings, lambda: datetime.now(UTC) + timedelta(minutes=5), never)
    assert set(states(settings)) == {"sent"}
    assert len(notified(settings)) == len(set(notified(settings))) == states(settings)["sent"]
