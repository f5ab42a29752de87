"""The documentation builds without the net, strictly, and loads nothing from it."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.cli.main import main
from orchestration.extract.mapping.source_map import schema_of_map
from orchestration.home.schemas import schemas
from orchestration.lineage.dbt_docs import docs_page
from orchestration.settings import PROJECT

LOADED = re.compile(
    r"<(?:script|img|iframe|source)\b[^>]*\bsrc=[\"']?(?:https?:)?//"
    r"|<link\b[^>]*\bhref=[\"']?(?:https?:)?//|@import|url\([\"']?(?:https?:)?//"
)


def build(project, folder):
    """What came of a build of a project's documentation into a folder."""
    command = [str(Path(sys.executable).with_name("mkdocs")), "build", "--strict"]
    environment = os.environ | {"NO_MKDOCS_2_WARNING": "1"}
    return subprocess.run(
        [*command, "--site-dir", str(folder)],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documentation") / "site"
    done = build(PROJECT, folder)
    assert done.returncode == 0, done.stderr
    return folder


def text_of(site, page):
    return (site / page).read_text(encoding="utf-8")


def test_no_page_loads_anything_from_the_net(site):
    pages = [*site.rglob("*.html"), *site.rglob("*.css")]
    assert len(pages) > 10
    own = [page for page in pages if page != site / "models" / "index.html"]
    assert [
        page.name
        for page in own
        if LOADED.search(page.read_text(encoding="utf-8", errors="replace"))
    ] == []


def test_every_command_is_in_the_reference(site):
    text = text_of(site, "reference/commands.html")
    assert [name for name in main.commands if f'id="uhi-{name}"' not in text] == []


def test_every_record_has_its_schema(site):
    text = text_of(site, "reference/formats.html")
    linked = re.findall(r'href="(schemas/[^"]+)"', text)
    written = [json.loads(text_of(site / "reference", path)) for path in linked]
    assert written == [*schemas().values(), schema_of_map()]


def test_the_rules_of_alerts_are_those_of_the_methodology(site):
    text = text_of(site, "guides/county.html")
    rules = (PROJECT / "dbt_project" / "seeds" / "methodology" / "alert_rules.csv").read_text(
        "utf-8"
    )
    names = [line.split(",")[6] for line in rules.splitlines()[1:]]
    assert [name for name in names if name not in text] == []
    assert "<td>黄色预警</td>" in text
    assert "<td>健康指数低于 75</td>" in text


def test_dbts_page_of_the_models_is_in_it(site):
    assert (site / "models" / "index.html").read_bytes() == docs_page().read_bytes()


def test_it_can_be_searched_from_a_folder(site):
    assert text_of(site, "search/search_index.js").startswith("var __index = ")
    assert "iframe-worker.js" in text_of(site, "index.html")


def test_a_link_that_leads_nowhere_stops_the_build(tmp_path):
    shutil.copy(PROJECT / "mkdocs.yml", tmp_path)
    shutil.copytree(PROJECT / "docs", tmp_path / "docs")
    with (tmp_path / "docs" / "index.md").open("a", encoding="utf-8") as page:
        page.write("\n[one](nowhere.md) [two](quickstart.md#nowhere)\n")
    done = build(tmp_path, tmp_path / "site")
    assert done.returncode != 0
    assert "contains a link 'nowhere.md'" in done.stderr
    assert "does not contain an anchor '#nowhere'" in done.stderr
    assert "Aborted with 2 warnings" in done.stdout + done.stderr
