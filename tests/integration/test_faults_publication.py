"""The fault drill of preparation and publication: killed, or failed by the disk, at their system calls; readers see old or new, whole."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from orchestration import files, ledger
from orchestration.periods import Period
from orchestration.release import publication
from tests.conftest import KEY

DECEMBER = Period(2020, 12)
STRACE = shutil.which("strace")
pytestmark = pytest.mark.skipif(STRACE is None, reason="strace (Debian: strace) is not installed")
CALLS = ("rename", "fsync", "mkdir", "write")
FAULTS = ("signal=KILL", "error=EIO", "error=ENOSPC")


@pytest.fixture(scope="module")
def judged(example_run, tmp_path_factory):
    """A home with judged candidates, to be copied."""
    built, _ = example_run
    return Path(shutil.copytree(built.home, tmp_path_factory.mktemp("judged") / "home", symlinks=True))


@pytest.fixture(scope="module")
def ready(judged, tmp_path_factory):
    """A home with a prepared release, and what an undisturbed preparation gives."""
    home = copy_of(judged, tmp_path_factory.mktemp("ready"), "home")
    assert uhi(home, "prepare").returncode == 0
    return home, digests(home / "prepared" / "2020-12")


def uhi(home, command, *wrapper):
    environment = os.environ | {"UHI_HOME": str(home), "UHI_PSEUDONYM_KEY": KEY}
    arguments = [*wrapper, str(Path(sys.executable).with_name("uhi")), command, "2020-12"]
    return subprocess.run(arguments, env=environment, capture_output=True, text=True, check=False)


def calls_of(home, command, call):
    """How often a command makes a system call."""
    log = home.with_name(f"{home.name}.trace")
    uhi(home, command, STRACE, "-f", "-qq", "-o", str(log), "-e", f"trace={call}")
    total = sum("(" in line for line in log.read_text(encoding="utf-8", errors="replace").splitlines())
    assert total
    return total


def digests(folder):
    return {path.relative_to(folder).as_posix(): files.sha256_of(path) for path in sorted(folder.rglob("*")) if path.is_file()}


def copy_of(home, tmp_path, name):
    return Path(shutil.copytree(home, tmp_path / name, symlinks=True))


def disturbed(home, command, call, fault, when):
    """Run a command of which one system call fails or kills; whether it happened."""
    inject = f"inject={call}:{fault}:when={when}"
    return uhi(home, command, STRACE, "-f", "-qq", "-o", "/dev/null", "-e", f"trace={call}", "-e", inject)


def moments(total):
    """Which of many calls to disturb: the first, the middle one, and the last ones, where what matters is decided."""
    return sorted({1, (total + 1) // 2, *range(max(1, total - 2), total + 1)})


def assert_nothing_half_made(home, undisturbed):
    """What readers see: the release in force, if any, is whole; what is prepared, if it is there, verifies."""
    for period, name in publication.in_force(home).items():
        publication.verify(home / "releases" / period / name)
        assert digests(home / "releases" / period / name) == undisturbed
    for folder in (home / "releases" / "2020-12").glob("r*"):
        publication.verify(folder)
    if (home / "prepared" / "2020-12").exists():
        publication.verify(home / "prepared" / "2020-12")


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", CALLS)
def test_a_publication_disturbed_is_finished_by_the_next(ready, tmp_path, call, fault):
    prepared, undisturbed = ready
    total = calls_of(copy_of(prepared, tmp_path, "counted"), "publish", call)
    for when in moments(total):
        home = copy_of(prepared, tmp_path, f"home{when}")
        done = disturbed(home, "publish", call, fault, when)
        assert_nothing_half_made(home, undisturbed)
        if done.returncode != 0:
            again = uhi(home, "publish")
            assert again.returncode == 0, again.stderr
        assert publication.in_force(home) == {"2020-12": "r1"}
        assert digests(home / "releases" / "2020-12" / "r1") == undisturbed
        published = [entry for entry in ledger.entries(home) if entry["event"] == "publication"]
        assert [entry["release"] for entry in published] == ["r1"], when
        shutil.rmtree(home)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("call", ["rename", "fsync", "unlink,unlinkat"])
def test_a_preparation_disturbed_is_made_again(ready, tmp_path, call, fault):
    prepared, undisturbed = ready
    total = calls_of(copy_of(prepared, tmp_path, "counted"), "prepare", call)
    for when in moments(total):
        home = copy_of(prepared, tmp_path, f"home{when}")
        disturbed(home, "prepare", call, fault, when)
        assert_nothing_half_made(home, undisturbed)
        assert uhi(home, "prepare").returncode == 0
        assert digests(home / "prepared" / "2020-12") == undisturbed
        shutil.rmtree(home)
