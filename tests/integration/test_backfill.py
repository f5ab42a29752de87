"""A backfill of three months launched at once, by real processes.

Each run waits for its turn; each month is built on the one before.
"""

import itertools
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import dagster as dg
import pytest
from dagster._core.execution.backfill import BulkActionStatus
from dagster._core.instance.config import PoolGranularity
from dagster._core.test_utils import create_run_for_test, instance_for_test
from dagster._core.workspace.context import WorkspaceProcessContext
from dagster._core.workspace.load_target import ModuleTarget
from dagster_graphql.test.utils import execute_dagster_graphql

from orchestration.definitions import build_defs
from orchestration.defs.graph import (
    CANDIDATE,
    HOME_POOL,
    await_earlier_months,
    earlier_months_running,
)
from orchestration.defs.instance import ensure_instance
from orchestration.errors import HomeBusyError
from orchestration.home import files
from orchestration.ui.partitions import compare_by_value
from quality.publication import history_tables
from tests.support import ledgers
from tests.support.faults import environment_of
from tests.support.servers import dagster, running
from tests.support.settings import EXAMPLE, settings_in

MONTHS = ("2020-10", "2020-11", "2020-12")
WITHOUT_POOLS = "telemetry:\n  enabled: false\n"
SECONDS = 900
DEFINITIONS = "orchestration.definitions"
LAUNCH = """
    mutation Launch($parameters: LaunchBackfillParams!) {
        launchPartitionBackfill(backfillParams: $parameters) {
            __typename
            ... on LaunchBackfillSuccess { backfillId }
            ... on PythonError { message }
        }
    }
"""


@contextmanager
def webserver(instance):
    """What the web server knows of the project's definitions, from a process that loads them."""
    target = ModuleTarget(DEFINITIONS, attribute=None, working_directory=None, location_name=None)
    with WorkspaceProcessContext(instance, target) as process:
        yield process.create_request_context()


def launch(context):
    """Launch a backfill as the UI does: three months of all assets up to the candidate.

    Returns what the web server answers.
    """
    graph = context.asset_graph
    keys = dg.AssetSelection.assets(CANDIDATE).upstream().resolve(graph)
    selection = sorted(keys & graph.materializable_asset_keys)
    parameters = {
        "assetSelection": [{"path": list(key.path)} for key in selection],
        "partitionNames": list(MONTHS),
        "fromFailure": False,
    }
    # In a thread of its own: the browser of other tests keeps an event loop running in this one.
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(
            execute_dagster_graphql, context, LAUNCH, {"parameters": parameters}
        ).result()
    return answer.data["launchPartitionBackfill"]


def await_end(instance, backfill, daemon):
    deadline = time.monotonic() + SECONDS
    while instance.get_backfill(backfill).status == BulkActionStatus.REQUESTED:
        assert daemon.poll() is None
        assert time.monotonic() < deadline
        time.sleep(1)
    return instance.get_backfill(backfill).status


def test_the_web_server_takes_a_backfill_of_three_months(tmp_path, monkeypatch):
    monkeypatch.setenv("UHI_HOME", str(tmp_path / "home"))
    compare_by_value()
    with instance_for_test() as instance, webserver(instance) as context:
        launched = launch(context)
        assert launched["__typename"] == "LaunchBackfillSuccess", launched
        assert instance.get_backfill(launched["backfillId"]).status == BulkActionStatus.REQUESTED


@pytest.mark.drill
def test_three_months_launched_at_once_all_succeed_in_order(tmp_path, monkeypatch):
    """On an instance with Dagster's defaults, whose pools have no limit, all runs start at once."""
    settings = settings_in(tmp_path / "home")
    (tmp_path / "dagster").mkdir()
    (tmp_path / "dagster" / "dagster.yaml").write_text(WITHOUT_POOLS, encoding="utf-8")
    environment = environment_of(
        settings.home.folder,
        DAGSTER_HOME=str(tmp_path / "dagster"),
        UHI_SOURCE=str(EXAMPLE / "source"),
    )
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
        monkeypatch.setenv("UHI_HOME", str(settings.home.folder))
        compare_by_value()
        with webserver(instance) as context:
            backfill = launch(context)["backfillId"]
        with running(
            dagster("dagster-daemon", "run"), environment, tmp_path / "daemon.log"
        ) as daemon:
            status = await_end(instance, backfill, daemon)
        runs = instance.get_runs()
        assert {run.status for run in runs} == {dg.DagsterRunStatus.SUCCESS}
        assert status == BulkActionStatus.COMPLETED_SUCCESS
        assert len(runs) == len(MONTHS)
        history = instance.event_log_storage.get_asset_check_execution_history(
            dg.AssetCheckKey(CANDIDATE, "verdict"), limit=10
        )
        assert sorted(
            check.event.dagster_event.asset_check_evaluation_data.partition for check in history
        ) == list(MONTHS)
    verdicts = [
        entry for entry in ledgers.entries(settings.home.folder) if entry["event"] == "verdict"
    ]
    assert [(entry["period"], entry["passed"]) for entry in verdicts] == [
        (month, True) for month in MONTHS
    ]
    for before, month in itertools.pairwise(MONTHS):
        verdict = files.read_json(settings.home.candidate(month) / "verdict.json")
        tables = files.read_json(settings.home.candidate(before) / "verdict.json")["tables"]
        assert verdict["predecessor"] == {name: tables[name] for name in history_tables()}


def test_where_make_dev_configures_it_runs_of_one_home_queue(tmp_path):
    ensure_instance(tmp_path / "dagster")
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
        pools = instance.get_concurrency_config().pool_config
    assert (pools.pool_granularity, pools.default_pool_limit) == (PoolGranularity.RUN, 1)
    graph = build_defs(settings_in(tmp_path / "home")).resolve_asset_graph()
    assert {pool for key in graph.materializable_asset_keys for pool in graph.get(key).pools} == {
        HOME_POOL
    }


def test_a_run_waits_for_earlier_months_of_its_backfill_alone():
    with dg.DagsterInstance.ephemeral() as instance:
        for backfill, month, status in (
            ("this", "2020-10", dg.DagsterRunStatus.STARTED),
            ("this", "2020-09", dg.DagsterRunStatus.SUCCESS),
            ("this", "2020-08", dg.DagsterRunStatus.NOT_STARTED),
            ("this", "2020-11", dg.DagsterRunStatus.STARTED),
            ("this", "2020-12", dg.DagsterRunStatus.STARTED),
            ("other", "2020-07", dg.DagsterRunStatus.STARTED),
        ):
            create_run_for_test(
                instance,
                status=status,
                tags={"dagster/backfill": backfill, "dagster/partition": month},
            )
        run = create_run_for_test(
            instance, tags={"dagster/backfill": "this", "dagster/partition": "2020-11"}
        )
        assert earlier_months_running(instance, run) == ["2020-10"]
        with pytest.raises(HomeBusyError, match=r"still run: 2020-10\."):
            await_earlier_months(instance, run, 0)
