"""The fault drill of `uhi erase`.

Killed before or after the decision, it is made again or finished; no partial result counts.
"""

import pytest

from orchestration import pipeline
from orchestration.home.layout import Home
from orchestration.privacy import retention
from orchestration.release import bundle
from tests.support import ledgers
from tests.support.erasing import (
    NUMBER,
    REQUEST,
    assert_erased,
    assert_whole,
    copy_of_example,
    uhi_erase,
    without_the_person,
)
from tests.support.faults import copy_of, disturbed, landed, leftovers, needs_strace
from tests.support.lanes import everyday
from tests.support.settings import settings_in

MOMENTS = [
    ("landing/.erasing/member_rating.parquet", "rename", False),
    ("landing/..erasure.json.partial", "rename", False),
    ("ledger.jsonl", "write", True),
    ("landing/.intake", "rename", True),
    ("landing/objects/{member}.parquet", "unlink", True),
]


@pytest.fixture
def home(old, tmp_path):
    return copy_of(old[0], tmp_path, "home")


@pytest.mark.fault
@needs_strace
@pytest.mark.parametrize(("path", "call", "is_decided"), everyday(MOMENTS, MOMENTS[-1]))
def test_an_erasure_killed_is_finished_by_the_next(home, never_read, path, call, is_decided):
    before = ledgers.entries(home)
    ended = killed(home, path, call)
    assert ended.returncode == -9, ended.stderr
    assert_whole(home)
    assert Home(home).erasure.exists() == is_decided
    again = uhi_erase(home, NUMBER)
    assert again.exit_code == 0, again.output
    assert ("Finished an erasure that was interrupted:" in again.stdout) == is_decided
    assert_finished(home, never_read)
    assert [entry["event"] for entry in ledgers.entries(home)[len(before) :]] == ["erasure"]


@pytest.mark.fault
@needs_strace
@pytest.mark.parametrize("step", everyday(["extraction", "pruning"], "extraction"))
def test_an_erasure_killed_is_finished_by_other_steps(home, never_read, tmp_path, step):
    ended = killed(home, "landing/.intake", "rename")
    assert ended.returncode == -9, ended.stderr
    refused = uhi_erase(home, NUMBER, "--dry-run")
    assert (refused.exit_code, "run the command without --dry-run" in refused.stderr) == (3, True)
    if step == "pruning":
        retention.prune(settings_in(home), dry_run=False)
    else:
        pipeline.land(
            settings_in(home),
            str(without_the_person(copy_of_example(tmp_path / "source"))),
            lambda _: None,
        )
    assert_finished(home, never_read)


def killed(home, path, call):
    """The command, killed at a system call on a path.

    Of `{member}` stands the landed file of members.
    """
    [intake] = (home / "landing" / "intakes").iterdir()
    place = home / path.format(member=(intake / "member.parquet").resolve().stem)
    number = home.with_name("number")
    number.write_text(f"{NUMBER}\n", encoding="utf-8")
    return disturbed(
        home, ["sh", "-c", 'exec "$@" < "$0"', str(number), *REQUEST], call, "signal=KILL", place
    )


def assert_finished(home, never_read):
    assert_erased(home)
    assert_whole(home)
    assert landed(home) == {table.sha256 for table in never_read.record.tables}
    assert not leftovers(home)
    bundle.verify(home / "releases" / "2020-12" / "r1")
