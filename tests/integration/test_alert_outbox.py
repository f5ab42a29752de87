"""Notices reach real servers once, whatever these answer and whoever is killed."""

from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from multiprocessing import get_context

import pytest
from apprise.plugins.dingtalk import NotifyDingTalk

from orchestration import pipeline
from orchestration.alerts.notices import Notice
from orchestration.alerts.outbox import counts, put
from orchestration.alerts.records import Notified
from orchestration.alerts.sending import deliver
from orchestration.alerts.status import describe_alerts, state_of_alerts
from orchestration.alerts.store import opened
from orchestration.errors import UsageError
from orchestration.home import locks
from orchestration.home.layout import Home
from tests.support.alerts import candidate, evaluated, finding
from tests.support.faults import done, uhi
from tests.support.servers import free_port
from tests.support.services import http_server, mail_server
from tests.support.settings import settings_in

NOW = datetime(2026, 11, 27, 8, 0, tzinfo=UTC)
TITLE = "鹿城区：健康指数预警通报"
BODY = "新增1件\n· 1号"
RECIPIENTS = '[[recipients]]\ncounties = ["*"]\nchannels = ["office"]\n'


def at(minutes=0):
    return lambda: NOW + timedelta(minutes=minutes)


def never(seconds):
    raise AssertionError(seconds)


def notify_by(settings, channel, top=""):
    """Let notices be sent by a channel, as `notify.toml` states it."""
    file = settings.home.notify
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"{top}\n{RECIPIENTS}[channels.office]\n{channel}\n", encoding="utf-8")


def waiting(settings, number=1):
    """Let notices of one case wait."""
    with opened(settings) as store:
        store.append(evaluated(candidate(finding()))[0])
        notices = [Notice(f"33030{index}", "office", TITLE, BODY, (1,)) for index in range(number)]
        put(store, notices, NOW)


def states(settings):
    with opened(settings) as store:
        return counts(store)


@pytest.fixture
def settings(tmp_path):
    return settings_in(Home(tmp_path / "home"))


def test_a_mail_arrives_and_its_case_is_notified(settings, monkeypatch):
    waiting(settings)
    with mail_server() as (mailbox, url):
        monkeypatch.setenv("OFFICE", url)
        notify_by(settings, 'url_env = "OFFICE"')
        assert [each.state for each in deliver(settings, at(), never)] == ["sent"]
        assert deliver(settings, at(1), never) == []
    [envelope] = mailbox.taken
    mail = message_from_bytes(envelope.content, policy=policy.default)
    assert mail["Subject"] == TITLE
    assert mail.get_content_type() == "text/plain"
    assert mail.get_content().splitlines() == ["[1-330300-office]", *BODY.splitlines()]
    with opened(settings) as store:
        assert store.case(1).state == "notified"
        assert [entry for entry in store.entries() if isinstance(entry, Notified)]


def test_a_web_service_is_sent_json(settings, monkeypatch):
    waiting(settings)
    with http_server() as service:
        monkeypatch.setenv("OFFICE", f"json://{service.url}/hook")
        notify_by(settings, 'url_env = "OFFICE"')
        deliver(settings, at(), never)
    [content] = service.contents()
    assert content["title"] == TITLE
    assert content["message"].startswith("[1-330300-office]")


def test_a_run_ends_though_a_channel_has_no_address(settings):
    assert pipeline.tell(settings, print) == []
    waiting(settings)
    notify_by(settings, 'url_env = "THERE_IS_NO_SUCH_VARIABLE"')
    [line] = pipeline.tell(settings, print)
    assert line.startswith("Notices wait: ")
    assert "THERE_IS_NO_SUCH_VARIABLE" in line


def test_a_run_ends_though_a_channel_is_slow_or_another_process_sends(settings, monkeypatch):
    waiting(settings, number=2)
    with mail_server() as (mailbox, url):
        monkeypatch.setenv("OFFICE", url)
        notify_by(settings, 'url_env = "OFFICE"\nmessages_per_minute = 1')
        with locks.held(settings.home, locks.NOTICES):
            [busy] = in_another_process(settings)
        sent, rest = pipeline.tell(settings, print, seconds=1)
    assert busy.startswith("Another process sends notices now")
    assert (sent, len(mailbox.taken)) == ("1 notice sent", 1)
    assert "took more than 1 s" in rest
    assert states(settings) == {"sent": 1, "waiting": 1}


def in_another_process(settings):
    """What a run there tells."""
    with ProcessPoolExecutor(1, get_context("spawn")) as executor:
        return executor.submit(pipeline.tell, settings, print).result()


def test_a_folder_takes_notices_as_files(settings, tmp_path):
    waiting(settings)
    notify_by(settings, f'folder = "{tmp_path / "notices"}"')
    deliver(settings, at(), never)
    text = (tmp_path / "notices" / "1-330300-office.txt").read_text(encoding="utf-8")
    assert text.startswith(f"{TITLE}\n\n[1-330300-office]\n新增1件")


def test_why_a_web_service_took_nothing_has_no_secret_of_its_address(settings, monkeypatch):
    waiting(settings)
    monkeypatch.setenv("OFFICE", f"json://127.0.0.1:{free_port()}/hook/s3cr3t?:key=s3cr3t")
    notify_by(settings, 'url_env = "OFFICE"')
    [delivery] = deliver(settings, at(), never)
    assert "Connection refused" in delivery.reason
    assert "s3cr3t" not in delivery.reason


@pytest.mark.parametrize(
    ("status", "state"), [(503, "waiting"), (429, "waiting"), (401, "dead"), (404, "dead")]
)
def test_what_a_web_service_answers_decides(settings, monkeypatch, status, state):
    waiting(settings)
    with http_server(status) as service:
        monkeypatch.setenv("OFFICE", f"json://{service.url}/hook")
        notify_by(settings, 'url_env = "OFFICE"')
        [delivery] = deliver(settings, at(), never)
    assert delivery.state == state
    assert str(status) in delivery.reason
    assert states(settings) == {state: 1}


@pytest.mark.parametrize(
    ("answer", "state"), [("451 try later", "waiting"), ("554 no such office", "dead")]
)
def test_what_a_mail_server_answers_decides(settings, monkeypatch, answer, state):
    waiting(settings)
    with mail_server(answer) as (_, url):
        monkeypatch.setenv("OFFICE", url)
        notify_by(settings, 'url_env = "OFFICE"')
        [delivery] = deliver(settings, at(), never)
    assert delivery.state == state
    assert answer[:3] in delivery.reason


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b'{"errcode": 0, "errmsg": "ok"}', "sent"),
        (b'{"errcode": 310000, "errmsg": "keywords not in content"}', "dead"),
        (b'{"errcode": 130101, "errmsg": "send too fast"}', "waiting"),
    ],
)
def test_a_robot_that_answers_200_may_refuse_all_the_same(settings, monkeypatch, body, state):
    waiting(settings)
    with http_server(body=body) as service:
        monkeypatch.setattr(NotifyDingTalk, "notify_url", f"http://{service.url}/send?t={{token}}")
        monkeypatch.setenv("OFFICE", "dingtalk://abcdef0123456789")
        notify_by(settings, 'url_env = "OFFICE"')
        [delivery] = deliver(settings, at(), never)
    assert delivery.state == state
    [content] = service.contents()
    assert content["text"]["content"].startswith(f"{TITLE}\n[1-330300-office]")


def test_attempts_are_ever_further_apart_and_end(settings, monkeypatch):
    waiting(settings)
    with http_server(503) as service:
        monkeypatch.setenv("OFFICE", f"json://{service.url}/hook")
        notify_by(settings, 'url_env = "OFFICE"', "attempts = 3")
        tried = []
        for minute in range(12):
            tried += [(minute, each.state) for each in deliver(settings, at(minute), never)]
    assert tried == [(0, "waiting"), (1, "waiting"), (3, "dead")]
    assert len(service.requests) == 3


def test_who_was_killed_while_sending_sends_again_with_the_same_id(settings, monkeypatch):
    waiting(settings)
    with http_server() as service:
        monkeypatch.setenv("OFFICE", f"json://{service.url}/hook")
        notify_by(settings, 'url_env = "OFFICE"')
        killed = "orchestration.alerts.sending.settle"
        with monkeypatch.context() as dying:
            dying.setattr(killed, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
            with pytest.raises(KeyboardInterrupt):
                deliver(settings, at(), never)
        assert deliver(settings, at(0.5), never) == []
        assert [each.state for each in deliver(settings, at(1), never)] == ["sent"]
    first, second = service.contents()
    assert first == second
    with opened(settings) as store:
        assert len([entry for entry in store.entries() if isinstance(entry, Notified)]) == 1


def test_a_channel_keeps_to_its_pace(settings, tmp_path):
    waiting(settings, number=5)
    notify_by(settings, f'folder = "{tmp_path}"\nmessages_per_minute = 2')
    clock = [NOW]
    slept = []

    def sleep(seconds):
        slept.append(seconds)
        clock[0] += timedelta(seconds=seconds)

    assert len(deliver(settings, lambda: clock[0], sleep)) == 5
    assert slept == [60.0, 60.0]


@pytest.mark.parametrize(
    ("channel", "message"),
    [
        ('url_env = "NOWHERE"', "the environment has no NOWHERE"),
        ('url_env = "BAD"', "The address of the channel office is none that can be used"),
    ],
)
def test_a_channel_without_an_address_sends_nothing(settings, monkeypatch, channel, message):
    monkeypatch.setenv("BAD", "no address")
    waiting(settings)
    notify_by(settings, channel)
    with pytest.raises(UsageError, match=message) as raised:
        deliver(settings, at(), never)
    assert "no address" not in str(raised.value).replace("has no address", "")
    assert states(settings) == {"waiting": 1}


def test_status_shows_what_cannot_be_sent(settings, monkeypatch):
    waiting(settings)
    with http_server(404) as service:
        monkeypatch.setenv("OFFICE", f"json://{service.url}/hook")
        notify_by(settings, 'url_env = "OFFICE"')
        deliver(settings, at(), never)
    shown = list(describe_alerts(state_of_alerts(settings)))
    assert shown[0] == "Alerts: as of 2020-10-31, open cases: 1 open"
    assert shown[1].startswith("  a notice cannot be sent: 1-330300-office: ")
    assert "404" in shown[1]


def test_status_of_a_home_without_alerts_makes_none(settings):
    assert done(settings.home.folder, uhi("status")).returncode == 0
    assert not settings.has_alerts


def test_the_command_says_what_became_of_them(settings, tmp_path):
    waiting(settings, number=2)
    notify_by(settings, f'folder = "{tmp_path / "notices"}"')
    outcome = done(settings.home.folder, uhi("alert", "send"))
    assert (outcome.returncode, outcome.stdout) == (0, "2 notices sent\n")
    assert len(list((tmp_path / "notices").iterdir())) == 2
