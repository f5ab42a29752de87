"""`uhi` as a process of its own that needs no imports.

Its system calls may be counted, failed or killed.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from orchestration.settings import PROJECT

SECONDS = 60


@dataclass(frozen=True)
class Ended:
    """What came of a process: its return code, and what it wrote."""

    returncode: int
    stdout: str

    @property
    def stderr(self):
        return self.stdout


@cache
def warm_process():
    """The process that forks others, for as long as this one lives."""
    command = [sys.executable, "-m", "tests.support.warm_process"]
    return subprocess.Popen(
        command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )


def order(**content):
    process = warm_process()
    process.stdin.write(json.dumps(content) + "\n")
    process.stdin.flush()
    return int(process.stdout.readline())


def run(arguments, environment, tracer=()):
    """What came of `uhi` with these arguments.

    tracer: a command that is told the number of its process (strace).
    """
    with tempfile.NamedTemporaryFile() as output:
        pid = order(
            start={
                "arguments": [*map(str, arguments)],
                "environment": dict(environment),
                "output": output.name,
            }
        )
        wait_for(pid, "State", lambda state: state.startswith("T"))
        if tracer:
            tracing = subprocess.Popen(
                [*tracer, "-p", str(pid)],
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            wait_for(pid, "TracerPid", lambda tracer_pid: tracer_pid != "0")
        os.kill(pid, signal.SIGCONT)
        returncode = order(wait=pid)
        if tracer:
            tracing.wait()
        return Ended(returncode, Path(output.name).read_text(encoding="utf-8", errors="replace"))


def wait_for(pid, field, holds):
    """Wait until a field of a process's status is as it should be. Raises TimeoutError."""
    limit = time.monotonic() + SECONDS
    while time.monotonic() < limit:
        status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
        values = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
        if holds(values[field].strip()):
            return
        time.sleep(0.002)
    message = f"{field} of process {pid} did not come to be as it should"
    raise TimeoutError(message)
