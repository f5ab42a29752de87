"""Work in processes of their own.

Results come in order, failures are told, and no process is left behind.
"""

import os
import signal
import subprocess
import sys
import time
from concurrent.futures.process import BrokenProcessPool
from functools import partial
from pathlib import Path

import psutil
import pytest

from orchestration.errors import UsageError, storage_reason
from quality.parallel import parallel, preload

# It ends by SIGTERM as a command does, whatever the test's own process was told to ignore.
PARENT = """
import signal
import sys
from functools import partial
from pathlib import Path
from quality.parallel import parallel
from tests.unit.test_parallel import wait_in
signal.signal(signal.SIGTERM, signal.SIG_DFL)
list(parallel([partial(wait_in, Path(sys.argv[1]) / str(number)) for number in range(2)], 2))
"""


def own_process(marked):
    return marked, os.getpid()


def refuse(reason):
    raise UsageError(reason)


def touch_slowly(file):
    file.touch()
    time.sleep(0.2)


def wait_in(file):
    """Tell its process in a file, and wait for ever."""
    file.write_text(str(os.getpid()), encoding="utf-8")
    time.sleep(600)


@pytest.mark.parametrize("processes", [1, 2, 5])
def test_results_come_in_the_order_of_the_pieces(processes):
    assert list(parallel([partial(pow, 2, number) for number in range(20)], processes)) == [
        2**number for number in range(20)
    ]


def test_several_processes_work_and_one_needs_none():
    preload(2, ["json"])
    workers = {
        process for _, process in parallel([partial(own_process, number) for number in range(4)], 2)
    }
    assert os.getpid() not in workers
    assert 1 <= len(workers) <= 2
    assert {
        process for _, process in parallel([partial(own_process, number) for number in range(4)], 1)
    } == {os.getpid()}
    assert list(parallel([partial(own_process, "alone")], 2)) == [("alone", os.getpid())]
    assert list(parallel([], 2)) == []


@pytest.mark.parametrize("processes", [1, 2])
def test_what_a_piece_raises_is_raised_and_no_other_begun(processes, tmp_path):
    pieces = [
        partial(refuse, "not so"),
        *(partial(touch_slowly, tmp_path / str(number)) for number in range(20)),
    ]
    with pytest.raises(UsageError, match="not so"):
        list(parallel(pieces, processes))
    assert len(list(tmp_path.iterdir())) < len(pieces) - 1


def test_a_process_that_is_killed_is_told():
    with pytest.raises(BrokenProcessPool) as told:
        list(parallel([partial(signal.raise_signal, signal.SIGKILL), partial(own_process, 1)], 2))
    assert (
        storage_reason(told.value)
        == "A process that worked on it was killed, as the system does where memory runs out."
    )


@pytest.mark.parametrize("ending", [signal.SIGKILL, signal.SIGTERM])
def test_processes_end_with_the_one_that_asked(tmp_path, ending):
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)], cwd=Path(__file__).parents[2]
    ) as parent:
        workers = []
        while len(workers) < 2:
            assert parent.poll() is None
            workers = [
                psutil.Process(int(text))
                for file in tmp_path.iterdir()
                if (text := file.read_text(encoding="utf-8"))
            ]
            time.sleep(0.02)
        servers = psutil.Process(parent.pid).children(recursive=True)
        parent.send_signal(ending)
        parent.wait()
    _, alive = psutil.wait_procs([*workers, *servers], timeout=30)
    assert alive == []
