"""A page that the operator happens to open cannot use the Dagster UI; the UI's own pages can."""

import os
import socket
import subprocess
import sys
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from textwrap import dedent
from typing import NamedTuple

import httpx2
import psutil
import pytest

from orchestration.defs.instance import ensure_instance
from orchestration.ui.server import HOST

RESUME = "mutation { setAutoMaterializePaused(paused: false) }"
PAUSED = "{ instance { autoMaterializePaused } }"
SERVE = """
import sys
from pathlib import Path
from orchestration.ui.server import serve
serve(Path(sys.argv[1]), int(sys.argv[2]), may_act=sys.argv[3] == "acts")
"""
HOSTILE = """
<!doctype html><title>hostile</title>
<img src="{ui}/graphql?query={mutation}">
<form action="{ui}/graphql?query={mutation}" method="post" enctype="text/plain" target="other">
</form><iframe name="other"></iframe><iframe src="{ui}/"></iframe>
<script>
const method = "POST", body = JSON.stringify({{query: "{mutation}"}});
const headers = {{"content-type": "application/json"}};
async function attack() {{
  document.forms[0].submit();
  const sent = [
    fetch("{ui}/graphql", {{method, body, mode: "no-cors"}}),
    fetch("{ui}/graphql", {{method, body, headers}}),
  ];
  const socket = new Promise((resolve) => {{
    const opened = new WebSocket("{ui}/graphql".replace("http", "ws"), "graphql-ws");
    opened.onopen = () => resolve("opened");
    opened.onerror = () => resolve("refused");
  }});
  await Promise.allSettled(sent);
  return await socket;
}}
</script>
"""


def free_port():
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        return probe.getsockname()[1]


def ask(address, query):
    """What the UI answers to a query of one of its own pages."""
    headers = {"origin": address}
    response = httpx2.post(f"{address}/graphql", json={"query": query}, headers=headers, timeout=60)
    return response.raise_for_status().json()


def is_paused(address):
    return ask(address, PAUSED)["data"]["instance"]["autoMaterializePaused"]


def serving(address, process):
    """Wait until the UI answers."""
    for _ in range(600):
        assert process.poll() is None, process.stderr.read()
        try:
            return ask(address, PAUSED)
        except httpx2.TransportError:
            time.sleep(0.1)
    raise TimeoutError(address)


class UI(NamedTuple):
    """A UI that is served: its address, whether it may act, and the process that serves it."""

    address: str
    may_act: bool
    process: subprocess.Popen


@pytest.fixture(params=["acts", "shows"])
def ui(request, tmp_path):
    """A UI that acts, and one that only shows, each over a small workspace."""
    (tmp_path / "definitions.py").write_text(
        "import dagster as dg\n\n\n@dg.asset\ndef figure():\n    return 1\n", encoding="utf-8"
    )
    workspace = tmp_path / "workspace.yaml"
    workspace.write_text(f"load_from:\n- python_file: {tmp_path}/definitions.py\n")
    ensure_instance(tmp_path / "dagster")
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, str(workspace), str(port), request.param],
        env={**os.environ, "DAGSTER_HOME": str(tmp_path / "dagster")},
        stderr=subprocess.PIPE,
        text=True,
    )
    address = f"http://{HOST}:{port}"
    try:
        serving(address, process)
        yield UI(address, request.param == "acts", process)
    finally:
        process.terminate()
        process.communicate(timeout=60)


@pytest.fixture
def hostile(ui, tmp_path):
    """The address of a page of another origin on this machine, which attacks the UI."""
    page = HOSTILE.format(ui=ui.address, mutation=RESUME)
    folder = tmp_path / "hostile"
    folder.mkdir()
    (folder / "index.html").write_text(dedent(page), encoding="utf-8")
    handler = partial(SimpleHTTPRequestHandler, directory=str(folder))
    with ThreadingHTTPServer((HOST, 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://{HOST}:{server.server_port}/"
        server.shutdown()


def test_a_hostile_page_changes_nothing_and_the_own_page_does(ui, hostile, chromium):
    address = ui.address
    page = chromium.new_page()
    page.goto(hostile)
    assert page.evaluate("attack()") == "refused"
    page.wait_for_load_state("networkidle")
    assert is_paused(address)
    assert page.frames[2].locator("text=Lineage").count() == 0
    rebound = page.goto(address.replace(HOST, "evil.example"))
    assert rebound.status == 403
    assert "The Dagster UI is not served under this name" in rebound.text()
    page.goto(address)
    page.wait_for_selector("text=Lineage")
    posted = page.evaluate(
        "async (query) => (await fetch('/graphql', {method: 'POST', body: JSON.stringify({query}),"
        " headers: {'content-type': 'application/json'}})).json()",
        RESUME,
    )
    assert is_paused(address) is not ui.may_act, posted
    page.close()


@pytest.mark.parametrize("ui", ["acts"], indirect=True)
def test_a_ui_whose_daemon_is_gone_ends_and_says_so(ui):
    children = psutil.Process(ui.process.pid).children()
    [daemon] = [child for child in children if "dagster-daemon" in " ".join(child.cmdline())]
    daemon.kill()
    assert ui.process.wait(timeout=60) != 0
    assert "Dagster's daemon ended with code -9" in ui.process.stderr.read()
