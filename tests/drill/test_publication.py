"""The fault drill of preparation and publication.

Killed, failed by the disk, or run with a wrong clock: readers see old or new, whole.
"""

import json
import shutil
from itertools import product

import pytest

from orchestration.home import releases
from orchestration.home.layout import Home
from orchestration.release import bundle
from tests.support import ledgers
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
from tests.support.lanes import everyday
from tests.support.people import APPROVERS, approve
from tests.support.settings import settings_in

pytestmark = pytest.mark.fault
CALLS = ("rename", "fsync", "mkdir", "write")
CALLS_OF_PREPARATION = ("rename", "fsync", "unlink,unlinkat")
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")
STOPPED = [
    ("prepare", "prepared/.2020-12", "rename"),
    ("publish", "prepared/2020-12", "rename"),
    ("publish", "releases/.CURRENT.json.partial", "fsync"),
]
PREPARE, PUBLISH = uhi("prepare", DECEMBER), uhi("publish", DECEMBER)


def approve_prepared(prepared, folder):
    """A home with a release that is prepared and approved."""
    approve(settings_in(copy_of(prepared, folder, "home")))


def count_calls(ready, folder):
    """How often a preparation makes each system call that is disturbed, as calls.json."""
    home = copy_of(ready, folder, "home")
    counted = {call: calls_of(home, PREPARE, call) for call in CALLS_OF_PREPARATION}
    (folder / "calls.json").write_text(json.dumps(counted), encoding="utf-8")


@pytest.fixture(scope="module")
def ready(prepared_example, prebuilt):
    """A home with a prepared and approved release, and what an undisturbed preparation gives."""
    home = prebuilt("ready", approve_prepared, prepared_example) / "home"
    return home, bundle.digests_of(home / "prepared" / "2020-12")


@pytest.fixture(scope="module")
def calls_of_preparation(ready, prebuilt):
    return json.loads(
        (prebuilt("calls", count_calls, ready[0]) / "calls.json").read_text(encoding="utf-8")
    )


def moments(total):
    """Which of many calls to disturb: the first, the middle one and the last ones.

    What matters is decided in the last ones.
    """
    return sorted({1, (total + 1) // 2, *range(max(1, total - 2), total + 1)})


def assert_as_undisturbed(home, undisturbed):
    """What is published, if anything, has the bytes of an undisturbed publication."""
    assert_nothing_half_made(home)
    for period, name in releases.in_force(Home(home)).items():
        assert bundle.digests_of(home / "releases" / period / name) == undisturbed


@needs_strace
@pytest.mark.parametrize(
    ("call", "fault"),
    everyday([*product(CALLS, FAULTS)], ("rename", "signal=KILL")),
)
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
        assert releases.in_force(Home(home)) == {"2020-12": "r1"}
        published = digests(home / "releases" / "2020-12" / "r1")
        assert published.pop("publication.json")
        copies = {
            name: published.pop(name)
            for name in list(published)
            if name.startswith("public/approvals/")
        }
        assert published == digests(prepared / "prepared" / "2020-12")
        assert copies == {
            f"public/{name}": digest
            for name, digest in published.items()
            if name.startswith("approvals/")
        }
        recorded = [
            entry["release"] for entry in ledgers.entries(home) if entry["event"] == "publication"
        ]
        assert recorded == ["r1"], when
        assert not leftovers(home)
        shutil.rmtree(home)


@needs_strace
@pytest.mark.parametrize(("call", "fault"), everyday([*product(CALLS_OF_PREPARATION, FAULTS)]))
def test_a_preparation_disturbed_is_made_again(ready, calls_of_preparation, tmp_path, call, fault):
    """Disturbed at one call after another, each time on what the last left, then not at all."""
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
@pytest.mark.parametrize(("command", "path", "call"), everyday(STOPPED, *STOPPED[1:]))
def test_what_the_disk_stops_is_told(ready, tmp_path, command, path, call):
    home = copy_of(ready[0], tmp_path, "home")
    ended = disturbed(home, uhi(command, DECEMBER), call, "error=ENOSPC", home / path)
    assert_told(ended)
    assert str(home / path) in ended.stderr


@pytest.mark.drill
@needs_faketime
@pytest.mark.parametrize("clock", ["+1d", "-1d"])
def test_a_clock_a_day_off_changes_no_byte_of_a_release(ready, tmp_path, clock):
    home = copy_of(ready[0], tmp_path, "home")
    approvals = [
        uhi("approve", DECEMBER, "--as", name, "--key", ready[0].parent / name)
        for name in APPROVERS
    ]
    for command in (PREPARE, *approvals, PUBLISH):
        ended = done(home, ["faketime", "-f", clock, *command])
        assert ended.returncode == 0, ended.stderr
    assert releases.in_force(Home(home)) == {"2020-12": "r1"}
    assert_as_undisturbed(home, ready[1])
    assert [entry["event"] for entry in ledgers.entries(home)][-4:] == [
        "prepared",
        "approval",
        "approval",
        "publication",
    ]
