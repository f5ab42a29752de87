"""The same as Dagster jobs.

Definitions without a warning, a night and a publication on a real instance, and the schedule's
month.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import duckdb
import pyarrow.parquet as pq
import pytest

from orchestration.build.candidate import planned_build
from orchestration.build.gate import read_verdict
from orchestration.definitions import build_defs
from orchestration.defs.graph import CANDIDATE, MONTHS, PREPARED
from orchestration.defs.instance import ensure_instance
from orchestration.defs.judgement import family_of
from orchestration.demo.city import make_city
from orchestration.documents.edition import rows_of
from orchestration.periods import Period
from orchestration.settings import DBT_PROJECT, PROJECT, Settings
from quality.verdict import required_checks
from tests.support.people import approve
from tests.support.servers import answers, free_port, running, wait_until
from tests.support.settings import EXAMPLE, KEY


@pytest.fixture(scope="module")
def definitions(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dagster")
    make_city(folder / "source", enterprises=400)
    venues = folder / "source" / "venue.parquet"
    repeated = duckdb.sql(
        f"select * from '{venues}' union all (select * from '{venues}' limit 1)"
    ).to_arrow_table()
    pq.write_table(repeated, venues)
    settings = Settings(
        home=folder / "home",
        source=str(folder / "source"),
        pseudonym_key=KEY,
        operator="erin",
    )
    return settings, build_defs(settings)


@pytest.mark.drill
def test_definitions_validate_without_a_warning(tmp_path):
    (tmp_path / "dagster.yaml").touch()
    command = [str(Path(sys.executable).with_name("dagster")), "definitions", "validate"]
    done = subprocess.run(
        command,
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
        env={"DAGSTER_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"},
    )
    output = done.stdout + done.stderr
    assert "All code locations passed validation" in output
    # The command itself is superseded by `dg check defs`; that is said of it, not of the
    # definitions.
    warned = [
        line
        for line in output.splitlines()
        if "warning" in line.lower() and "SupersessionWarning" not in line
    ]
    assert not warned


def test_checks_are_few_described_and_by_month(definitions):
    graph = definitions[1].resolve_asset_graph()
    checks = [graph.get(key) for key in graph.asset_check_keys]
    on_candidate = [check for check in checks if check.key.asset_key == CANDIDATE]
    assert 1 + len(set(map(family_of, required_checks()))) == len(on_candidate) < 50
    assert all(check.description for check in on_candidate)
    assert {check.partitions_def for check in checks} == {MONTHS}


def test_assets_say_what_they_are_and_whose(definitions):
    graph = definitions[1].resolve_asset_graph()
    made = [graph.get(key) for key in graph.materializable_asset_keys]
    assert all(asset.description and "Raw SQL" not in asset.description for asset in made)
    assert all(asset.owners and "dagster/code_references" in asset.metadata for asset in made)
    assert {asset.partitions_def for asset in made} == {MONTHS}
    seeds = graph.asset_keys_for_group("methodology")
    assert len(seeds) == len(list((DBT_PROJECT / "seeds").rglob("*.csv")))
    assert {graph.get(key).partitions_def for key in seeds} == {None}


def test_landed_tables_show_their_columns_and_what_is_personal(definitions):
    member = definitions[1].resolve_asset_graph().get(dg.AssetKey(["landing", "member"]))
    assert member.description.startswith("实名制会员.")
    assert "Not landed, for they are personal: name, id_number, phone." in member.description
    assert member.tags["personal_data"] == "pseudonymised"
    assert member.freshness_policy.warn_window.to_timedelta() == timedelta(hours=26)
    columns = {column.name: column for column in member.metadata["dagster/column_schema"].columns}
    assert columns["gender"].type == "varchar"
    assert columns["gender"].description == "性别. Gender, f or m."
    personal = {name: column.tags for name, column in columns.items() if column.tags}
    assert personal["id_pseudonym"] == {"personal_data": "made of id_number"}


def test_groups_show_the_way_of_the_data(definitions):
    _, defs = definitions
    groups = set(defs.resolve_asset_graph().get_all_asset_keys())
    named = {key.path[0] for key in groups}
    assert {
        "landing",
        "staging",
        "measures",
        "indicators",
        "index",
        "publication",
        "candidate",
        "alerts",
        "release",
    } <= named


def test_a_night_and_a_publication(definitions):
    settings, defs = definitions
    with dg.DagsterInstance.ephemeral() as instance:
        night = defs.resolve_job_def("nightly_build").execute_in_process(
            instance=instance, partition_key="2020-12"
        )
        evaluations = night.get_asset_check_evaluations()
        failed = [evaluation for evaluation in evaluations if not evaluation.passed]
        assert [(evaluation.check_name, evaluation.severity) for evaluation in failed] == [
            ("predecessor", dg.AssetCheckSeverity.WARN)
        ]
        names = {evaluation.check_name for evaluation in evaluations}
        assert {"verdict", "alert", "plausibility"} <= names
        assert {evaluation.partition for evaluation in evaluations} == {"2020-12"}
        assert "index_once" in names
        assert read_verdict(settings.home, Period(2020, 12)).prepared_by == "erin"
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
        assert {
            name: value.value for name, value in venues.items() if name.startswith("refused/")
        } == {"refused/merged": 1}
        columns = {
            event.asset_key.to_user_string(): event.materialization.metadata[
                "dagster/column_lineage"
            ].value.deps_by_column
            for event in night.get_asset_materialization_events()
            if "dagster/column_lineage" in event.materialization.metadata
        }
        assert (
            dg.TableColumnDep(dg.AssetKey(["index", "int_dimension"]), "points")
            in columns["index/int_index"]["health_index"]
        )
        assert columns["staging/stg_region"]["name_zh"] == [
            dg.TableColumnDep(dg.AssetKey(["landing", "region"]), "name_zh")
        ]
        assert (
            dg.TableColumnDep(dg.AssetKey(["methodology", "indicators"]), "weight")
            in columns["index/int_county_rank_interval"]["rank_low"]
        )
        assert {
            dependency.asset_key
            for table in columns.values()
            for each in table.values()
            for dependency in each
        } <= set(defs.resolve_asset_graph().get_all_asset_keys())
        assert "| union_index |" in candidate.metadata["rows"].value
        [cases] = [
            event.step_materialization_data.materialization.metadata
            for event in night.get_asset_materialization_events()
            if event.asset_key == dg.AssetKey(["alerts", "cases"])
        ]
        assert cases["evaluation"].value.startswith("2020-12 as of 2020-12-31: ")
        assert cases["open_cases"].value > 0
        assert "| open | 0 | 0 | 0 |" in cases["cases"].value
        counties = set(instance.get_dynamic_partitions("counties"))
        assert counties
        assert instance.get_materialized_partitions(dg.AssetKey(["alerts", "desks"])) == counties
        assert "鹿城区" not in str(candidate.metadata)
        preparation, publication = (
            defs.resolve_job_def(name) for name in ("preparation", "publication")
        )
        prepared = preparation.execute_in_process(instance=instance, partition_key="2020-12")
        assert approval_state(prepared.get_asset_materialization_events()[0].materialization) == (
            "0 of 2",
            "nobody yet",
        )
        approve(settings, "alice")
        assert not publication.execute_in_process(
            instance=instance, partition_key="2020-12", raise_on_error=False
        ).success
        assert not (settings.home.releases).exists()
        [shown] = instance.fetch_observations(dg.AssetKey(["release", "prepared"]), limit=1).records
        approvals, approved_by = approval_state(shown.asset_observation)
        assert approvals == "1 of 2"
        assert approved_by.startswith("- alice, ")
        approve(settings, "dave")
        published = publication.execute_in_process(instance=instance, partition_key="2020-12")
        assert_public_edition(
            settings, published.get_asset_materialization_events()[0].materialization.metadata
        )
        publication.execute_in_process(instance=instance, partition_key="2020-12")
        [shown] = instance.fetch_observations(PREPARED, limit=1).records
        assert approval_state(shown.asset_observation)[0] == "2 of 2"
    assert (settings.home.release("2020-12", "r1") / "approvals" / "2.json.sig").exists()


def assert_public_edition(settings, metadata):
    """Dagster shows what the public edition shows: of a suppressed county no figure."""
    counties = rows_of(settings.home.release("2020-12", "r1") / "public" / "county_ranking.parquet")
    hidden = [row for row in counties if row["health_index"] is None]
    assert hidden
    assert len(hidden) < len(counties)
    for row in hidden:
        assert f"| – | {row['name_zh']} {row['name_en']} | – |" in metadata["ranking"].value
        assert f"{row['name_zh']} {row['name_en']} | – | – | – |" in metadata["health_codes"].value


def approval_state(event):
    return event.metadata["approvals"].value, event.metadata["approved_by"].value


def test_no_person_stands_for_a_run_without_an_operator(tmp_path, monkeypatch):
    """Not even the system's user, who may have launched it and then approve it.

    What nobody prepared is not approved by anybody (`test_approval.py`).
    """
    monkeypatch.setenv("USER", "alice")
    monkeypatch.setenv("LOGNAME", "alice")
    settings = Settings(home=tmp_path / "home", source=str(EXAMPLE / "source"), pseudonym_key=KEY)
    nightly = build_defs(settings).resolve_job_def("nightly_build")
    landing = [key for key in nightly.asset_layer.executable_asset_keys if key.path[0] == "landing"]
    with dg.DagsterInstance.ephemeral() as instance:
        nightly.execute_in_process(
            instance=instance,
            partition_key="2020-12",
            asset_selection=landing,
            tags={"dagster/user": "alice"},
        )
    assert planned_build(settings.home, "2020-12").prepared_by is None


@pytest.mark.parametrize("job", ["preparation", "publication"])
def test_a_release_alone_is_refused(definitions, job):
    _, defs = definitions
    with dg.DagsterInstance.ephemeral() as instance:
        refused = defs.resolve_job_def(job).execute_in_process(
            instance=instance, partition_key="2020-10", raise_on_error=False
        )
    assert not refused.success


@pytest.mark.parametrize(
    ("night", "month"), [((2020, 11, 30, 18, 30), "2020-11"), ((2020, 12, 1, 18, 30), "2020-12")]
)
def test_the_night_builds_the_month_of_the_day_before(night, month):
    from orchestration.defs.operations import nightly

    context = dg.build_schedule_context(scheduled_execution_time=datetime(*night, tzinfo=UTC))
    assert nightly(context).partition_key == month


def assert_red_in_words(refused):
    """The run of a refused candidate failed, and says by which checks.

    Its checks show the failures first.
    """
    assert not refused.success
    [failed] = [event for event in refused.all_events if event.is_step_failure]
    told = failed.step_failure_data.user_failure_data
    assert told.description.startswith("2020-12 is refused by ")
    assert (
        "rows.refused_share: source tables of which more than 0.5 % of the rows were refused (1)"
        in told.description
    )
    assert "`rows.refused_share`" in told.metadata["failed_checks"].value
    checks = {check.check_name: check for check in refused.get_asset_check_evaluations()}
    assert not checks["verdict"].passed
    assert (checks["rows"].passed, checks["rows"].severity) == (False, dg.AssetCheckSeverity.ERROR)
    assert checks["rows"].metadata["checks"].value.startswith("- stop `rows.refused_share`")
    assert checks["rows"].partition == "2020-12"


@pytest.mark.drill
def test_a_check_reported_as_passed_through_the_webserver_publishes_nothing(tmp_path):
    """Whoever reaches the webserver may report a check.

    Publication reads the verdict's file, and refuses.
    """
    make_city(tmp_path / "source", enterprises=200)
    venues = tmp_path / "source" / "venue.parquet"
    pq.write_table(
        duckdb.sql(f"select * replace ('nowhere' as union_id) from '{venues}'").to_arrow_table(),
        venues,
    )
    settings = Settings(
        home=tmp_path / "home",
        source=str(tmp_path / "source"),
        pseudonym_key=KEY,
        operator="erin",
    )
    ensure_instance(tmp_path / "dagster")
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
        night = build_defs(settings).resolve_job_def("nightly_build")
        refused = night.execute_in_process(
            instance=instance, partition_key="2020-12", raise_on_error=False
        )
    assert_red_in_words(refused)
    environment = {
        "PATH": "/usr/bin:/bin",
        "DAGSTER_HOME": str(tmp_path / "dagster"),
        "UHI_HOME": str(settings.home.folder),
    }
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("dagster-webserver")),
        "-m",
        "orchestration.definitions",
        "-p",
        str(port),
    ]
    with running(command, environment, tmp_path / "webserver.log") as server:
        wait_until(lambda: answers(port, "/server_info"), server)
        assert answers(
            port,
            "/report_asset_check/candidate/candidate?check_name=verdict&passed=true",
            method="POST",
        )
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
        defs = build_defs(settings)
        for job in ("preparation", "publication"):
            refused = defs.resolve_job_def(job).execute_in_process(
                instance=instance, partition_key="2020-12", raise_on_error=False
            )
            assert not refused.success
    assert not list((settings.home.preparations).glob("*"))
    assert not (settings.home.releases).exists()
