"""`make dev`: the Dagster UI on this machine alone, over the configured source or the demo city."""

import os
import socket
import sys

from orchestration.defs.instance import ensure_instance
from orchestration.demo.demonstration import demo_source, with_key
from orchestration.errors import HealthIndexError
from orchestration.home.layout import Home
from orchestration.screen import operator
from orchestration.settings import PROJECT, Settings, load_settings

PORT = 3000
MOST_PORTS = 100
SHOWS = (
    "It shows, and starts nothing; to launch runs and switch schedules from it: "
    "UHI_UI_MAY_ACT=yes make dev"
)


def main() -> None:
    """Prepare Dagster's home and a source, then serve the UI."""
    settings = load_settings()
    prepare_environment(settings)
    from orchestration.ui.server import HOST, serve

    port = free_port(HOST, PORT)
    taken = "" if port == PORT else f"Port {PORT} is taken by another program. "
    sys.stderr.write(f"{taken}The Dagster UI will be on http://{HOST}:{port}\n")
    if not settings.ui_may_act:
        sys.stderr.write(f"{SHOWS}\n")
    serve(PROJECT / "workspace.yaml", port, may_act=settings.ui_may_act)


def prepare_environment(settings: Settings) -> None:
    """Say to Dagster's processes where the home, its source and the instance are."""
    home = Home(settings.home.folder.resolve())
    os.environ["UHI_HOME"] = str(home)
    os.environ["UHI_OPERATOR"] = operator(settings)
    if not settings.source:
        source = home.demo / "source"
        os.environ["UHI_SOURCE"] = str(source if source.exists() else demo_source(home.demo))
        key_file = with_key(settings, home.demo).pseudonym_key_file
        if key_file:
            os.environ["UHI_PSEUDONYM_KEY_FILE"] = str(key_file.resolve())
    if "DAGSTER_HOME" not in os.environ:
        ensure_instance(home.dagster)
        os.environ["DAGSTER_HOME"] = str(home.dagster)


def free_port(host: str, first: int) -> int:
    """The first port from `first` on that no program on this machine listens on."""
    return next(port for port in range(first, first + MOST_PORTS) if is_free(host, port))


def is_free(host: str, port: int) -> bool:
    """Whether no program listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    try:
        main()
    except KeyboardInterrupt:
        sys.stderr.write("The Dagster UI has been stopped.\n")
    except HealthIndexError as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(error.exit_code)
