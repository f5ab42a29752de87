"""A watcher's sender: it waits for channels, so that the watcher does not, and ends with it."""

import time
from itertools import count

import pytest

from orchestration.alerts.sending import deliver
from orchestration.home.layout import Home
from orchestration.watch.sender import CUT, DIED, WAITING, Sender
from tests.integration.test_alert_faults import ids_in, notified
from tests.integration.test_alert_outbox import at, never, notify_by, states, waiting
from tests.support.services import mail_server
from tests.support.settings import settings_in

SLOW = 60
RETRY_AT_ONCE = "first_wait_seconds = 1"


@pytest.fixture
def settings(tmp_path):
    return settings_in(Home(tmp_path / "home"))


@pytest.fixture
def mailbox(settings, monkeypatch):
    """A mail server that clients wait for, and is the channel of three notices."""
    waiting(settings, number=3)
    with mail_server() as (mailbox, url):
        monkeypatch.setenv("OFFICE", f"{url}&cto={2 * SLOW}")
        notify_by(settings, 'url_env = "OFFICE"', RETRY_AT_ONCE)
        yield mailbox


@pytest.fixture
def told():
    return []


@pytest.fixture
def sender(settings, told):
    sender = Sender(settings, told.append, told.append)
    yield sender
    sender.end(0)


def wait_for(is_so, act=lambda: None, seconds=60):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < deadline
        time.sleep(0.05)
        act()


def test_waking_returns_at_once_and_all_is_sent(settings, mailbox, sender, told):
    mailbox.seconds = 0.2
    sender.wake()
    assert not mailbox.taken
    wait_for(lambda: told, sender.tell)
    assert told == ["3 notices sent"]
    assert states(settings) == {"sent": 3}
    assert sorted(ids_in(mailbox)) == sorted(notified(settings))
    process = sender.process
    sender.end()
    assert process.exitcode == 0
    assert told == ["3 notices sent"]


def test_ending_waits_for_the_notice_that_is_being_sent_alone(settings, mailbox, sender, told):
    mailbox.seconds = 8
    sender.wake()
    wait_for(lambda: mailbox.taken)
    sender.end(30)
    assert told == [WAITING.format(30), "1 notice sent"]
    assert states(settings) == {"sent": 1, "waiting": 2}
    assert ids_in(mailbox) == notified(settings)


def test_a_notice_that_is_not_taken_in_time_is_sent_again_with_its_number(
    settings, mailbox, sender, told
):
    mailbox.seconds = SLOW
    sender.wake()
    wait_for(lambda: mailbox.taken)
    sender.end(0.1)
    assert told == [WAITING.format(0.1), CUT]
    assert notified(settings) == []
    mailbox.seconds = 0
    time.sleep(1)
    deliver(settings)
    first, *others = ids_in(mailbox)
    assert sorted(others) == sorted(notified(settings))
    assert first in others
    assert states(settings) == {"sent": 3}


def test_one_that_was_killed_is_told_and_another_takes_its_place(settings, mailbox, sender, told):
    mailbox.seconds = SLOW
    sender.wake()
    wait_for(lambda: mailbox.taken)
    sender.process.kill()
    wait_for(lambda: told, sender.tell)
    assert told == [DIED]
    mailbox.seconds = 0
    wait_for(lambda: states(settings) == {"sent": 3}, sender.wake)
    assert len(notified(settings)) == len(set(notified(settings))) == 3


def test_it_ends_where_its_watcher_is_gone(settings, mailbox, sender):
    mailbox.seconds = 1
    sender.wake()
    wait_for(lambda: mailbox.taken)
    process = sender.process
    sender.connection.close()
    process.join(30)
    assert process.exitcode == 0
    assert states(settings) == {"sent": 1, "waiting": 2}
    sender.process = sender.connection = None


def test_what_keeps_notices_from_being_sent_is_told_once(settings, sender, told):
    waiting(settings)
    notify_by(settings, 'url_env = "THERE_IS_NO_SUCH_VARIABLE"')
    sender.wake()
    wait_for(lambda: told, sender.tell)
    [problem] = told
    assert problem.startswith("Notices wait: ")
    assert "THERE_IS_NO_SUCH_VARIABLE" in problem
    sender.wake()
    sender.end()
    assert told.count(problem) == 1


def test_where_nobody_is_told_no_process_begins(settings, sender):
    waiting(settings)
    sender.wake()
    assert sender.process is None


def test_an_interruption_leaves_what_is_not_begun(settings, mailbox):
    asked = count()
    delivered = deliver(settings, at(), never, lambda: next(asked) >= 4)
    assert [each.state for each in delivered] == ["sent", "sent"]
    assert states(settings) == {"sent": 2, "waiting": 1}
