"""dbt's documentation: one page in the internal edition.

It is the same wherever it is generated, with the types of a real build.
"""

import json
import os
import shutil
import subprocess
import sys

import duckdb
import pytest

from orchestration.errors import UsageError
from orchestration.lineage import dbt_docs
from orchestration.settings import DBT_PROJECT, PROJECT
from tests.support.faults import needs_faketime

OF_A_RUN = (
    "invocation_id",
    "generated_at",
    "created_at",
    "root_path",
    "compiled_path",
    '"user_id"',
    str(PROJECT),
    "site-packages",
)


@pytest.fixture(scope="module")
def page():
    return dbt_docs.docs_page().read_text(encoding="utf-8")


def part_of(page, name):
    """The manifest or catalogue that a page holds."""
    content, _ = json.JSONDecoder().raw_decode(
        page.partition({"manifest": "var n={manifest:", "catalog": ",catalog:"}[name])[2]
    )
    return content


@pytest.mark.drill
@needs_faketime
def test_the_same_project_gives_the_same_bytes_wherever_it_is_generated(page, tmp_path):
    elsewhere = tmp_path / "another place"
    for package in ("orchestration", "quality", "dbt_project"):
        shutil.copytree(
            PROJECT / package,
            elsewhere / package,
            ignore=shutil.ignore_patterns("target", "__pycache__"),
        )
    environment = os.environ | {
        "PYTHONPATH": str(elsewhere),
        "PYTHONHASHSEED": "7",
        "TZ": "America/St_Johns",
        "LC_ALL": "C",
        "USER": "somebody",
        "DBT_ENV_CUSTOM_ENV_PLACE": "elsewhere",
    }
    command = ["faketime", "-f", "+400d", sys.executable, "-m", "orchestration.lineage.dbt_docs"]
    done = subprocess.run(
        command, env=environment, cwd=elsewhere, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == str(elsewhere / "dbt_project" / "target" / "docs" / "page.html")
    assert (elsewhere / "dbt_project" / "target" / "docs" / "page.html").read_text(
        encoding="utf-8"
    ) == page


def test_nothing_of_a_run_or_of_dbt_itself_is_in_it(page):
    assert [
        part
        for part in OF_A_RUN
        if part in json.dumps([part_of(page, "manifest"), part_of(page, "catalog")])
    ] == []
    manifest = part_of(page, "manifest")
    assert {macro["package_name"] for macro in manifest["macros"].values()} == {
        "union_health_index"
    }
    assert manifest["metadata"]["send_anonymous_usage_stats"] is False


def test_every_column_is_described_with_the_type_of_a_real_build(page, example_run):
    manifest, catalog = part_of(page, "manifest"), part_of(page, "catalog")
    with duckdb.connect(
        str(example_run[0].home.build("2020-12") / "warehouse.duckdb"), read_only=True
    ) as connection:
        rows = connection.sql(
            "select schema_name, table_name, column_name, data_type from duckdb_columns()"
            " where not internal"
        ).fetchall()
    built = {row[:3]: row[3] for row in rows}
    shown = {
        (node["metadata"]["schema"], node["metadata"]["name"], column["name"]): column["type"]
        for part in ("nodes", "sources")
        for node in catalog[part].values()
        for column in node["columns"].values()
    }
    assert len(shown) > 700
    assert {name: kind for name, kind in shown.items() if built[name] != kind} == {}
    assert {schema for schema, _, _ in built.keys() - shown.keys()} == {"predecessor"}
    nodes = [
        node for node in manifest["nodes"].values() if node["resource_type"] in {"model", "seed"}
    ]
    assert [
        name
        for node in nodes
        for name, column in node["columns"].items()
        if not column["description"]
    ] == []
    models = {
        path.stem for path in (DBT_PROJECT / "models").rglob("*") if path.suffix in {".sql", ".py"}
    }
    assert {node["name"] for node in nodes if node["resource_type"] == "model"} == models
    assert [
        node["name"]
        for node in nodes
        if node.get("language") == "sql" and not node.get("compiled_code", "seed")
    ] == []


def test_it_lies_in_the_internal_edition_and_is_linked_there(page, prepared_example):
    release = prepared_example / "prepared" / "2020-12"
    assert (release / "internal" / "docs" / "index.html").read_text(encoding="utf-8") == page
    assert 'href="docs/index.html"' in (release / "internal" / "index.html").read_text(
        encoding="utf-8"
    )
    assert not (release / "public" / "docs").exists()
    assert 'href="docs/' not in (release / "public" / "index.html").read_text(encoding="utf-8")


def test_a_page_of_dbt_that_is_another_is_refused():
    with pytest.raises(UsageError, match=r"does not have <use xlink:href"):
        dbt_docs.replaced("<html>", "<use xlink:href", "")
