"""The fault drill of processes.

A second process on the same home; Dagster's run worker, webserver and daemon killed.
"""

import json
import os
import shutil
import signal
import subprocess
import time

import dagster as dg
import psutil
import pytest

from orchestration.definitions import build_defs
from orchestration.home import releases
from orchestration.home.layout import Home
from orchestration.release import bundle
from tests.support import ledgers
from tests.support.faults import (
    DECEMBER,
    TRACE,
    assert_new,
    assert_nothing_half_made,
    assert_old_or_new,
    copy_of,
    digests,
    done,
    environment_of,
    leftovers,
    needs_strace,
    uhi,
)
from tests.support.lanes import everyday
from tests.support.people import approve
from tests.support.servers import answers, dagster, free_port, kill_group, running, wait_until
from tests.support.settings import EXAMPLE, settings_in

pytestmark = pytest.mark.fault

NOVEMBER = "2020-11"


@pytest.fixture(scope="module")
def busy(old, changed_source, tmp_path_factory):
    """A home that a run holds, which is halted in its midst: (home, process)."""
    home = copy_of(old[0], tmp_path_factory.mktemp("busy"), "home")
    command = uhi("run", "--source", changed_source, "--period", DECEMBER)
    with running(command, environment_of(home), home.with_name("run.log")) as process:
        wait_until((home / "landing" / ".incoming").exists, process)
        process.send_signal(signal.SIGSTOP)
        yield home, process


@pytest.mark.parametrize("command", ["run", "prune"])
def test_a_second_reader_of_the_source_is_refused(busy, changed_source, command):
    home, _ = busy
    before = digests(home)
    arguments = {"run": ["--source", changed_source, "--period", NOVEMBER], "prune": []}
    ended = done(home, uhi(command, *arguments[command]))
    assert ended.returncode == 75, ended.stderr
    told = f"uhi: Another process works on landing in {home}; wait for it to end."
    assert ended.stderr.splitlines()[-1] == told
    assert digests(home) == before


@pytest.fixture
def building(awaiting_approval, tmp_path):
    """A home in which a run builds November and is halted; December is prepared there.

    The run reads the same source, so the month that December follows stays as it is.
    """
    shutil.copytree(awaiting_approval, tmp_path, symlinks=True, dirs_exist_ok=True)
    home, plan = tmp_path / "home", tmp_path / "home" / "warehouse" / NOVEMBER / "plan.json"
    assert not plan.exists()
    command = uhi("run", "--source", EXAMPLE / "source", "--period", NOVEMBER)
    with running(command, environment_of(home), tmp_path / "run.log") as process:
        wait_until(plan.exists, process)
        process.send_signal(signal.SIGSTOP)
        yield home, process


@pytest.mark.drill
def test_a_period_is_approved_and_published_while_another_is_built(building):
    home, process = building
    for name in ("alice", "dave"):
        key = home.parent / name
        approval = uhi("approve", DECEMBER, "--as", name, "--key", str(key))
        assert done(home, approval).returncode == 0
    ended = done(home, uhi("publish", DECEMBER))
    assert ended.returncode == 0, ended.stderr
    assert releases.in_force(Home(home)) == {"2020-12": "r1"}
    refused = done(home, uhi("prepare", NOVEMBER))
    assert refused.returncode == 75, refused.stderr
    assert f"Another process works on {NOVEMBER} in {home}" in refused.stderr
    process.send_signal(signal.SIGCONT)
    assert process.wait() == 0
    assert_nothing_half_made(home)


@pytest.mark.drill
def test_the_first_process_ends_as_if_it_were_alone(busy, new):
    home, process = busy
    process.send_signal(signal.SIGCONT)
    assert process.wait() == 0
    assert_new(home, new)


@pytest.fixture
def prepared(prepared_example, tmp_path):
    home = copy_of(prepared_example, tmp_path, "home")
    approve(settings_in(home))
    return home


def assert_published_once(home):
    assert releases.in_force(Home(home)) == {"2020-12": "r1"}
    assert_nothing_half_made(home)
    assert [
        entry["release"] for entry in ledgers.entries(home) if entry["event"] == "publication"
    ] == ["r1"]


def test_of_publications_at_once_one_publishes(prepared):
    command, environment = uhi("publish", DECEMBER), environment_of(prepared)
    racing = [
        subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        for _ in range(4)
    ]
    codes = {process.wait() for process in racing}
    assert 0 in codes
    assert codes <= {0, 75}
    assert_published_once(prepared)


@needs_strace
def test_a_publication_during_another_is_refused(prepared, tmp_path):
    delayed = [
        *TRACE,
        "-P",
        str(prepared / "prepared" / "2020-12"),
        "-e",
        "trace=rename",
        "-e",
        "inject=rename:delay_exit=3000000",
    ]
    with running(
        [*delayed, *uhi("publish", DECEMBER)], environment_of(prepared), tmp_path / "publish.log"
    ) as first:
        wait_until((prepared / "releases" / "2020-12" / "r1").exists, first)
        assert done(prepared, uhi("publish", DECEMBER)).returncode == 75
        assert first.wait() == 0
    assert_published_once(prepared)


def workers_of(process):
    """The processes that make and judge a release for a command: what its server has forked."""
    servers = [
        child
        for child in psutil.Process(process.pid).children()
        if "forkserver" in command_of(child)
    ]
    return [worker for server in servers for worker in server.children()]


def command_of(process):
    """What a process was started as; nothing of one that has ended."""
    try:
        return " ".join(process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return ""


@pytest.mark.parametrize("killed", everyday(["worker", "command"]))
def test_of_processes_that_prepare_together_one_is_killed(prepared, tmp_path, killed):
    before, log = digests(prepared), tmp_path / "prepare.log"
    with running(
        uhi("prepare", DECEMBER), environment_of(prepared, UHI_PROCESSES="2"), log
    ) as command:
        wait_until(lambda: len(workers_of(command)) == 2, command)
        workers = workers_of(command)
        os.kill(workers[0].pid if killed == "worker" else command.pid, signal.SIGKILL)
        assert command.wait() == (1 if killed == "worker" else -signal.SIGKILL)
    _, alive = psutil.wait_procs(workers, timeout=30)
    assert alive == []
    if killed == "worker":
        assert digests(prepared) == before
        assert log.read_text(encoding="utf-8").endswith(
            "A process that worked on it was killed, as the system does where memory runs out.\n"
        )
    assert done(prepared, uhi("prepare", DECEMBER)).returncode == 0
    assert_nothing_half_made(prepared)
    assert not leftovers(prepared)


@pytest.fixture
def dagster_home(tmp_path):
    """A home of Dagster, made before two processes need it."""
    (tmp_path / "dagster").mkdir()
    (tmp_path / "dagster" / "dagster.yaml").write_text(
        "telemetry:\n  enabled: false\n", encoding="utf-8"
    )
    with dg.DagsterInstance.from_config(str(tmp_path / "dagster")) as instance:
        assert instance.get_runs_count() == 0
    return tmp_path / "dagster"


@pytest.mark.drill
def test_a_run_worker_killed(old, new, changed_source, dagster_home, tmp_path):
    """In a home whose month is not judged yet: no verdict, so no publication.

    The next night gives what an undisturbed one gives.
    """
    home = copy_of(old[0], tmp_path, "home")
    (home / "candidates" / str(DECEMBER)).unlink()
    settings = settings_in(home).model_copy(update={"source": str(changed_source)})
    environment = environment_of(home, DAGSTER_HOME=str(dagster_home), UHI_SOURCE=settings.source)
    night = dagster(
        "dagster",
        "job",
        "execute",
        "-j",
        "nightly_build",
        "--tags",
        json.dumps({"dagster/partition": str(DECEMBER)}),
    )
    with running(night, environment, tmp_path / "night.log") as worker:
        wait_until(
            (home / "warehouse" / str(DECEMBER) / "building" / "warehouse.duckdb").exists, worker
        )
        kill_group(worker)
    assert_nothing_half_made_before_a_verdict(home)
    defs = build_defs(settings)
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        jobs = {
            name: defs.resolve_job_def(name)
            for name in ("preparation", "publication", "nightly_build")
        }
        for name in ("preparation", "publication"):
            refused = jobs[name].execute_in_process(
                instance=instance, partition_key=str(DECEMBER), raise_on_error=False
            )
            assert not refused.success
        assert releases.in_force(Home(home)) == {"2020-12": "r1"}
        assert (
            jobs["nightly_build"]
            .execute_in_process(instance=instance, partition_key=str(DECEMBER))
            .success
        )
    assert_new(home, new)


def assert_nothing_half_made_before_a_verdict(home):
    assert ledgers.entries(home)[-1]["event"] in {"extraction", "plan"}
    assert not (home / "candidates" / str(DECEMBER)).exists()
    assert not (home / "warehouse" / str(DECEMBER) / "warehouse.duckdb").exists()
    bundle.verify(home / "releases" / "2020-12" / "r1")


@pytest.mark.drill
@pytest.mark.parametrize("killed", ["dagster-webserver", "dagster-daemon"])
def test_a_server_killed_comes_up_again(old, dagster_home, tmp_path, killed):
    home = copy_of(old[0], tmp_path, "home")
    before = digests(home)
    environment = environment_of(home, DAGSTER_HOME=str(dagster_home))
    port = free_port()
    servers = {
        "dagster-webserver": (
            dagster("dagster-webserver", "-p", str(port)),
            lambda: answers(port, "/server_info"),
        ),
        "dagster-daemon": (
            dagster("dagster-daemon", "run"),
            lambda: daemon_is_healthy(dagster_home, since),
        ),
    }
    command, is_up = servers[killed]
    for _ in range(2):
        since = time.time()
        with running(command, environment, tmp_path / "server.log") as server:
            wait_until(is_up, server)
            os.kill(server.pid, signal.SIGKILL)
    assert digests(home) == before
    assert_old_or_new(home, old, (None, old[1]))


def daemon_is_healthy(dagster_home, since):
    """Whether the scheduler has beaten since then."""
    with dg.DagsterInstance.from_config(str(dagster_home)) as instance:
        beats = instance.get_daemon_heartbeats()
    return (
        "SCHEDULER" in beats
        and beats["SCHEDULER"].timestamp > since
        and not beats["SCHEDULER"].errors
    )
