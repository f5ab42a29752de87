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
from functools import cache
from pathlib import Path

from orchestration.settings import PROJECT

SECONDS = 60


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


def run(arguments, environment, tracer=(), folder=PROJECT):
    """What came of `uhi` with these arguments, in a folder.

    tracer: a command that is told the number of its process (strace).
    """
    with tempfile.TemporaryDirectory() as written:
        outputs = [Path(written) / name for name in ("stdout", "stderr")]
        pid = order(
            start={
                "arguments": [*map(str, arguments)],
                "environment": dict(environment),
                "folder": str(folder),
                "outputs": [*map(str, outputs)],
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
        texts = [output.read_text(encoding="utf-8", errors="replace") for output in outputs]
        return subprocess.CompletedProcess(["uhi", *arguments], returncode, *texts)


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
