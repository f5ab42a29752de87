"""What the fault drills share.

A command whose system calls fail or kill it, and what readers may see of a home afterwards.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from orchestration import pipeline
from orchestration.errors import RefusedError
from orchestration.home import files, releases
from orchestration.home.layout import Home
from orchestration.home.ledger import Ledger
from orchestration.periods import Period
from orchestration.release import bundle
from orchestration.release.verdicts import sound_judgement
from orchestration.state import state_of
from tests.support import ledgers, warm
from tests.support.settings import KEY, settings_in

DECEMBER = Period(2020, 12)
STRACE = shutil.which("strace")
needs_strace = pytest.mark.skipif(STRACE is None, reason="strace (Debian: strace) is not installed")
needs_faketime = pytest.mark.skipif(
    shutil.which("faketime") is None, reason="faketime (Debian: faketime) is not installed"
)
TRACE = [STRACE, "-f", "-qq"]
UHI = str(Path(sys.executable).with_name("uhi"))


def uhi(*arguments):
    """A command as its user gives it."""
    return [UHI, *map(str, arguments)]


def environment_of(home, **variables):
    return os.environ | {"UHI_HOME": str(home), "UHI_PSEUDONYM_KEY": KEY} | variables


def done(home, command):
    """What came of a command."""
    if command[0] == UHI:
        return warm.run(command[1:], environment_of(home))
    return started_anew(home, command)


def started_anew(home, command):
    """What came of a command that imports all it needs."""
    return subprocess.run(
        command, env=environment_of(home), capture_output=True, text=True, check=False
    )


def traced(home, command, options, *, is_filtered):
    """What came of a command under strace.

    The kernel filters the calls of a process that strace starts, so that others cost nothing; one
    that it attaches to stops at each. That is dear for a preparation, and cheap for all else.
    """
    tracer = [*TRACE, *options]
    if command[0] == UHI and command[1] != "prepare":
        return warm.run(command[1:], environment_of(home), tracer)
    filters = ["--seccomp-bpf"] if is_filtered else []
    return started_anew(home, [*tracer, *filters, *command])


def calls_of(home, command, call):
    """How often a command makes a system call."""
    log = home.with_name(f"{home.name}.trace")
    traced(home, command, ["-o", str(log), "-e", f"trace={call}"], is_filtered=True)
    lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    total = sum("(" in line for line in lines)
    assert total
    return total


def disturbed(home, command, call, fault, path=None):
    """A command of which a system call (on a path, or any) fails or kills; what came of it."""
    paths = ["-P", str(path)] if path else []
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:{fault}"]
    # A signal that is injected gets lost where the kernel filters the calls.
    is_filtered = "signal" not in fault
    return traced(home, command, ["-o", os.devnull, *paths, *inject], is_filtered=is_filtered)


@contextmanager
def small_disk_at(folder):
    """A disk of 64 MiB of its own, mounted at a folder that it makes."""
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "none", folder]
    mounted = subprocess.run(mount, capture_output=True, text=True, check=False)
    if mounted.returncode:
        pytest.skip(f"no small disk can be mounted here: {mounted.stderr.strip()}")
    yield
    subprocess.run(["umount", folder], check=True)


def leave_free(disk, kib):
    """Fill a disk but for so many KiB."""
    available = shutil.disk_usage(disk).free
    with (disk / "ballast").open("wb") as ballast:
        os.posix_fallocate(ballast.fileno(), 0, available - kib * 1024)


def digests(folder):
    return {
        path.relative_to(folder).as_posix(): files.sha256_of(path.resolve())
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.parent.name != ".locks"
    }


def copy_of(home, tmp_path, name):
    return Path(shutil.copytree(home, tmp_path / name, symlinks=True))


def landed(home):
    """The landing's objects, each of which has the bytes of its name.

    Every intake shows some of them, whole.
    """
    objects = {
        path.stem: files.sha256_of(path) for path in (home / "landing" / "objects").glob("*")
    }
    assert all(name == digest for name, digest in objects.items())
    for intake in (home / "landing" / "intakes").glob("*"):
        record = json.loads((intake / "intake.json").read_text(encoding="utf-8"))
        assert {
            (intake / f"{table['table']}.parquet").resolve().stem for table in record["tables"]
        } <= set(objects)
    return set(objects)


def candidate_tables(home):
    """Digests of the tables of the candidate in force, which are those of its verdict."""
    folder = home / "candidates" / str(DECEMBER)
    verdict = json.loads((folder / "verdict.json").read_text(encoding="utf-8"))
    tables = {path.stem: files.sha256_of(path) for path in (folder / "tables").iterdir()}
    assert verdict["tables"] == tables
    return tables


def assert_nothing_half_made(home):
    """What readers see: ledger, landing and state are whole.

    What is prepared or released verifies; a verdict holds or is unrecorded.
    """
    Ledger.of(Home(home))
    landed(home)
    state_of(settings_in(home).home)
    assert all(
        (home / "releases" / period / name).is_dir()
        for period, name in releases.in_force(Home(home)).items()
    )
    for folder in [*(home / "releases").glob("*/r*"), *(home / "prepared").glob("[!.]*")]:
        bundle.verify(folder)
    try:
        sound_judgement(settings_in(home).home, DECEMBER)
    except RefusedError:
        recorded = [
            entry
            for entry in ledgers.entries(home)
            if entry["event"] == "verdict" and entry["period"] == str(DECEMBER)
        ]
        assert recorded[-1]["digest"] != files.sha256_of(
            home / "candidates" / str(DECEMBER) / "verdict.json"
        )


def assert_told(ended):
    """A command that the disk stopped says so in words."""
    assert ended.returncode == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert re.search(
        "uhi: (Disk or memory error|The ledger has its new line|The command is done)", ended.stderr
    )
    assert any(
        reason in ended.stderr
        for reason in (
            "No space left",
            "Input/output error",
            "fsync failed",
            "written whole",
            "too large",
        )
    )


def leftovers(home):
    """Names of unfinished work: what is hidden, except locks and the folders of candidates."""
    hidden = [
        path.relative_to(home).as_posix() for path in home.rglob(".*") if path.name != ".locks"
    ]
    building = [path.relative_to(home).as_posix() for path in home.glob("warehouse/*/building")]
    return [
        name
        for name in hidden
        if not name.startswith(
            ("candidates/.2020-12-", "candidates/.2020-11-", "candidates/.2020-10-")
        )
    ] + building


def run_again(home, source):
    """The night, undisturbed."""
    [outcome] = pipeline.run(
        settings_in(home),
        str(source),
        pipeline.due_dates(str(DECEMBER), None),
        "tests",
        lambda _: None,
    )[1]
    assert outcome.passed


def assert_old_or_new(home, old, new):
    """No partial result counts.

    The candidate is the old one or that of an undisturbed night, and the release in force is
    untouched.
    """
    assert_nothing_half_made(home)
    assert candidate_tables(home) in (old[1], new[1])
    assert releases.in_force(Home(home)) == {"2020-12": "r1"}


def assert_new(home, new):
    """Everything is as after an undisturbed night."""
    assert_nothing_half_made(home)
    assert candidate_tables(home) == new[1]
    assert landed(home) == new[0]
    assert not leftovers(home)
    assert ledgers.entries(home)[-1]["event"] == "verdict"
