"""Every command of the guides, given in their order as their reader would, in a home of their own.

Blocks of `bash` are commands; a guide's blocks are one session. `/srv` and `/etc/uhi` lie in a
folder of the test, and a union of the demonstration gives its place to one of the example.
"""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.settings import PROJECT
from tests.support.erasing import NUMBER
from tests.support.settings import CALENDAR, EXAMPLE, KEY

DOCS = PROJECT / "docs"
UNION_OF_THE_DEMO, UNION_OF_THE_EXAMPLE = "U0000003", "U0000400"
BLOCK = re.compile(r"^```bash\n(.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN = {
    "make demo": "tests/integration/test_demo.py makes the demonstration at full size",
    "make test": "it is the run that this test belongs to",
    "make drill": "the gate runs it",
    "make lint": "the gate runs it",
    "make models": "tests/unit/test_generated_models.py writes the models of a copy",
    "make bench": "it measures for some minutes; nothing depends on it",
    "make lock": "it asks a package registry",
    "make dev": "it serves until it is stopped; tests/integration/test_dagster.py has its parts",
    "UHI_UI_MAY_ACT=yes make dev": "tests/browser/test_ui_guard.py serves a UI that acts",
    "make docs": "tests/integration/test_docs.py builds the site",
    'VIRTUAL_ENV="$PWD/.venv" dg check defs': "the gate runs it",
    "source .venv/bin/activate": "the tests have their own environment",
}
needs_jq = pytest.mark.skipif(shutil.which("jq") is None, reason="jq (Debian: jq) is not installed")


def commands_of(page):
    """The lines of a page's blocks, but those that are not run."""
    text = (DOCS / f"{page}.md").read_text(encoding="utf-8")
    lines = [line for block in BLOCK.findall(text) for line in block.splitlines()]
    return [line for line in lines if line not in NOT_RUN]


def give(page, folder, place=None, given=""):
    """Give the commands of a page; returns what they wrote. The first that fails ends them."""
    script = "\n".join(["set -euo pipefail", *commands_of(page)])
    for path in ("/srv", "/etc/uhi"):
        script = script.replace(path, f"{folder}{path}")
    script = script.replace(UNION_OF_THE_DEMO, UNION_OF_THE_EXAMPLE)
    outer = {name: value for name, value in os.environ.items() if not name.startswith("UHI_")}
    environment = outer | {
        "HOME": str(folder),
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "UHI_PROCESSES": "1",
        "DAGSTER_DISABLE_TELEMETRY": "yes",
        "XDG_CACHE_HOME": os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")),
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=place or folder,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{done.stdout[-3000:]}\n{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture
def stage(tmp_path):
    """A folder with what a guide takes for granted: a key of the pseudonyms, and a source."""
    (tmp_path / "etc" / "uhi").mkdir(parents=True)
    key = tmp_path / "etc" / "uhi" / "pseudonym.key"
    key.write_text(KEY, encoding="utf-8")
    key.chmod(0o600)
    shutil.copytree(EXAMPLE / "source", tmp_path / "srv" / "handover")
    return tmp_path


def settle(stage, prebuilt_folder):
    """Put a home into its place on the stage, with the calendar, and the keys of people."""
    home = shutil.copytree(prebuilt_folder / "home", stage / "srv" / "uhi", symlinks=True)
    shutil.copyfile(CALENDAR, home / "release_calendar.csv")
    (stage / ".ssh").mkdir(mode=0o700)
    for name in ("alice", "dave"):
        shutil.copy(prebuilt_folder / name, stage / ".ssh")
    return home


def test_quickstart(stage, two_months):
    (stage / "data" / "demo" / "keys").mkdir(parents=True)
    shutil.copytree(two_months, stage / "data", symlinks=True, dirs_exist_ok=True)
    shutil.copy(two_months / "allowed_signers", stage / "data" / "demo" / "keys")
    written = give("quickstart", stage)
    assert "signatures: 2 approvals (alice, dave), 0 overrides: verified" in written


@pytest.mark.drill
def test_operator(stage):
    shutil.rmtree(stage / "etc")
    (stage / "srv" / "request_7.txt").write_text(f"{NUMBER}\n", encoding="utf-8")
    written = give("guides/operator", stage)
    assert "Published 2020-12" in written
    assert "Retracted 2020-12 r2" in written
    assert NUMBER not in written


@pytest.mark.drill
@needs_jq
def test_refused(stage, refused_homes):
    settle(stage, refused_homes / "likely")
    written = give("guides/refused", stage)
    assert "stop_unless_overridden" not in written
    assert 'Good "union-health-index-override" signature for alice' in written


@pytest.mark.drill
def test_auditor(stage, two_months):
    settle(stage, two_months.parent)
    written = give("guides/auditor", stage)
    assert 'Good "union-health-index-release" signature for alice' in written
    assert list((stage / "srv" / "report").glob("*.pdf"))


@pytest.mark.drill
def test_press(stage, awaiting_approval):
    settle(stage, awaiting_approval)
    written = give("guides/press", stage)
    assert 'Good "union-health-index-release" signature for alice' in written


@needs_jq
@pytest.mark.drill
def test_methodologist(stage, two_months):
    settle(stage, two_months.parent)
    give("guides/methodologist", stage)


@pytest.mark.drill
def test_developer(stage, two_months):
    settle(stage, two_months.parent)
    give("guides/developer", stage, place=PROJECT)


def test_every_guide_with_commands_has_its_test():
    pages = {f"guides/{file.stem}" for file in (DOCS / "guides").glob("*.md")} | {"quickstart"}
    tested = set(re.findall(r'give\(\s*"([^"]+)"', Path(__file__).read_text(encoding="utf-8")))
    assert {page for page in pages if commands_of(page)} == tested


def test_what_is_not_run_has_its_reason_and_is_in_a_guide():
    texts = "\n".join(file.read_text(encoding="utf-8") for file in DOCS.rglob("*.md"))
    readme = (PROJECT / "README.md").read_text(encoding="utf-8")
    assert [line for line in NOT_RUN if line not in texts + readme] == []


def test_no_page_has_commands_in_another_form():
    for file in DOCS.rglob("*.md"):
        fences = re.findall(r"^```(\w*)$", file.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(fences) <= {"", "bash", "text"}, file
