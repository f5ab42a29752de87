"""Both doors show one history: what `uhi` did is told to the home's Dagster instance.

What waits for people is skipped, not failed.
"""

import shutil

import dagster as dg
import pytest
from click.testing import CliRunner

from orchestration import pipeline
from orchestration.cli.main import main
from orchestration.definitions import build_defs
from orchestration.defs.alerts import CASES, DESKS
from orchestration.defs.graph import CANDIDATE, PREPARED, PUBLISHED
from orchestration.defs.history import tell
from orchestration.defs.instance import ensure_instance
from orchestration.defs.reporting import report
from orchestration.extract.intakes import latest_record
from orchestration.home.layout import Home
from tests.support.faults import copy_of
from tests.support.people import DECEMBER, allow
from tests.support.settings import CALENDAR, settings_in


@pytest.fixture(scope="module")
def home(example_run, tmp_path_factory):
    """The example's home as `uhi run` leaves it, with an instance of Dagster."""
    home = copy_of(example_run[0].home.folder, tmp_path_factory.mktemp("history"), "home")
    settings = settings_in(home)
    intake = latest_record(settings.home).intake
    pipeline.compare_with_published(settings, intake, lambda _: None)
    ensure_instance(Home(home).dagster)
    return home


def instance_of(home):
    return dg.DagsterInstance.from_config(str(Home(home).dagster))


def latest_of(instance, key):
    [record] = instance.fetch_materializations(key, limit=1).records
    return record.asset_materialization


def test_a_run_of_uhi_shows_in_dagster_as_one_of_its_own(home):
    settings = settings_in(home)
    report(settings, DECEMBER, ["landing", "revisions", "models", "candidate"], lambda _: None)
    graph = build_defs(settings).resolve_asset_graph()
    made = (
        dg.AssetSelection.assets(CANDIDATE).upstream().resolve(graph)
        & graph.materializable_asset_keys
    )
    with instance_of(home) as instance:
        for key in made:
            assert instance.get_materialized_partitions(key) == {"2020-12"}
        assert latest_of(instance, dg.AssetKey(["index", "int_index"])).metadata[
            "dagster/column_lineage"
        ]
        assert (
            latest_of(instance, dg.AssetKey(["landing", "member"]))
            .metadata["dagster/row_count"]
            .value
        )
        checks = instance.event_log_storage.get_latest_asset_check_execution_by_key(
            list(graph.asset_check_keys)
        )
    assert set(checks) == set(graph.asset_check_keys)
    evaluations = [
        record.event.dagster_event.asset_check_evaluation_data for record in checks.values()
    ]
    assert {evaluation.partition for evaluation in evaluations} == {"2020-12"}
    assert {evaluation.check_name for evaluation in evaluations if not evaluation.passed} <= {
        "plausibility"
    }


def test_a_month_that_is_run_again_shows_what_it_was_judged_last(home):
    settings = settings_in(home)
    stages = ["revisions", "models", "candidate"]
    tell(settings, DECEMBER, stages)
    tell(settings, DECEMBER, stages)
    keys = list(build_defs(settings).resolve_asset_graph().asset_check_keys)
    with instance_of(home) as instance:
        checks = instance.event_log_storage.get_latest_asset_check_execution_by_key(keys)
        again = [
            instance.event_log_storage.get_asset_check_execution_history(key, limit=9)
            for key in keys
        ]
    assert set(checks) == set(keys)
    assert {len(records) for records in again} == {1}


def test_the_cases_of_a_run_of_uhi_show_with_the_desk_of_each_county(home):
    settings = settings_in(home)
    report(settings, DECEMBER, ["cases"], lambda _: None)
    pages = {page.parent.name: page for page in settings.home.desks.glob("*/index.html")}
    with instance_of(home) as instance:
        cases = latest_of(instance, CASES)
        assert cases.partition == "2020-12"
        assert cases.metadata["evaluation"].value.startswith("2020-12 as of 2020-12-31: ")
        assert cases.metadata["open_cases"].value > 0
        assert set(instance.get_dynamic_partitions("counties")) == set(pages)
        assert instance.get_materialized_partitions(DESKS) == set(pages)
        desk = latest_of(instance, DESKS)
    assert {name: value.value for name, value in desk.metadata.items()} == {
        "page": str(pages[desk.partition])
    }


def test_a_month_that_was_not_evaluated_shows_no_cases(home):
    settings = settings_in(home)
    report(settings, DECEMBER.previous.previous.previous, ["cases"], lambda _: None)
    with instance_of(home) as instance:
        assert "2020-09" not in instance.get_materialized_partitions(CASES)


def test_the_commands_of_a_release_show_too(prepared_example, tmp_path):
    home = copy_of(prepared_example, tmp_path, "home")
    settings = settings_in(home)
    allow(settings, "alice", "dave")
    ensure_instance(Home(home).dagster)
    tell(settings, DECEMBER, ["prepared"])
    environment = {"UHI_HOME": str(home), "UHI_RELEASE_CALENDAR": str(CALENDAR)}
    for arguments in (
        ("approve", "2020-12", "--as", "alice", "--key", str(tmp_path / "alice")),
        ("approve", "2020-12", "--as", "dave", "--key", str(tmp_path / "dave")),
        ("publish", "2020-12"),
        ("retract", "2020-12", "--reason", "a test"),
    ):
        done = CliRunner().invoke(main, arguments, env=environment)
        assert done.exit_code == 0, done.output
    with instance_of(home) as instance:
        assert latest_of(instance, PREPARED).metadata["approvals"].value == "0 of 2"
        told = [
            record.asset_observation
            for record in instance.fetch_observations(PREPARED, limit=10).records
        ]
        assert [each.metadata["approvals"].value for each in told] == ["2 of 2", "2 of 2", "1 of 2"]
        published = latest_of(instance, PUBLISHED)
        assert (published.partition, published.metadata["release"].value) == ("2020-12", "r1")
        [retracted] = instance.fetch_observations(PUBLISHED, limit=1).records
    assert retracted.asset_observation.metadata["in_force"].value == "retracted"


def test_a_history_that_cannot_be_told_is_said_and_fails_nothing(tmp_path, capsys):
    home = tmp_path / "home"
    settings = settings_in(home)
    report(settings, DECEMBER, ["candidate"], lambda _: None)
    assert capsys.readouterr().err == ""
    Home(home).dagster.mkdir(parents=True)
    (Home(home).dagster / "dagster.yaml").write_text("storage: nonsense\n", encoding="utf-8")
    report(settings, DECEMBER, ["candidate"], lambda _: None)
    assert "2020-12: not reported to Dagster's history (" in capsys.readouterr().err


def skipped_and_waiting(settings, instance):
    """Make the candidate, and then the release; returns what prepared and published wait for."""
    assets = [
        asset for asset in build_defs(settings).assets if isinstance(asset, dg.AssetsDefinition)
    ]
    release = dg.AssetSelection.assets(CANDIDATE, PREPARED, PUBLISHED)
    run = dg.materialize(
        assets,
        selection=release,
        partition_key="2020-12",
        instance=instance,
        resources={"settings": settings},
    )
    assert run.success
    observed = {
        key: instance.fetch_observations(key, limit=1).records[0].asset_observation.description
        for key in (PREPARED, PUBLISHED)
        if instance.fetch_observations(key, limit=1).records
    }
    return run, observed


@pytest.mark.drill
def test_materializing_all_ends_green_where_people_have_to_act_first(home, tmp_path):
    copied = copy_of(home, tmp_path, "home")
    unplanned = settings_in(copied, tmp_path / "calendar.csv")
    with dg.DagsterInstance.ephemeral() as instance:
        run, waits = skipped_and_waiting(unplanned, instance)
        assert [step.step_key for step in run.all_events if step.is_step_skipped] == [
            "release__published"
        ]
        assert f"Skipped; it waits for: a row in {tmp_path / 'calendar.csv'}" in waits[PREPARED]
    with dg.DagsterInstance.ephemeral() as instance:
        run, waits = skipped_and_waiting(settings_in(copied), instance)
        assert (copied / "prepared" / "2020-12").is_dir()
        assert "none of the 2 approvals" in waits[PUBLISHED]
    assert not (copied / "releases").exists()


def test_a_table_that_is_gone_fails_the_step_in_words(home, tmp_path):
    settings = settings_in(copy_of(home, tmp_path, "home"))
    shutil.rmtree(settings.home.build("2020-12"))
    assets = [
        asset for asset in build_defs(settings).assets if isinstance(asset, dg.AssetsDefinition)
    ]
    with dg.DagsterInstance.ephemeral() as instance:
        refused = dg.materialize(
            assets,
            selection=dg.AssetSelection.assets(CANDIDATE),
            partition_key="2020-12",
            instance=instance,
            resources={"settings": settings},
            raise_on_error=False,
        )
    [failed] = [event.step_failure_data for event in refused.all_events if event.is_step_failure]
    assert failed.user_failure_data.description == "No build of 2020-12 is planned; extract first."
