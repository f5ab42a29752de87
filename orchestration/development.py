"""`make dev`: the Dagster UI on this machine alone, over the configured source or the demo city."""

import os
import socket
import sys
from pathlib import Path

from orchestration.defs.instance import ensure_instance
from orchestration.demo.demonstration import demo_source, with_key
from orchestration.home.layout import Home
from orchestration.settings import PROJECT, load_settings

HOST = "127.0.0.1"
PORT = 3000
MOST_PORTS = 100


def main() -> None:
    """Prepare Dagster's home and a source, then become `dagster dev`."""
    settings = load_settings()
    home = Home(settings.home.folder.resolve())
    os.environ["UHI_HOME"] = str(home)
    if not settings.source:
        source = home.demo / "source"
        os.environ["UHI_SOURCE"] = str(source if source.exists() else demo_source(home.demo))
        key_file = with_key(settings, home.demo).pseudonym_key_file
        if key_file:
            os.environ["UHI_PSEUDONYM_KEY_FILE"] = str(key_file.resolve())
    if "DAGSTER_HOME" not in os.environ:
        ensure_instance(home.dagster)
        os.environ["DAGSTER_HOME"] = str(home.dagster)
    port = free_port(PORT)
    taken = "" if port == PORT else f"Port {PORT} is taken by another program. "
    sys.stderr.write(f"{taken}The Dagster UI will be on http://{HOST}:{port}\n")
    os.chdir(PROJECT)
    command = str(Path(sys.executable).with_name("dagster"))
    arguments = ["dev", "--host", HOST, "--port", str(port), "--workspace", "workspace.yaml"]
    os.execv(command, [command, *arguments])  # noqa: S606


def free_port(first: int) -> int:
    """The first port from `first` on that no program on this machine listens on."""
    return next(port for port in range(first, first + MOST_PORTS) if is_free(port))


def is_free(port: int) -> bool:
    """Whether no program listens on a port."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


if __name__ == "__main__":
    main()
