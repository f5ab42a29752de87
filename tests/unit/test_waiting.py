"""A home that another process holds is waited for, and given up after a while."""

import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from orchestration.errors import HomeBusyError
from orchestration.home import locks
from orchestration.home.events import Pruned
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.ui.__main__ import free_port, is_free
from orchestration.ui.server import HOST

HOLD = """
import sys, time
from pathlib import Path
from orchestration.home import locks
from orchestration.home.layout import Home
with locks.held(Home(Path(sys.argv[1])), locks.LANDING, "2020-12"):
    print("held", flush=True)
    time.sleep(float(sys.argv[2]))
"""


@contextmanager
def held(home, seconds):
    """A home that another process holds for so many seconds."""
    command = [sys.executable, "-c", HOLD, str(home), str(seconds)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "held\n"
        yield
        process.kill()


def test_a_home_is_waited_for_until_it_is_free(tmp_path):
    with held(tmp_path, 1), locks.held(Home(tmp_path), "2020-12", wait_seconds=60):
        pass


def test_waiting_ends(tmp_path):
    began = time.monotonic()
    with held(tmp_path, 60):
        with pytest.raises(HomeBusyError, match="works on landing"):
            locks.held(Home(tmp_path), locks.LANDING).__enter__()
        with pytest.raises(HomeBusyError, match=r"works on 2020-12 .*; wait for it to end"):
            locks.held(Home(tmp_path), "2020-12", wait_seconds=0.5).__enter__()
        with locks.held(Home(tmp_path), "2020-11"), locks.writing(Home(tmp_path)):
            pass
    assert 0.5 <= time.monotonic() - began < 30


def test_a_port_that_is_taken_is_passed_over():
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert not is_free(HOST, port)
        assert free_port(HOST, port) > port


def test_the_module_of_the_command_is_the_command():
    done = subprocess.run(
        [sys.executable, "-m", "orchestration.cli", "--version"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "version" in done.stdout


APPEND = """
import sys
from pathlib import Path
from orchestration.home import ledger
from orchestration.home.events import Pruned
from orchestration.home.layout import Home
print("ready", flush=True)
sys.stdin.readline()
for number in range(40):
    ledger.append(Home(Path(sys.argv[1])), Pruned(intakes=(), objects=number, bytes=0))
"""


def test_lines_that_processes_add_at_once_are_bound_to_each_other(tmp_path):
    command = [sys.executable, "-c", APPEND, str(tmp_path)]
    pipe = subprocess.PIPE
    adding = [subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) for _ in range(3)]
    assert [process.stdout.readline() for process in adding] == ["ready\n"] * 3
    for process in adding:
        process.stdin.close()
    assert [process.wait() for process in adding] == [0, 0, 0]
    assert len(Ledger.of(Home(tmp_path)).every(Pruned)) == 120
