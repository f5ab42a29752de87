"""What a person writes to add a source table or an indicator; the rest of dbt follows from it."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration.contract.generated_models import check_models, generated_files, write_models
from orchestration.errors import UsageError
from orchestration.settings import DBT_PROJECT

ENTRY = """      - name: reading_circle
        description: "Workers' reading circles: those that meet."
        config:
          meta:
            zh: 职工读书会
            en: Reading circle
            row: {zh: 一个读书会。, en: One reading circle.}
            key: [circle_id]
            watermark: updated_at
            references: {union_id: union_org, member_id: member}
        columns:
          - name: circle_id
            description: Identifier of the circle.
            data_type: varchar
            config: {meta: {type: text, required: true}}
          - name: union_id
            description: Union of the circle.
            data_type: varchar
            config: {meta: {type: text, required: true}}
          - name: member_id
            description: Member who leads it.
            data_type: varchar
            config: {meta: {type: text}}
          - name: met_at
            description: Moment of the last meeting.
            data_type: timestamptz
            config:
              meta:
                type: timestamptz
                day: {name: met_on, description: Day of the last meeting.}
          - name: updated_at
            description: Moment of the row's last change on the platform.
            data_type: timestamptz
            config: {meta: {type: timestamptz, required: true}}
          - *landing_row
          - *key_rows
          - *fault_rule
          - *fault_column
"""
INDICATOR = "{{ per_employee(ref('stg_skills_event'), day='facts.held_on', amount='count(*)') }}\n"
ROWS = {
    "seeds/methodology/indicators.csv": (
        "2020,training_held,innovation,21,basic,1,per_100_employees,培训场次,Training held\n"
    ),
    "seeds/methodology/scoring_knots.csv": "2020,training_held,0,0\n2020,training_held,10,100\n",
}
ADDED = {
    "models/staging/stg_reading_circle.sql",
    "models/staging/stg_reading_circle.yml",
    "models/staging/refused/refused_reading_circle.sql",
    "models/staging/refused/refused_reading_circle.yml",
}


@pytest.fixture
def project(tmp_path):
    """A copy of the dbt project."""
    return shutil.copytree(
        DBT_PROJECT,
        tmp_path / "dbt_project",
        ignore=shutil.ignore_patterns("target", "logs", "__pycache__", ".user.yml"),
    )


def texts(project):
    return {
        str(path.relative_to(project)): path.read_bytes()
        for path in project.rglob("*")
        if path.is_file()
    }


def add_entry(project):
    registry = project / "models" / "sources.yml"
    registry.write_text(registry.read_text(encoding="utf-8") + ENTRY, encoding="utf-8")


def differing(before, after):
    return {path for path in before.keys() | after.keys() if before.get(path) != after.get(path)}


def test_generated_files_follow_from_the_registry():
    check_models(DBT_PROJECT)


def test_a_source_table_is_one_entry_in_the_registry(project, tmp_path):
    original = texts(project)
    add_entry(project)
    by_hand = texts(project)
    assert differing(original, by_hand) == {"models/sources.yml"}
    write_models(project)
    assert differing(by_hand, texts(project)) == {*ADDED, "macros/source_tables.sql"}
    models = parsed_models(project, tmp_path / "target")
    for account in ("row_balance", "refused_rows", "refused_places", "refused_values"):
        assert "model.union_health_index.refused_reading_circle" in models[account], account
    assert models["stg_reading_circle"] == [
        "model.union_health_index.refused_reading_circle",
        "source.union_health_index.platform.reading_circle",
    ]
    assert models["refused_reading_circle"] == [
        "model.union_health_index.stg_member",
        "model.union_health_index.stg_union_org",
        "source.union_health_index.platform.reading_circle",
    ]
    staged = (project / "models" / "staging" / "stg_reading_circle.sql").read_text(encoding="utf-8")
    assert "    {{ local_date('source.met_at') }} as met_on,\n" in staged


def test_an_indicator_is_its_model_its_words_and_its_rows(project, tmp_path):
    original = texts(project)
    model = project / "models" / "indicators" / "ind_training_held"
    model.with_suffix(".sql").write_text(INDICATOR, encoding="utf-8")
    described = (project / "models" / "indicators" / "ind_skills_participation.yml").read_text(
        encoding="utf-8"
    )
    model.with_suffix(".yml").write_text(
        described.replace("ind_skills_participation", "ind_training_held"), encoding="utf-8"
    )
    for table, row in ROWS.items():
        with (project / table).open("a", encoding="utf-8") as lines:
            lines.write(row)
    by_hand = texts(project)
    assert differing(original, by_hand) == {
        "models/indicators/ind_training_held.sql",
        "models/indicators/ind_training_held.yml",
        *ROWS,
    }
    with pytest.raises(UsageError, match=r"macros/indicator_names\.sql is stale"):
        check_models(project)
    write_models(project)
    assert differing(by_hand, texts(project)) == {"macros/indicator_names.sql"}
    models = parsed_models(project, tmp_path / "target")
    assert "model.union_health_index.ind_training_held" in models["int_indicator_value"]
    assert models["ind_training_held"] == [
        "model.union_health_index.int_linked_union",
        "model.union_health_index.int_period",
        "model.union_health_index.stg_skills_event",
    ]


def parsed_models(project, target):
    """What each model reads, sorted, as dbt finds it."""
    command = [str(Path(sys.executable).with_name("dbt")), "parse", "--no-partial-parse"]
    folders = ["--target-path", str(target), "--log-path", str(target)]
    environment = {**os.environ, "UHI_WAREHOUSE": str(target / "warehouse.duckdb")}
    done = subprocess.run(
        [*command, *folders],
        cwd=project,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
    return {
        node["name"]: sorted(node["depends_on"]["nodes"])
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }


def test_a_table_that_the_registry_gained_makes_files_stale(project):
    add_entry(project)
    with pytest.raises(UsageError, match="Run `make models`") as error:
        check_models(project)
    for path in ADDED:
        assert f"{path} is stale" in str(error.value)


def test_a_file_of_a_table_that_the_registry_lost_is_left_over(project):
    registry = (project / "models" / "sources.yml").read_text(encoding="utf-8")
    add_entry(project)
    write_models(project)
    (project / "models" / "sources.yml").write_text(registry, encoding="utf-8")
    with pytest.raises(UsageError, match="Run `make models`") as error:
        check_models(project)
    for path in ADDED:
        assert f"{path} is left over" in str(error.value)
    write_models(project)
    assert not ADDED & texts(project).keys()
    check_models(project)


def test_a_generated_file_that_was_edited_is_stale(project):
    edited = min(generated_files(project))
    (project / edited).write_text("edited\n", encoding="utf-8")
    with pytest.raises(UsageError, match=f"{edited} is stale"):
        check_models(project)
