"""The fault drill of preparation and publication: killed, failed by the disk, or with a wrong clock; readers see old or new, whole."""

import shutil

import pytest

from orchestration import ledger
from orchestration.release import bundle, releases
from tests.support.faults import (
    DECEMBER,
    assert_nothing_half_made,
    assert_told,
    calls_of,
    copy_of,
    digests,
    disturbed,
    done,
    leftovers,
    needs_faketime,
    needs_strace,
    uhi,
)
from tests.support.people import APPROVERS, approve
from tests.support.settings import settings_in

pytestmark = pytest.mark.fault
CALLS = ("rename", "fsync", "mkdir", "write")
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")
PREPARE, PUBLISH = uhi("prepare", DECEMBER), uhi("publish", DECEMBER)


@pytest.fixture(scope="module")
def ready(example_run, tmp_path_factory):
    """A home with a prepared and approved release, and what an undisturbed preparation gives."""
    home = copy_of(example_run[0].home, tmp_path_factory.mktemp("ready"), "home")
    shutil.rmtree(home / "warehouse")
    assert done(home, PREPARE).returncode == 0
    prepared = bundle.digests_of(home / "prepared" / "2020-12")
    approve(settings_in(home))
    return home, prepared


@pytest.fixture(scope="module")
def calls_of_preparation(ready, tmp_path_factory):
    """How often a preparation makes each system call that is disturbed."""
    home = copy_of(ready[0], tmp_path_factory.mktemp("counted"), "home")
    return {call: calls_of(home, PREPARE, call) for call in ("rename", "fsync", "unlink,unlinkat")}


def moments(total):
    """Which of many calls to disturb: the first, the middle one, and the last ones, where what matters is decided."""
    return sorted({1, (total + 1) // 2, *range(max(1, total - 2), total + 1)})


def assert_as_undisturbed(home, undisturbed):
    """What is published, if anything, has the bytes of an undisturbed publication."""
    assert_nothing_half_made(home)
    for period, name in releases.in_force(home).items():
        assert bundle.digests_of(home / "releases" / period / name) == undisturbed


@needs_strace
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_publication_disturbed_is_finished_by_the_next(ready, tmp_path, call, fault):
    prepared, undisturbed = ready
    total = calls_of(copy_of(prepared, tmp_path, "counted"), PUBLISH, call)
    for when in moments(total):
        home = copy_of(prepared, tmp_path, f"home{when}")
        ended = disturbed(home, PUBLISH, call, f"{fault}:when={when}")
        assert_as_undisturbed(home, undisturbed)
        if ended.returncode != 0:
            again = done(home, PUBLISH)
            assert again.returncode == 0, again.stderr
        assert releases.in_force(home) == {"2020-12": "r1"}
        published = digests(home / "releases" / "2020-12" / "r1")
        assert published.pop("publication.json")
        copies = {name: published.pop(name) for name in list(published) if name.startswith("public/approvals/")}
        assert published == digests(prepared / "prepared" / "2020-12")
        assert copies == {f"public/{name}": digest for name, digest in published.items() if name.startswith("approvals/")}
        recorded = [entry["release"] for entry in ledger.entries(home) if entry["event"] == "publication"]
        assert recorded == ["r1"], when
        assert not leftovers(home)
        shutil.rmtree(home)


@needs_strace
@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", ["rename", "fsync", "unlink,unlinkat"])
def test_a_preparation_disturbed_is_made_again(ready, calls_of_preparation, tmp_path, call, fault):
    """Disturbed at one call after another, each time on what the time before left, and at last not."""
    prepared, undisturbed = ready
    total = calls_of_preparation[call]
    home = copy_of(prepared, tmp_path, "home")
    for when in moments(total) if call == "rename" else (1, total):
        disturbed(home, PREPARE, call, f"{fault}:when={when}")
        assert_as_undisturbed(home, undisturbed)
    assert done(home, PREPARE).returncode == 0
    assert bundle.digests_of(home / "prepared" / "2020-12") == undisturbed
    assert not leftovers(home)


@needs_strace
@pytest.mark.parametrize(
    ("command", "path", "call"),
    [
        (PREPARE, "prepared/.2020-12", "rename"),
        (PUBLISH, "prepared/2020-12", "rename"),
        (PUBLISH, "releases/.CURRENT.json.partial", "fsync"),
    ],
)
def test_what_the_disk_stops_is_told(ready, tmp_path, command, path, call):
    home = copy_of(ready[0], tmp_path, "home")
    ended = disturbed(home, command, call, "error=ENOSPC", home / path)
    assert_told(ended)
    assert str(home / path) in ended.stderr


@needs_faketime
@pytest.mark.parametrize("clock", ["+1d", "-1d"])
def test_a_clock_a_day_off_changes_no_byte_of_a_release(ready, tmp_path, clock):
    home = copy_of(ready[0], tmp_path, "home")
    approvals = [uhi("approve", DECEMBER, "--as", name, "--key", ready[0].parent / name) for name in APPROVERS]
    for command in (PREPARE, *approvals, PUBLISH):
        ended = done(home, ["faketime", "-f", clock, *command])
        assert ended.returncode == 0, ended.stderr
    assert releases.in_force(home) == {"2020-12": "r1"}
    assert_as_undisturbed(home, ready[1])
    assert [entry["event"] for entry in ledger.entries(home)][-4:] == ["prepared", "approval", "approval", "publication"]
