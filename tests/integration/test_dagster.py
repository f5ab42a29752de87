"""The same as Dagster jobs: definitions without a warning, a night and a publication on a real instance, the schedule's month."""

import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.demo.city import make_city
from orchestration.settings import PROJECT
from tests.conftest import KEY


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    from orchestration.definitions import build_defs
    from orchestration.settings import Settings

    folder = tmp_path_factory.mktemp("dagster")
    make_city(folder / "source", enterprises=400)
    venues = folder / "source" / "venue.parquet"
    repeated = duckdb.sql(f"select * from '{venues}' union all (select * from '{venues}' limit 1)").to_arrow_table()
    pq.write_table(repeated, venues)
    settings = Settings(home=folder / "home", source=str(folder / "source"), pseudonym_key=KEY)
    return settings, build_defs(settings)


def test_definitions_validate_without_a_warning(tmp_path):
    (tmp_path / "dagster.yaml").touch()
    command = [str(Path(sys.executable).with_name("dagster")), "definitions", "validate"]
    done = subprocess.run(
        command, cwd=PROJECT, capture_output=True, text=True, check=True, env={"DAGSTER_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    )
    output = done.stdout + done.stderr
    assert "All code locations passed validation" in output
    # The command itself is superseded by `dg check defs`; that is said of it, not of the definitions.
    warned = [line for line in output.splitlines() if "warning" in line.lower() and "SupersessionWarning" not in line]
    assert not warned


def test_groups_show_the_way_of_the_data(definitions):
    _, defs = definitions
    groups = set(defs.resolve_asset_graph().get_all_asset_keys())
    named = {key.path[0] for key in groups}
    assert {"landing", "staging", "measures", "indicators", "index", "publication", "candidate", "release"} <= named


def test_a_night_and_a_publication(definitions):
    settings, defs = definitions
    with dg.DagsterInstance.ephemeral() as instance:
        night = defs.resolve_job_def("nightly_build").execute_in_process(instance=instance, partition_key="2020-12")
        evaluations = night.get_asset_check_evaluations()
        assert all(evaluation.passed for evaluation in evaluations)
        names = {evaluation.check_name for evaluation in evaluations}
        assert "verdict" in names
        assert "points_sum_to_index" in names
        [candidate] = [
            event.step_materialization_data.materialization
            for event in night.get_asset_materialization_events()
            if event.asset_key == dg.AssetKey(["candidate", "candidate"])
        ]
        [venues] = [
            event.materialization.metadata
            for event in night.get_asset_materialization_events()
            if event.asset_key == dg.AssetKey(["staging", "stg_venue"])
        ]
        assert {name: value.value for name, value in venues.items() if name.startswith("refused/")} == {"refused/merged": 1}
        assert "鹿城区" in candidate.metadata["ranking"].value
        assert defs.resolve_job_def("publication").execute_in_process(instance=instance, partition_key="2020-12").success
    assert (settings.home / "releases" / "2020-12" / "r1" / "SHA256SUMS").exists()


def test_a_publication_alone_is_refused(definitions):
    _, defs = definitions
    with dg.DagsterInstance.ephemeral() as instance:
        refused = defs.resolve_job_def("publication").execute_in_process(instance=instance, partition_key="2020-10", raise_on_error=False)
    assert not refused.success


@pytest.mark.parametrize(("night", "month"), [((2020, 11, 30, 18, 30), "2020-11"), ((2020, 12, 1, 18, 30), "2020-12")])
def test_the_night_builds_the_month_of_the_day_before(night, month):
    from orchestration.operations import nightly

    context = dg.build_schedule_context(scheduled_execution_time=datetime(*night, tzinfo=UTC))
    assert nightly(context).partition_key == month
