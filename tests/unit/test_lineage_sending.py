"""Sending of OpenLineage events: to a real HTTP server.

And that one which fails, refuses or hangs disturbs no job.
"""

import socket
import threading

import pytest

from orchestration.errors import RefusedError
from orchestration.lineage import sending
from tests.support.endpoint import server
from tests.support.records import check, verdict
from tests.support.settings import settings_in

CHECKS = (check("alert.level.codes", "holds"), check("rows.there", "holds"))
VERDICT = verdict("2020-12", CHECKS, tables={"alert": "a" * 64})


@pytest.fixture(autouse=True)
def _no_endpoint_rests():
    sending.endpoint.cache_clear()


def run(tmp_path, url, judged=VERDICT, error=None):
    """A job that reports: returns the lines said."""
    lines = []
    with sending.reported(
        settings_in(tmp_path).model_copy(update={"openlineage_url": url}),
        "verdict",
        "2020-12",
        lines.append,
    ) as report:
        if error:
            raise error
        report(judged)
    return lines


def test_a_job_is_reported_from_start_to_end(tmp_path):
    with server() as (url, received):
        assert run(tmp_path, url) == []
    assert {path for path, _ in received} == {"/api/v1/lineage"}
    start, complete = (event for _, event in received)
    assert (start["eventType"], complete["eventType"]) == ("START", "COMPLETE")
    assert start["run"]["runId"] == complete["run"]["runId"]
    assert start["eventTime"] < complete["eventTime"]
    assert start["job"]["name"] == "verdict"
    alert, candidate = complete["inputs"]
    told = {
        "assertion": "level.codes",
        "column": "level",
        "name": "alert.level.codes",
        "success": True,
        "severity": "error",
        "actual": "holds",
    }
    [assertion] = alert["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert assertion.items() >= told.items()
    assert [
        each["name"] for each in candidate["inputFacets"]["dataQualityAssertions"]["assertions"]
    ] == ["rows.there"]
    assert [each["name"] for each in complete["outputs"]] == ["verdict"]


def test_a_refused_verdict_is_reported_as_failed_with_its_checks(tmp_path):
    refused = verdict("2020-12", [check("alert.level.codes", "holds", passed=False)])
    with server() as (url, received):
        run(tmp_path, url, refused)
    [_, (_, fail)] = received
    assert fail["eventType"] == "FAIL"
    assert fail["run"]["facets"]["errorMessage"]["message"] == "refused by alert.level.codes"
    [assertion] = fail["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert not assertion["success"]
    assert fail["outputs"] == []


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (RefusedError("No rows."), "No rows."),
        (ValueError("330302198001011234"), "ValueError"),
        (KeyboardInterrupt(), "KeyboardInterrupt"),
    ],
)
def test_an_error_is_reported_and_goes_on(tmp_path, error, message):
    with server() as (url, received), pytest.raises(type(error)):
        run(tmp_path, url, error=error)
    [_, (_, fail)] = received
    assert (fail["eventType"], fail["run"]["facets"]["errorMessage"]["message"]) == (
        "FAIL",
        message,
    )


def test_two_runs_are_two(tmp_path):
    with server() as (url, received):
        run(tmp_path, url)
        run(tmp_path, url)
    assert len({event["run"]["runId"] for _, event in received}) == 2


def test_a_server_that_fails_is_told_of_once_and_left_alone(tmp_path):
    with server(status=503) as (url, received):
        lines = [*run(tmp_path, url), *run(tmp_path, url)]
        assert len(received) == 1
    assert lines == [
        "Lineage events do not reach 127.0.0.1 (HTTPError); the run goes on without them."
    ]


def test_a_server_that_refuses_is_told_of(tmp_path):
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))
        [line] = run(tmp_path, f"http://user:hidden@127.0.0.1:{closed.getsockname()[1]}")
    assert (
        line
        == "Lineage events do not reach 127.0.0.1 (ConnectionError); the run goes on without them."
    )


@pytest.mark.parametrize("url", ["nowhere", "http://", "ftp://127.0.0.1"])
def test_an_endpoint_that_is_none_is_told_of(tmp_path, url):
    [line] = run(tmp_path, url)
    assert "the run goes on" in line


def test_a_server_that_hangs_holds_a_run_up_once(tmp_path, monkeypatch):
    monkeypatch.setattr(sending, "SECONDS", 0.2)
    answered = threading.Event()
    with server(hold=answered) as (url, received):
        lines = [*run(tmp_path, url), *run(tmp_path, url)]
        assert not answered.is_set()
        assert len(received) == 1
    [line] = lines
    assert "127.0.0.1" in line
    assert "hidden" not in line


def test_a_server_that_drips_is_not_waited_for(tmp_path, monkeypatch):
    """A byte now and then never lets a read time out; the run goes on all the same."""
    monkeypatch.setattr(sending, "SECONDS", 0.3)
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def drip():
            connection, _ = listening.accept()
            with connection:
                connection.sendall(b"HTTP/1.1 200 OK\r\nX: ")
                while not ended.wait(0.1):
                    connection.sendall(b"x")

        thread = threading.Thread(target=drip)
        thread.start()
        [line] = run(tmp_path, f"http://127.0.0.1:{listening.getsockname()[1]}")
        ended.set()
        thread.join()
    assert "no answer within 0.3 seconds" in line


def test_what_cannot_be_told_of_is_no_fault_of_the_job(tmp_path):
    with server() as (url, received):
        [line] = run(tmp_path, url, judged=None)
    assert "AttributeError" in line
    assert [event["eventType"] for _, event in received] == ["START"]


def test_without_an_endpoint_nothing_is_sent_or_made(tmp_path):
    assert run(tmp_path, None, judged=None) == []
