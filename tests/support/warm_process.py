"""A process that has imported what `uhi` needs, and forks a `uhi` for each line of orders.

An order is a line of JSON: {"start": {arguments, environment, folder, outputs}} is answered by the
number of a process that stops itself before it begins, {"wait": number} by its return code. A fork
saves the imports, which take longer than most commands that are disturbed; what was imported is
frozen, so that no fork copies it in looking for garbage.
"""

import atexit
import gc
import importlib
import json
import os
import pkgutil
import signal
import sys
import threading

import orchestration
import quality
from orchestration.cli.main import main
from orchestration.documents import fonts
from orchestration.lineage.columns import project

NEVER_IMPORTED = ("orchestration.defs", "orchestration.definitions", "orchestration.ui")
# What the project imports where it is needed, for it takes seconds.
HEAVY = (
    "dbt.adapters.duckdb.connections",
    "dbt.adapters.duckdb.impl",
    "dbt.cli.main",
    "dbt.include.duckdb",
    "docx",
    "great_expectations.core.expectation_suite",
    "great_expectations.expectations",
    "openpyxl",
    "pandas",
    "pyarrow.parquet",
    "typst",
    "xlsxwriter",
)


def preload():
    """Import the project, and read what it reads once per process.

    A fork copies no other thread than its own, so none may be running.
    """
    for package in (orchestration, quality):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.startswith(NEVER_IMPORTED):
                importlib.import_module(module.name)
    for name in HEAVY:
        importlib.import_module(name)
    project()
    for weight in (fonts.REGULAR, fonts.BOLD):
        fonts.common_instance(weight)
    fonts.common_characters()
    assert threading.active_count() == 1


def start(arguments, environment, folder, outputs):
    """The number of a process that is `uhi` with these arguments once it is told to go on.

    In that process, its end. outputs: the files that get what it prints, and its messages.
    """
    if pid := os.fork():
        return pid
    os.environ.clear()
    os.environ.update(environment)
    os.chdir(folder)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream, output in enumerate(outputs, start=1):
        os.dup2(os.open(output, os.O_WRONLY | os.O_CREAT), stream)
    os.setsid()
    os.kill(os.getpid(), signal.SIGSTOP)
    sys.argv = ["uhi", *arguments]
    try:
        main()
    except SystemExit as ended:
        leave(ended.code or 0)


def leave(code):
    """End this process as the interpreter does, but leave its modules to the system.

    To take down one by one what was imported takes longer than most commands.
    """
    threading._shutdown()  # noqa: SLF001 -- what the interpreter does first
    atexit._run_exitfuncs()  # noqa: SLF001
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


def obey():
    """Carry out one order after another, until there are no more."""
    preload()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            answer = start(**order["start"])
        else:
            _, status = os.waitpid(order["wait"], 0)
            answer = os.waitstatus_to_exitcode(status)
        sys.stdout.write(f"{answer}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    obey()
    leave(0)
