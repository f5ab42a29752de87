"""dbt works alone: `dbt build` in dbt_project/ against a landing, unit tests included."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from orchestration.build import candidate, warehouse
from orchestration.extract.landing import extract
from orchestration.settings import DBT_PROJECT
from tests.support.settings import EXAMPLE


@pytest.mark.drill
def test_dbt_build_works_alone(settings, tmp_path):
    intake = extract(settings, str(EXAMPLE / "source"), lambda _: None)
    variables = f"{{landing: {intake.folder.resolve()}, period: 2020-12, as_of: 2020-12-31}}"
    environment = os.environ | {
        "UHI_WAREHOUSE": str(tmp_path / "warehouse.duckdb"),
        "PYTHONPATH": "",
    }
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "build",
        "--vars",
        variables,
        "--target-path",
        str(tmp_path),
        "--log-path",
        str(tmp_path),
    ]
    for arguments in (
        [*command, "--exclude-resource-type", "unit_test"],
        [command[0], "test", *command[2:], "--select", "test_type:unit"],
    ):
        done = subprocess.run(
            arguments, cwd=DBT_PROJECT, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout[-3000:]
    for name in ("committee_overdue_counts_whole_months", "request_due_on_the_third_working_day"):
        assert name in done.stdout


@pytest.mark.drill
def test_dbt_says_what_it_lacks(tmp_path):
    command = [
        str(Path(sys.executable).with_name("dbt")),
        "build",
        "--target-path",
        str(tmp_path),
        "--log-path",
        str(tmp_path),
    ]
    done = subprocess.run(command, cwd=DBT_PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "landing, period and as_of" in done.stdout


@pytest.mark.corruption
@pytest.mark.parametrize(
    ("spoiled", "failing"),
    [
        ("select * from {0} union all select * from {0}", "once"),
        ("select * from {0} where false", "there|whole"),
        (
            (
                "select * replace ("
                "case landing_row when 1 then null else 'guessed' end as rule"
                ") from {0}"
            ),
            "filled|known",
        ),
    ],
)
def test_every_data_test_fails_on_a_spoiled_table(example_run, tmp_path, spoiled, failing):
    settings, _ = example_run
    built = shutil.copytree(settings.home.build("2020-12"), tmp_path / "built")
    variables = candidate.build_variables(
        settings.home, candidate.planned_build(settings.home, "2020-12")
    )
    manifest = json.loads(warehouse.parsed_manifest().read_text(encoding="utf-8"))["nodes"]
    tests = {
        each["name"]: manifest[each["attached_node"]]
        for each in manifest.values()
        if each["resource_type"] == "test"
    }
    chosen = {name: node for name, node in tests.items() if re.search(f"({failing})$", name)}
    with duckdb.connect(str(built / "warehouse.duckdb")) as connection:
        connection.execute("create table refused as select * from staging.refused_rows")
        connection.execute(
            "insert into refused select 'venue', 'N1', 'predicate', '', number"
            " from range(1, 3) as numbers (number)"
        )
        connection.execute("create or replace view staging.refused_rows as select * from refused")
        for number, node in enumerate(
            {node["unique_id"]: node for node in chosen.values()}.values()
        ):
            relation = f"{node['schema']}.{node['name']}"
            connection.execute(f"create table spoiled_{number} as {spoiled.format(relation)}")
            kind = "view" if node["config"]["materialized"] == "view" else "table"
            connection.execute(f"drop {kind} {relation} cascade")
            connection.execute(f"create {kind} {relation} as select * from main.spoiled_{number}")
    arguments = ["test", "--exclude-resource-type", "unit_test", "--vars", json.dumps(variables)]
    warehouse.invoke(
        arguments,
        warehouse=built / "warehouse.duckdb",
        target=built / "dbt",
        manifest=warehouse.fresh_manifest(),
    )
    statuses = {test.unique_id.split(".")[2]: test.status for test in warehouse.data_tests(built)}
    assert set(statuses) == set(tests)
    assert {name for name, status in statuses.items() if status == "warn"} >= set(chosen)


def test_every_column_is_described(example_run):
    settings, _ = example_run
    manifest = json.loads(
        (settings.home.build("2020-12") / "dbt" / "manifest.json").read_text(encoding="utf-8")
    )
    described = {
        (node["schema"], node["name"]): {
            column["name"] for column in node["columns"].values() if column["description"]
        }
        for node in [*manifest["nodes"].values(), *manifest["sources"].values()]
        if node["resource_type"] in {"model", "seed", "source"} and node["description"]
    }
    with duckdb.connect(
        str(settings.home.build("2020-12") / "warehouse.duckdb"), read_only=True
    ) as connection:
        found = connection.execute(
            "select schema_name, table_name, column_name from duckdb_columns() where not internal"
        ).fetchall()
    predecessor = [
        (schema, table, column) for schema, table, column in found if schema != "predecessor"
    ]
    assert len(predecessor) > 500
    assert [each for each in predecessor if each[2] not in described.get(each[:2], set())] == []


def test_one_model_is_one_sql_and_one_yml():
    models = {
        path.with_suffix("")
        for path in (DBT_PROJECT / "models").rglob("*")
        if path.suffix in {".sql", ".py"}
    }
    assert len(models) > 80
    assert [model for model in models if not model.with_suffix(".yml").exists()] == []
