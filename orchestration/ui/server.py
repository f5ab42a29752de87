"""Serves the Dagster UI behind its guard, with Dagster's daemon where it may act."""

import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import uvicorn
from dagster import DagsterInstance
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import WorkspaceFileTarget
from dagster_webserver.app import create_app_from_workspace_process_context
from dagster_webserver.version import __version__

from orchestration.errors import HealthIndexError
from orchestration.ui.guard import Guard
from orchestration.ui.partitions import compare_by_value

HOST = "127.0.0.1"
NAMES = (HOST, "localhost")


def serve(workspace: Path, port: int, *, may_act: bool) -> None:
    """Serve the UI of a workspace on this machine alone, until it is stopped.

    may_act: whether it may launch runs and switch schedules; it only shows otherwise. Raises
    KeyboardInterrupt when it is stopped by a signal, once all that it started has ended, and
    HealthIndexError where Dagster's daemon ends by itself.
    """
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    compare_by_value()
    with (
        DagsterInstance.get() as instance,
        WorkspaceProcessContext(
            instance,
            WorkspaceFileTarget([str(workspace)]),
            version=__version__,
            read_only=not may_act,
        ) as context,
    ):
        app = Guard(
            create_app_from_workspace_process_context(context),
            [f"{name}:{port}" for name in NAMES],
        )
        server = uvicorn.Server(
            uvicorn.Config(app, host=HOST, port=port, log_level="warning", server_header=False)
        )
        if may_act:
            with daemon(workspace, server):
                server.run()
        else:
            server.run()


@contextmanager
def daemon(workspace: Path, server: uvicorn.Server) -> Iterator[None]:
    """Dagster's daemon, which runs what is queued, scheduled or due, while a server serves.

    Where it ends by itself, the server stops. Raises HealthIndexError then.
    """
    command = str(Path(sys.executable).with_name("dagster-daemon"))
    process = subprocess.Popen([command, "run", "--workspace", str(workspace)])

    def stop_with_it() -> None:
        process.wait()
        server.should_exit = True

    follower = threading.Thread(target=stop_with_it, daemon=True)
    follower.start()
    try:
        yield
        ended_by_itself = process.poll()
    finally:
        process.terminate()
        follower.join()
    if ended_by_itself:
        raise HealthIndexError(
            f"Dagster's daemon ended with code {ended_by_itself}; see its messages above."
        )
