"""The fault drill of `uhi run`: killed, or failed by disk or clock, from intake to verdict.

Old or new counts, a rerun is the same.
"""

import shutil
import sys

import pytest

from orchestration.build import candidate, gate
from orchestration.errors import UsageError
from orchestration.extract.landing import extract
from orchestration.home.layout import Home
from orchestration.privacy import retention
from tests.support import ledgers
from tests.support.faults import (
    DECEMBER,
    assert_new,
    assert_nothing_half_made,
    assert_old_or_new,
    assert_told,
    candidate_tables,
    copy_of,
    digests,
    disturbed,
    done,
    landed,
    leave_free,
    leftovers,
    needs_faketime,
    needs_strace,
    run_again,
    uhi,
)
from tests.support.lanes import everyday
from tests.support.settings import EXAMPLE, settings_in

pytestmark = pytest.mark.fault
KILLED, FULL, BROKEN = "signal=KILL", "error=ENOSPC", "error=EIO"
WRITE = "write,pwrite64"
JUDGE = """
from orchestration import settings
from orchestration.build import candidate, gate

current = settings.load_settings()
gate.judge(current.home, candidate.planned_build(current.home, "2020-12"))
"""


def night(source):
    return uhi("run", "--source", source, "--period", DECEMBER)


def land(home, source):
    return extract(settings_in(home), str(source), lambda _: None)


def assert_stopped(ended, fault):
    if fault == KILLED:
        assert ended.returncode == -9, ended.stderr
    else:
        assert_told(ended)


OF_INTAKE = [
    ("landing/.incoming/member.parquet", WRITE, KILLED),
    ("landing/.incoming/member.parquet", WRITE, FULL),
    ("landing/.incoming/member.parquet", "rename", KILLED),
    ("landing/objects", "fsync", BROKEN),
    ("landing/.intake/.intake.json.partial", WRITE, FULL),
    ("landing/.intake", "rename", KILLED),
    ("ledger.jsonl", WRITE, KILLED),
    ("ledger.jsonl", "fsync", BROKEN),
]
OF_RUN = [
    ("warehouse/2020-12/.plan.json.partial", "rename", KILLED),
    ("warehouse/2020-12/building/warehouse.duckdb.wal", "fdatasync", KILLED),
    ("warehouse/2020-12/building/warehouse.duckdb.wal", "fdatasync", BROKEN),
    ("candidates/.2020-12-2/tables/alert.parquet", WRITE, FULL),
    ("ledger.jsonl", WRITE, f"{FULL}:when=2+"),
    ("ledger.jsonl", WRITE, f"{FULL}:when=3+"),
]
OF_JUDGEMENT = [
    ("candidates/.2020-12-2/.verdict.json.partial", "rename"),
    ("candidates/.2020-12.partial", "rename"),
    ("ledger.jsonl", WRITE),
]
OF_PRUNING = [("rename", 1), ("unlink,unlinkat", 5), ("rmdir", 1), ("fsync", 3)]


@needs_strace
@pytest.mark.parametrize(
    ("path", "call", "fault"), everyday(OF_INTAKE, OF_INTAKE[0], OF_INTAKE[-1])
)
def test_an_intake_disturbed_is_made_again(old, new, changed_source, tmp_path, path, call, fault):
    home = copy_of(old[0], tmp_path, "home")
    assert_stopped(disturbed(home, night(changed_source), call, fault, home / path), fault)
    assert_nothing_half_made(home)
    assert candidate_tables(home) == old[1]
    intake = land(home, changed_source)
    assert_nothing_half_made(home)
    assert landed(home) == new[0]
    assert not leftovers(home)
    assert ledgers.entries(home)[-1]["intake"] == intake.record.intake


@needs_strace
@pytest.mark.parametrize(("path", "call", "fault"), everyday(OF_RUN, OF_RUN[1]))
def test_a_run_disturbed_is_made_again(old, new, changed_source, tmp_path, path, call, fault):
    home = copy_of(old[0], tmp_path, "home")
    assert_stopped(disturbed(home, night(changed_source), call, fault, home / path), fault)
    assert_old_or_new(home, old, new)
    assert ledgers.entries(home)[-1]["event"] in {"extraction", "plan"}
    run_again(home, changed_source)
    assert_new(home, new)


def build(released, changed_source, folder):
    home = copy_of(released, folder, "home")
    plan = candidate.plan_build(
        settings_in(home).home, land(home, changed_source).folder, DECEMBER, DECEMBER.last_day
    )
    candidate.build_warehouse(settings_in(home).home, plan, lambda _: None)


@pytest.fixture(scope="module")
def built(old, changed_source, prebuilt):
    """A home whose warehouse is built and not judged: (home, plan)."""
    home = prebuilt("built", build, old[0], changed_source) / "home"
    return home, candidate.planned_build(Home(home), str(DECEMBER))


@needs_strace
@pytest.mark.parametrize(("path", "call"), everyday(OF_JUDGEMENT))
def test_a_judgement_killed_is_made_again(built, old, new, tmp_path, path, call):
    home = copy_of(built[0], tmp_path, "home")
    assert_stopped(
        disturbed(home, [sys.executable, "-c", JUDGE], call, KILLED, home / path), KILLED
    )
    assert_old_or_new(home, old, new)
    assert gate.judge(settings_in(home).home, built[1]).passed
    assert_new(home, new)


def test_no_other_build_is_judged_than_the_planned_one(built, tmp_path):
    """As when a job stops between its steps, and another process plans the same month."""
    home, plan = copy_of(built[0], tmp_path, "home"), built[1]
    before = digests(home / "candidates")
    again = candidate.plan_build(
        settings_in(home).home,
        home / "landing" / "intakes" / plan.intake,
        DECEMBER,
        DECEMBER.last_day,
        "another",
    )
    with pytest.raises(UsageError, match="planned since"):
        candidate.build_warehouse(settings_in(home).home, plan, lambda _: None)
    with pytest.raises(UsageError, match="planned since"):
        gate.judge(settings_in(home).home, plan)
    with pytest.raises(UsageError, match="not built"):
        gate.judge(settings_in(home).home, again)
    assert digests(home / "candidates") == before


@pytest.mark.parametrize("free_kib", everyday([200, 4000, 9000]))
def test_a_disk_that_fills_up_stops_the_run(old, new, changed_source, small_disk, free_kib):
    home = copy_of(old[0], small_disk, "home")
    leave_free(small_disk, free_kib)
    assert_told(done(home, night(changed_source)))
    assert_old_or_new(home, old, new)
    (small_disk / "ballast").unlink()
    run_again(home, changed_source)
    assert_new(home, new)


@pytest.mark.drill
def test_a_limit_of_file_size_stops_the_run(old, new, changed_source, tmp_path):
    home = copy_of(old[0], tmp_path, "home")
    assert_told(done(home, ["prlimit", f"--fsize={3 << 20}", *night(changed_source)]))
    assert_old_or_new(home, old, new)


@pytest.mark.drill
@needs_faketime
@pytest.mark.parametrize("clock", ["+1d", "-1d"])
def test_a_clock_a_day_off_changes_nothing(old, new, changed_source, tmp_path, clock):
    home = copy_of(old[0], tmp_path, "home")
    ended = done(home, ["faketime", "-f", clock, *night(changed_source)])
    assert ended.returncode == 0, ended.stderr
    times = [entry["at"] for entry in ledgers.entries(home)]
    assert (times == sorted(times)) == (clock == "+1d")
    assert_new(home, new)


@needs_strace
@pytest.mark.parametrize(("call", "when"), everyday(OF_PRUNING, OF_PRUNING[1]))
def test_a_pruning_killed_is_finished_by_the_next(old, changed_source, tmp_path, call, when):
    home = copy_of(old[0], tmp_path, "home")
    source = shutil.copytree(changed_source, tmp_path / "source")
    land(home, source)
    shutil.copytree(EXAMPLE / "source", source, dirs_exist_ok=True)
    land(home, source)
    settings = settings_in(home).model_copy(update={"keep_days": 0})
    due = retention.prune(settings, dry_run=True)
    assert due.intakes
    assert due.objects
    ended = disturbed(
        home, ["env", "UHI_KEEP_DAYS=0", *uhi("prune")], call, f"{KILLED}:when={when}"
    )
    assert ended.returncode == -9
    assert_nothing_half_made(home)
    retention.prune(settings, dry_run=False)
    assert_nothing_half_made(home)
    assert not set(due.objects) & landed(home)
    assert not leftovers(home)
    pruned = [entry for entry in ledgers.entries(home) if entry["event"] == "prune"]
    assert pruned[0]["intakes"] == due.intakes
