"""Approvals: two people besides the preparer sign exactly the prepared bytes.

Anything else is refused with its reason.
"""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest

from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.home import files
from orchestration.release import bundle, preparation, publication
from orchestration.signatures.approvals import APPROVAL
from tests.support import faults, ledgers
from tests.support.approvals import (
    change_month_before,
    end_key,
    forge,
    look_an_hour_later,
    prepared_in,
    uhi,
)
from tests.support.faults import needs_faketime
from tests.support.openssh import SSH_KEYGEN, needs_ssh_keygen
from tests.support.people import DECEMBER, approve
from tests.support.settings import settings_in

OVERRIDES_ONLY = 'namespaces="union-health-index-override"'


@pytest.fixture
def settings(awaiting_approval, tmp_path):
    shutil.copytree(awaiting_approval, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


@pytest.fixture
def approved(settings):
    approve(settings)
    return settings


def recorded(settings):
    return [
        entry for entry in ledgers.entries(settings.home.folder) if entry["event"] == "approval"
    ]


def test_two_approvals_release_the_prepared_bytes(settings):
    sums = (prepared_in(settings) / "SHA256SUMS").read_bytes()
    for name in ("alice", "dave"):
        with pytest.raises(RefusedError, match="needs" if name == "alice" else "needs, by alice"):
            publication.publish(settings.home, DECEMBER)
        approve(settings, name)
    release = publication.publish(settings.home, DECEMBER)
    assert (release / "SHA256SUMS").read_bytes() == sums
    assert sorted(path.name for path in (release / "approvals").iterdir()) == [
        "1.json",
        "1.json.sig",
        "2.json",
        "2.json.sig",
    ]
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=release, check=True
    )
    bundle.verify(release, settings.home.signers)
    assert not list((settings.home.preparations).iterdir())


@needs_ssh_keygen
def test_an_approval_verifies_with_stock_tools(approved):
    release = publication.publish(approved.home, DECEMBER)
    for number, name in enumerate(("alice", "dave"), start=1):
        statement = release / "approvals" / f"{number}.json"
        command = [
            SSH_KEYGEN,
            "-Y",
            "verify",
            "-f",
            approved.home.signers,
            "-I",
            name,
            "-n",
            APPROVAL.namespace,
            "-s",
            f"{statement}.sig",
        ]
        subprocess.run(command, input=statement.read_bytes(), capture_output=True, check=True)
        assert (
            subprocess.run(
                command, input=statement.read_bytes() + b"\n", capture_output=True, check=False
            ).returncode
            != 0
        )
        assert json.loads(statement.read_text(encoding="utf-8"))["digest"] == files.sha256_of(
            release / "SHA256SUMS"
        )


@pytest.mark.parametrize(
    ("by", "key", "reason"),
    [
        ("mallory", "alice", "mallory is not among the allowed signers"),
        ("dave", "alice", "not by a key of dave"),
        ("carol", "carol", "the key of carol was not valid at"),
        ("erin", "erin", "the key of erin is not allowed to sign for union-health-index-release"),
        ("tests", "tests", "by the person who prepared"),
        ("bea", "tests", "by the person who prepared"),
        ("TESTS", "third", "by the person who prepared"),
        ("alice", "alice", "the same person has approved already"),
        ("ally", "alice", "the same person has approved already"),
        ("ALICE", "second", "the same person has approved already"),
        ("Tests2", "second", "the same person has approved already"),
    ],
)
def test_who_may_not_approve_is_refused(settings, tmp_path, by, key, reason):
    approve(settings, "alice")
    done = uhi(settings, "approve", "2020-12", "--as", by, "--key", str(tmp_path / key))
    assert done.exit_code == 3
    assert reason in done.stderr
    assert [entry["by"] for entry in recorded(settings)] == ["alice"]
    assert len(list((prepared_in(settings) / "approvals").iterdir())) == 2


def test_a_key_that_cannot_be_used_is_wrong_usage(settings, tmp_path):
    assert (
        uhi(
            settings, "approve", "2020-12", "--as", "alice", "--key", str(tmp_path / "none")
        ).exit_code
        == 2
    )
    settings.home.signers.unlink()
    with pytest.raises(UsageError, match="UHI_ALLOWED_SIGNERS"):
        approve(settings, "alice")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda settings: shutil.rmtree(prepared_in(settings)), "Nothing is prepared"),
        (
            lambda settings: (prepared_in(settings) / "public" / "area_index.csv").write_text(
                "", encoding="utf-8"
            ),
            "area_index.csv has changed",
        ),
        (lambda settings: (prepared_in(settings) / "approvals").touch(), "approvals is not listed"),
        (
            lambda settings: ledgers.append(
                settings.home.folder, "prepared", period="2020-12", digest="0" * 64
            ),
            "not the latest one",
        ),
        (lambda settings: forge(settings, provisional=True), "it is provisional"),
        (
            lambda settings: forge(settings, prepared_by=None),
            "does not say who prepared it; run it again with --as",
        ),
        (change_month_before, "alert of the month before has changed"),
    ],
)
def test_what_cannot_be_released_is_not_approved(settings, spoil, reason):
    spoil(settings)
    with pytest.raises(RefusedError, match=reason):
        approve(settings, "alice")
    assert not recorded(settings)


@pytest.mark.drill
def test_approvals_are_gone_when_it_is_prepared_again(approved):
    assert preparation.prepare(approved, DECEMBER) == prepared_in(approved)
    assert preparation.approvals_of(approved.home, DECEMBER) == []
    with pytest.raises(RefusedError, match="none of the 2 approvals"):
        publication.publish(approved.home, DECEMBER)
    approve(approved)
    publication.publish(approved.home, DECEMBER)


def test_a_later_run_beside_it_changes_nothing(approved):
    """Another verdict, and then no candidate at all, as where the build of a later run fails."""
    ledgers.append(approved.home.folder, "verdict", period="2020-12", passed=False, digest="0" * 64)
    approved.home.candidate("2020-12").unlink()
    publication.publish(approved.home, DECEMBER)


def test_a_changed_month_before_is_not_published(approved):
    change_month_before(approved)
    with pytest.raises(RefusedError, match="alert of the month before has changed"):
        publication.publish(approved.home, DECEMBER)


def test_a_signer_who_is_struck_off_does_not_count_at_publication(approved):
    approved.home.signers.write_text(
        re.sub(
            "^(dave|ally) .*\n",
            "",
            approved.home.signers.read_text(encoding="utf-8"),
            flags=re.MULTILINE,
        )
    )
    with pytest.raises(RefusedError, match="dave is not among the allowed signers"):
        publication.publish(approved.home, DECEMBER)


@pytest.mark.parametrize(
    ("seconds", "reason"), [(0, None), (-1, "the key of alice was not valid at")]
)
def test_a_key_that_ended_counts_for_what_it_signed_before(approved, seconds, reason):
    signed = datetime.fromisoformat(recorded(approved)[0]["at"]).astimezone(UTC)
    ended = f"{signed + timedelta(seconds=seconds):%Y%m%d%H%M%S}Z"
    lines = approved.home.signers.read_text(encoding="utf-8").replace(
        "alice ", f'alice valid-before="{ended}" '
    )
    approved.home.signers.write_text(lines, encoding="utf-8")
    if reason is None:
        bundle.verify(publication.publish(approved.home, DECEMBER), approved.home.signers)
    else:
        with pytest.raises(RefusedError, match=reason):
            publication.publish(approved.home, DECEMBER)


@needs_faketime
def test_a_clock_that_is_set_back_does_not_bring_back_a_key(settings, tmp_path):
    prepared_at, looked_at = look_an_hour_later(settings)
    end_key(settings, "alice", prepared_at)
    while_valid = datetime.fromisoformat(prepared_at).astimezone(UTC) + timedelta(seconds=30)
    done = subprocess.run(
        [
            *("faketime", "-f", f"@{while_valid:%Y-%m-%d %H:%M:%S}"),
            *faults.uhi("approve", "2020-12", "--as", "alice", "--key", tmp_path / "alice"),
        ],
        env=faults.environment_of(
            settings.home.folder, UHI_RELEASE_CALENDAR=str(settings.home.calendar), TZ="UTC"
        ),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 3
    assert f"the key of alice was not valid at {looked_at}, which the ledger had" in done.stderr
    assert not recorded(settings)


@pytest.mark.parametrize("name", ["alice", "dave"])
def test_a_release_alone_tells_that_a_key_had_ended_by_the_ledger(settings, name):
    """Signed by a clock that is right, an hour behind the ledger's lines.

    The first approval says itself how far the ledger was; of the second, the first one tells too.
    """
    look_an_hour_later(settings)
    approve(settings)
    bundle.verify(prepared_in(settings), settings.home.signers)
    end_key(settings, name, recorded(settings)[-1]["at"])
    told = rf"the key of {name} was not valid at .*had reached"
    with pytest.raises(VerificationError, match=told):
        bundle.verify(prepared_in(settings), settings.home.signers)


def test_verification_with_keys_needs_two(approved):
    release = publication.publish(approved.home, DECEMBER)
    keys = str(approved.home.signers)
    assert uhi(approved, "verify", str(release), "--keys", keys).exit_code == 0
    for name in ("2.json", "2.json.sig"):
        (release / "approvals" / name).unlink()
        (release / "public" / "approvals" / name).unlink()
    assert (
        "1 approval (alice), 0 overrides: not verified"
        in uhi(approved, "verify", str(release)).stdout
    )
    done = uhi(approved, "verify", str(release), "--keys", keys)
    assert done.exit_code == 5
    assert "it has 1 of the 2 approvals that it needs, by alice" in done.stderr
