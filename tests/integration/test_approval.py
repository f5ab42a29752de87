"""Approvals: two people besides the preparer sign exactly the prepared bytes; anything else is refused with its reason."""

import json
import re
import shutil
import subprocess
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner

from orchestration import files, ledger
from orchestration.candidate import candidate_folder
from orchestration.cli import main
from orchestration.errors import RefusedError, UsageError, VerificationError
from orchestration.release import bundle, preparation, publication, releases, signing
from orchestration.release.approvals import NAMESPACE, make_approval, recorded_approvals, signed_bytes
from tests.conftest import settings_in
from tests.integration.forgery import seal
from tests.people import DECEMBER, allow, approve
from tests.unit.test_signing import SSH_KEYGEN, needs_ssh_keygen

OVERRIDES_ONLY = 'namespaces="union-health-index-override"'


@pytest.fixture(scope="module")
def prepared_home(example_run, tmp_path_factory):
    """A home whose candidate was prepared by `tests`, with its release, and people of whom not all may approve it."""
    folder = tmp_path_factory.mktemp("prepared")
    settings = settings_in(shutil.copytree(example_run[0].home, folder / "home", symlinks=True, ignore=shutil.ignore_patterns("warehouse")))
    preparation.prepare(settings, DECEMBER)
    lines = dict(zip(names := ["alice", "dave", "carol", "erin", "tests", "second", "third"], allow(settings, *names), strict=True))
    lines["carol"] = lines["carol"].replace("carol", 'carol valid-before="20200101"')
    lines["erin"] = lines["erin"].replace("erin", f"erin {OVERRIDES_ONLY}")
    lines["bea"] = lines["tests"].replace("tests", "bea")
    lines["ally"] = lines["alice"].replace("alice", "ally")
    lines["second"] = lines["second"].replace("second", "ALICE,Tests2")
    lines["third"] = lines["third"].replace("third", "TESTS")
    settings.signers_file.write_text("\n".join(lines.values()) + "\n", encoding="utf-8")
    return folder


@pytest.fixture
def settings(prepared_home, tmp_path):
    shutil.copytree(prepared_home, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


@pytest.fixture
def approved(settings):
    approve(settings)
    return settings


def prepared_in(settings):
    return settings.home / "prepared" / "2020-12"


def recorded(settings):
    return [entry for entry in ledger.entries(settings.home) if entry["event"] == "approval"]


def uhi(settings, *arguments):
    return CliRunner().invoke(main, arguments, env={"UHI_HOME": str(settings.home)})


def forge(settings, **changes):
    """Prepare another verdict, whole and recorded, as if the gate had given it."""
    prepared = prepared_in(settings)
    verdict = prepared / "verdict.json"
    verdict.write_text(files.to_json(files.read_json(verdict) | changes), encoding="utf-8")
    seal(prepared)
    for event, name in (("verdict", "verdict.json"), ("release_verdict", "release_verdict.json"), ("prepared", "SHA256SUMS")):
        details = {"record": bundle.record_digest(prepared)} if event == "prepared" else {}
        ledger.append(settings.home, event, period="2020-12", digest=files.sha256_of(prepared / name), **details)


def change_month_before(settings):
    tables = candidate_folder(settings.home, "2020-11") / "tables"
    shutil.copyfile(tables / "union_index.parquet", tables / "alert.parquet")


def test_two_approvals_release_the_prepared_bytes(settings):
    sums = (prepared_in(settings) / "SHA256SUMS").read_bytes()
    for name in ("alice", "dave"):
        with pytest.raises(RefusedError, match="needs" if name == "alice" else "needs, by alice"):
            publication.publish(settings, DECEMBER)
        approve(settings, name)
    release = publication.publish(settings, DECEMBER)
    assert (release / "SHA256SUMS").read_bytes() == sums
    assert sorted(path.name for path in (release / "approvals").iterdir()) == ["1.json", "1.json.sig", "2.json", "2.json.sig"]
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=release, check=True)
    bundle.verify(release, settings.signers_file)
    assert not list((settings.home / "prepared").iterdir())


@needs_ssh_keygen
def test_an_approval_verifies_with_stock_tools(approved):
    release = publication.publish(approved, DECEMBER)
    for number, name in enumerate(("alice", "dave"), start=1):
        statement = release / "approvals" / f"{number}.json"
        command = [SSH_KEYGEN, "-Y", "verify", "-f", approved.signers_file, "-I", name, "-n", NAMESPACE, "-s", f"{statement}.sig"]
        subprocess.run(command, input=statement.read_bytes(), capture_output=True, check=True)
        assert subprocess.run(command, input=statement.read_bytes() + b"\n", capture_output=True, check=False).returncode != 0
        assert json.loads(statement.read_text(encoding="utf-8"))["digest"] == files.sha256_of(release / "SHA256SUMS")


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
    assert uhi(settings, "approve", "2020-12", "--as", "alice", "--key", str(tmp_path / "none")).exit_code == 2
    settings.signers_file.unlink()
    with pytest.raises(UsageError, match="UHI_ALLOWED_SIGNERS"):
        approve(settings, "alice")


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda settings: shutil.rmtree(prepared_in(settings)), "Nothing is prepared"),
        (
            lambda settings: (prepared_in(settings) / "public" / "area_index.csv").write_text("", encoding="utf-8"),
            "area_index.csv has changed",
        ),
        (lambda settings: (prepared_in(settings) / "approvals").touch(), "approvals is not listed"),
        (lambda settings: ledger.append(settings.home, "prepared", period="2020-12", digest="0" * 64), "not the latest one"),
        (lambda settings: forge(settings, provisional=True), "it is provisional"),
        (lambda settings: forge(settings, prepared_by=None), "does not say who prepared it; run it again with --as"),
        (change_month_before, "alert of the month before has changed"),
    ],
)
def test_what_cannot_be_released_is_not_approved(settings, spoil, reason):
    spoil(settings)
    with pytest.raises(RefusedError, match=reason):
        approve(settings, "alice")
    assert not recorded(settings)


def test_approvals_are_gone_when_it_is_prepared_again(approved):
    assert preparation.prepare(approved, DECEMBER) == prepared_in(approved)
    assert preparation.approvals_of(approved.home, DECEMBER) == []
    with pytest.raises(RefusedError, match="none of the 2 approvals"):
        publication.publish(approved, DECEMBER)
    approve(approved)
    publication.publish(approved, DECEMBER)


def test_approvals_kept_from_an_earlier_preparation_do_not_count(approved):
    sums, record = files.sha256_of(prepared_in(approved) / "SHA256SUMS"), bundle.record_digest(prepared_in(approved))
    ledger.append(approved.home, "prepared", period="2020-12", digest=sums, record=record)
    with pytest.raises(RefusedError, match=r"the ledger does not record the approval by alice.*by dave"):
        publication.publish(approved, DECEMBER)
    forge(approved, notice="another")
    with pytest.raises(RefusedError, match="the approval by alice does not hold: it is for other bytes"):
        publication.publish(approved, DECEMBER)


def test_an_approval_binds_the_record_too(approved):
    """With nothing but the release and the keys: the ledger's head in its record is not to be exchanged."""
    record = prepared_in(approved) / "record.json"
    bundle.verify(prepared_in(approved), approved.signers_file)
    record.write_text(files.to_json(files.read_json(record) | {"ledger_head": "0" * 64}), encoding="utf-8")
    with pytest.raises(VerificationError, match="it is for other bytes"):
        bundle.verify(prepared_in(approved), approved.signers_file)


def test_a_later_run_beside_it_changes_nothing(approved):
    """Another verdict, and then no candidate at all, as where the build of a later run fails."""
    ledger.append(approved.home, "verdict", period="2020-12", passed=False, digest="0" * 64)
    candidate_folder(approved.home, "2020-12").unlink()
    publication.publish(approved, DECEMBER)


def test_a_changed_month_before_is_not_published(approved):
    change_month_before(approved)
    with pytest.raises(RefusedError, match="alert of the month before has changed"):
        publication.publish(approved, DECEMBER)


def test_a_signer_who_is_struck_off_does_not_count_at_publication(approved):
    approved.signers_file.write_text(re.sub("^(dave|ally) .*\n", "", approved.signers_file.read_text(encoding="utf-8"), flags=re.MULTILINE))
    with pytest.raises(RefusedError, match="dave is not among the allowed signers"):
        publication.publish(approved, DECEMBER)


@pytest.mark.parametrize(("seconds", "reason"), [(0, None), (-1, "the key of alice was not valid at")])
def test_a_key_that_ended_counts_for_what_it_signed_before(approved, seconds, reason):
    ended = f"{datetime.fromisoformat(recorded(approved)[0]['at']).astimezone(UTC) + timedelta(seconds=seconds):%Y%m%d%H%M%S}Z"
    lines = approved.signers_file.read_text(encoding="utf-8").replace("alice ", f'alice valid-before="{ended}" ')
    approved.signers_file.write_text(lines, encoding="utf-8")
    if reason is None:
        bundle.verify(publication.publish(approved, DECEMBER), approved.signers_file)
    else:
        with pytest.raises(RefusedError, match=reason):
            publication.publish(approved, DECEMBER)


def put(settings, number, entry):
    file = prepared_in(settings) / "approvals" / f"{number}.json"
    file.write_bytes(signed_bytes(entry))
    file.with_name(f"{file.name}.sig").write_text(entry["signature"], encoding="ascii")


def signed(settings, entry, by, key, **changes):
    changed = entry | {"by": by} | changes
    return changed | {"signature": signing.sign(signed_bytes(changed), settings.home.parent / key, NAMESPACE)}


@pytest.mark.parametrize(
    ("forged", "without_keys", "with_keys"),
    [
        (lambda _, entry: entry | {"by": "ally"}, None, "not of these bytes"),
        (lambda _, entry: entry | {"at": "2021-01-01T00:00:00+00:00"}, None, "not of these bytes"),
        (lambda _, entry: entry | {"at": "today"}, "its time cannot be read", "its time cannot be read"),
        (lambda _, entry: entry | {"signature": "x"}, None, "no SSH signature"),
        (lambda _, entry: entry | {"signature": ""}, "it is not signed", "it is not signed"),
        (lambda settings, entry: signed(settings, entry, "alice", "alice", digest="0" * 64), "for other bytes", "for other bytes"),
        (lambda settings, entry: signed(settings, entry, "alice", "alice", period="2020-11"), "for other bytes", "for other bytes"),
        (lambda settings, entry: signed(settings, entry, "Tests", "third"), "by the person who prepared", "not among the allowed"),
        (lambda settings, entry: signed(settings, entry, "bea", "tests"), None, "by the person who prepared"),
        (lambda settings, entry: signed(settings, entry, "dave", "dave"), "approved already", "approved already"),
        (lambda settings, entry: signed(settings, entry, "DAVE", "dave"), "approved already", "not among the allowed"),
        (lambda settings, entry: signed(settings, entry, "erin", "erin"), None, "not allowed to sign for"),
    ],
)
def test_a_forged_approval_is_found(approved, forged, without_keys, with_keys):
    [entry, _] = recorded_approvals(ledger.entries(approved.home), DECEMBER, files.sha256_of(prepared_in(approved) / "SHA256SUMS"))
    put(approved, 1, forged(approved, entry))
    for keys, reason in ((None, without_keys), (approved.signers_file, with_keys)):
        if reason is None:
            bundle.verify(prepared_in(approved), keys)
        else:
            with pytest.raises(VerificationError, match=reason):
                bundle.verify(prepared_in(approved), keys)
    with pytest.raises(RefusedError, match=without_keys or "the ledger does not record the approval"):
        publication.publish(approved, DECEMBER)


def test_an_approval_that_the_ledger_does_not_record_does_not_count(settings, tmp_path):
    approve(settings, "alice")
    sums, record = files.sha256_of(prepared_in(settings) / "SHA256SUMS"), bundle.record_digest(prepared_in(settings))
    entry = make_approval(DECEMBER, sums, record, "dave", tmp_path / "dave")
    put(settings, 2, entry)
    bundle.verify(prepared_in(settings), settings.signers_file)
    with pytest.raises(RefusedError, match="the ledger does not record the approval by dave"):
        publication.publish(settings, DECEMBER)
    approve(settings, "dave")
    publication.publish(settings, DECEMBER)


def test_a_recorded_approval_that_the_release_lacks_does_not_count(approved):
    shutil.rmtree(prepared_in(approved) / "approvals")
    with pytest.raises(RefusedError, match="none of the 2 approvals"):
        publication.publish(approved, DECEMBER)


def test_an_approval_from_before_the_preparation_does_not_count(approved):
    """The ledger is written anew, each line bound to the one before, with a signed time before that of the preparation."""
    entries = ledger.entries(approved.home)
    (approved.home / "ledger.jsonl").unlink()
    for entry in entries:
        details = {name: value for name, value in entry.items() if name != "previous"}
        if (details["event"], details.get("by")) == ("approval", "alice"):
            details = signed(approved, details, "alice", "alice", at="2020-12-31T00:00:00+00:00")
            put(approved, 1, details)
        ledger.append(approved.home, details.pop("event"), **details)
    with pytest.raises(RefusedError, match="dated before what it approves was prepared"):
        publication.publish(approved, DECEMBER)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "1.json.sig").unlink(),
        lambda folder: (folder / "note.txt").touch(),
        lambda folder: (folder / "1.json").write_text((folder / "1.json").read_text(encoding="utf-8") + "\n", encoding="utf-8"),
        lambda folder: (folder / "1.json").write_text("[]", encoding="utf-8"),
        lambda folder: (folder / "1.json").write_bytes(b"\xff"),
        lambda folder: (folder / "1.json.sig").write_text("签", encoding="utf-8"),
    ],
)
def test_files_that_are_no_approvals_do_not_verify(approved, spoil):
    spoil(prepared_in(approved) / "approvals")
    with pytest.raises(VerificationError, match="approval"):
        bundle.verify(prepared_in(approved))
    with pytest.raises(RefusedError, match="approval"):
        publication.publish(approved, DECEMBER)


def test_verification_with_keys_needs_two(approved):
    release = publication.publish(approved, DECEMBER)
    keys = str(approved.signers_file)
    assert uhi(approved, "verify", str(release), "--keys", keys).exit_code == 0
    for name in ("2.json", "2.json.sig"):
        (release / "approvals" / name).unlink()
    assert "1 approvals (alice), 0 overrides: not verified" in uhi(approved, "verify", str(release)).stdout
    done = uhi(approved, "verify", str(release), "--keys", keys)
    assert done.exit_code == 5
    assert "it has 1 of the 2 approvals that it needs, by alice" in done.stderr


def record_of(settings):
    """The record that a publication leaves with a release before it moves it."""
    sums = files.sha256_of(prepared_in(settings) / "SHA256SUMS")
    return {"period": "2020-12", "release": "r1", "sha256sums": sums, "release_time": "2021-01-20T10:00:00+08:00"}


def test_a_release_put_in_its_place_by_hand_is_not_put_in_force(approved):
    files.rename_folder(prepared_in(approved), approved.home / "releases" / "2020-12" / "r1")
    with pytest.raises(RefusedError, match="was put there by no publication"):
        publication.publish(approved, DECEMBER)


@pytest.mark.parametrize(
    ("names", "reason"), [(["alice", "dave"], None), (["alice"], "1 of the 2 approvals"), ([], "none of the 2 approvals")]
)
def test_a_release_put_in_its_place_counts_only_where_it_is_approved(settings, names, reason):
    for name in names:
        approve(settings, name)
    (prepared_in(settings) / "publication.json").write_text(files.to_json(record_of(settings)), encoding="utf-8")
    files.rename_folder(prepared_in(settings), settings.home / "releases" / "2020-12" / "r1")
    if reason is None:
        assert publication.publish(settings, DECEMBER).name == "r1"
    else:
        with pytest.raises(RefusedError, match=reason):
            publication.publish(settings, DECEMBER)
        assert releases.in_force(settings.home) == {}


def test_a_release_that_was_never_prepared_here_is_not_put_in_force(approved):
    forge(approved, notice="another")
    shutil.rmtree(prepared_in(approved) / "approvals")
    elsewhere = [entry for entry in ledger.entries(approved.home) if entry.get("digest") != ledger.entries(approved.home)[-1]["digest"]]
    (approved.home / "ledger.jsonl").unlink()
    for entry in elsewhere:
        details = {name: value for name, value in entry.items() if name != "previous"}
        ledger.append(approved.home, details.pop("event"), **details)
    (prepared_in(approved) / "publication.json").write_text(files.to_json(record_of(approved)), encoding="utf-8")
    files.rename_folder(prepared_in(approved), approved.home / "releases" / "2020-12" / "r1")
    with pytest.raises(RefusedError, match="was never prepared here"):
        publication.publish(approved, DECEMBER)
