"""Servers of the tests' own.

A free port, an answer over HTTP, and processes that are gone in the end, with their children.
"""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import contextmanager, suppress
from http import HTTPStatus
from pathlib import Path

from orchestration.settings import PROJECT

TRIES = 1200


def dagster(command, *arguments):
    """A command of Dagster on the project's definitions."""
    return [
        str(Path(sys.executable).with_name(command)),
        *arguments,
        "-m",
        "orchestration.definitions",
    ]


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def answers(port, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path)
        return connection.getresponse().status == HTTPStatus.OK
    except ConnectionRefusedError:
        return False
    finally:
        connection.close()


@contextmanager
def running(command, environment, log):
    """A process in a group of its own, which is killed in the end."""
    with log.open("ab") as output:
        process = subprocess.Popen(
            command,
            cwd=PROJECT,
            env=environment,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    try:
        yield process
    finally:
        kill_group(process)


def kill_group(process):
    """End a process and its children at once."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def wait_until(condition, process):
    """Wait for a condition while the process lives."""
    for _ in range(TRIES):
        if process.poll() is not None or condition():
            break
        time.sleep(0.1)
    assert condition()
