"""Approvals and releases that somebody forged: none of them is published or verifies."""

import shutil

import pytest

from orchestration.audit import chain
from orchestration.errors import RefusedError, VerificationError
from orchestration.home import files, ledger, releases
from orchestration.release import bundle, public_edition, publication
from orchestration.signatures import signing
from orchestration.signatures.approvals import (
    APPROVAL,
    bytes_of,
    make_approval,
)
from tests.support import ledgers
from tests.support.approvals import end_key, forge, look_an_hour_later, prepared_in
from tests.support.people import DECEMBER, approve
from tests.support.settings import settings_in

SIGNED = ("period", "digest", "record", "public", "ledger_head", "ledger_at", "by", "at")


@pytest.fixture
def settings(awaiting_approval, tmp_path):
    shutil.copytree(awaiting_approval, tmp_path, symlinks=True, dirs_exist_ok=True)
    return settings_in(tmp_path / "home")


@pytest.fixture
def approved(settings):
    approve(settings)
    return settings


def put(settings, number, entry):
    file = prepared_in(settings) / "approvals" / f"{number}.json"
    file.write_bytes(bytes_of(stated_in(entry)))
    file.with_name(f"{file.name}.sig").write_text(entry["signature"], encoding="ascii")


def stated_in(entry):
    """What an approval signs, of a line of the ledger or of the approval itself."""
    return {name: entry[name] for name in SIGNED if name in entry}


def signed(settings, entry, by, key, **changes):
    changed = entry | {"by": by} | changes
    return changed | {
        "signature": signing.sign(
            bytes_of(stated_in(changed)), settings.home.folder.parent / key, APPROVAL.namespace
        )
    }


def record_of(settings):
    """The record that a publication leaves with a release before it moves it."""
    sums = files.sha256_of(prepared_in(settings) / "SHA256SUMS")
    return {
        "period": "2020-12",
        "release": "r1",
        "sha256sums": sums,
        "release_time": "2021-01-20T10:00:00+08:00",
        "published_at": "2021-01-20T10:00:00+08:00",
        "previews": [],
        "ledger_head": ledger.head(settings.home),
    }


def test_approvals_kept_from_an_earlier_preparation_do_not_count(approved):
    sums, record = (
        files.sha256_of(prepared_in(approved) / "SHA256SUMS"),
        bundle.record_digest(prepared_in(approved)),
    )
    [before] = [
        each for each in ledgers.entries(approved.home.folder) if each["event"] == "prepared"
    ]
    again = {name: before[name] for name in ("at", "period", "release_time")}
    ledgers.append(approved.home.folder, "prepared", **again, digest=sums, record=record)
    with pytest.raises(
        RefusedError, match=r"the ledger does not record the approval by alice.*by dave"
    ):
        publication.publish(approved.home, DECEMBER)
    forge(approved, notice="another")
    with pytest.raises(
        RefusedError, match="the approval by alice does not hold: it is for other bytes"
    ):
        publication.publish(approved.home, DECEMBER)


def test_an_approval_binds_the_record_too(approved):
    """The ledger's head in the record cannot be exchanged: the release and the keys show it."""
    record = prepared_in(approved) / "record.json"
    bundle.verify(prepared_in(approved), approved.home.signers)
    record.write_text(
        files.to_json(files.read_json(record) | {"ledger_head": "0" * 64}), encoding="utf-8"
    )
    with pytest.raises(VerificationError, match="it is for other bytes"):
        bundle.verify(prepared_in(approved), approved.home.signers)


@pytest.mark.parametrize(
    ("forged", "without_keys", "with_keys"),
    [
        (lambda _, entry: entry | {"by": "ally"}, None, "not of these bytes"),
        (lambda _, entry: entry | {"at": "2021-01-01T00:00:00+00:00"}, None, "not of these bytes"),
        (
            lambda _, entry: entry | {"at": "today"},
            "no approval as it is written",
            "no approval as it is written",
        ),
        (lambda _, entry: entry | {"signature": "x"}, None, "no SSH signature"),
        (
            lambda _, entry: entry | {"signature": ""},
            "no approval as it is written",
            "no approval as it is written",
        ),
        (
            lambda settings, entry: signed(settings, entry, "alice", "alice", digest="0" * 64),
            "for other bytes",
            "for other bytes",
        ),
        (
            lambda settings, entry: signed(settings, entry, "alice", "alice", period="2020-11"),
            "for other bytes",
            "for other bytes",
        ),
        (
            lambda settings, entry: signed(settings, entry, "Tests", "third"),
            "by the person who prepared",
            "not among the allowed",
        ),
        (
            lambda settings, entry: signed(settings, entry, "bea", "tests"),
            None,
            "by the person who prepared",
        ),
        (
            lambda settings, entry: signed(settings, entry, "dave", "dave"),
            "approved already",
            "approved already",
        ),
        (
            lambda settings, entry: signed(settings, entry, "DAVE", "dave"),
            "approved already",
            "not among the allowed",
        ),
        (
            lambda settings, entry: signed(settings, entry, "erin", "erin"),
            None,
            "not allowed to sign for",
        ),
    ],
)
def test_a_forged_approval_is_found(approved, forged, without_keys, with_keys):
    [entry, _] = [
        each for each in ledgers.entries(approved.home.folder) if each["event"] == "approval"
    ]
    put(approved, 1, forged(approved, entry))
    for keys, reason in ((None, without_keys), (approved.home.signers, with_keys)):
        if reason is None:
            bundle.verify(prepared_in(approved), keys)
        else:
            with pytest.raises(VerificationError, match=reason):
                bundle.verify(prepared_in(approved), keys)
    with pytest.raises(
        RefusedError, match=without_keys or "the ledger does not record the approval"
    ):
        publication.publish(approved.home, DECEMBER)


def test_an_approval_that_the_ledger_does_not_record_does_not_count(settings, tmp_path):
    approve(settings, "alice")
    entry = make_approval(
        bundle.approvable(prepared_in(settings)),
        "dave",
        tmp_path / "dave",
        ledger.mark(settings.home),
    )
    put(settings, 2, entry.as_json())
    bundle.verify(prepared_in(settings), settings.home.signers)
    with pytest.raises(RefusedError, match="the ledger does not record the approval by dave"):
        publication.publish(settings.home, DECEMBER)
    approve(settings, "dave")
    publication.publish(settings.home, DECEMBER)


def test_a_recorded_approval_that_the_release_lacks_does_not_count(approved):
    shutil.rmtree(prepared_in(approved) / "approvals")
    with pytest.raises(RefusedError, match="none of the 2 approvals"):
        publication.publish(approved.home, DECEMBER)


def test_an_approval_from_before_the_preparation_does_not_count(approved):
    """The ledger is rewritten, its chain intact, with a signed time before the preparation."""
    entries = ledgers.entries(approved.home.folder)
    for number, entry in enumerate(entries):
        if (entry["event"], entry.get("by")) == ("approval", "dave"):
            early = signed(approved, entry, "dave", "dave", at="2020-12-31T00:00:00+00:00")
            put(approved, 2, early)
            entries[number] = early
    ledgers.rewrite(approved.home.folder, entries)
    with pytest.raises(RefusedError, match="dated before what it approves was prepared"):
        publication.publish(approved.home, DECEMBER)


def test_what_is_signed_later_binds_the_approval_before_it(approved):
    """Who rewrites the ledger, its chain intact, needs also the keys of all who signed since."""
    entries = ledgers.entries(approved.home.folder)
    [number] = [place for place, entry in enumerate(entries) if entry.get("by") == "alice"]
    entries[number] = signed(approved, entries[number], "alice", "alice", at=entries[0]["at"])
    ledgers.rewrite(approved.home.folder, entries)
    with pytest.raises(RefusedError, match=r"What dave signed in line .* on other lines"):
        publication.publish(approved.home, DECEMBER)
    faults = [fault["text"] for fault in chain.verify(approved.home)["faults"]]
    line = f"line {len(entries)}: what dave signed in it was signed on other lines"
    assert any(fault.startswith(line) for fault in faults)


def test_an_approval_with_a_key_that_ended_and_a_clock_set_back_is_not_published(settings):
    """The signer leaves out how far the ledger was; the ledger's own lines tell it."""
    prepared_at, _ = look_an_hour_later(settings)
    approve(settings)
    entries = ledgers.entries(settings.home.folder)
    unbound = {name: value for name, value in entries[-1].items() if not name.startswith("ledger_")}
    entries[-1] = signed(settings, unbound, "dave", "dave", at=prepared_at)
    put(settings, 2, entries[-1])
    ledgers.rewrite(settings.home.folder, entries)
    end_key(settings, "dave", prepared_at)
    with pytest.raises(RefusedError, match=r"the key of dave was not valid at .*had reached"):
        publication.publish(settings.home, DECEMBER)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda folder: (folder / "1.json.sig").unlink(),
        lambda folder: (folder / "note.txt").touch(),
        lambda folder: (folder / "1.json").write_text(
            (folder / "1.json").read_text(encoding="utf-8") + "\n", encoding="utf-8"
        ),
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
        publication.publish(approved.home, DECEMBER)


def test_a_release_put_in_its_place_by_hand_is_not_put_in_force(approved):
    files.rename_folder(prepared_in(approved), approved.home.release("2020-12", "r1"))
    with pytest.raises(RefusedError, match="was put there by no publication"):
        publication.publish(approved.home, DECEMBER)


@pytest.mark.parametrize(
    ("names", "reason"),
    [
        (["alice", "dave"], None),
        (["alice"], "1 of the 2 approvals"),
        ([], "none of the 2 approvals"),
    ],
)
def test_a_release_put_in_its_place_counts_only_where_it_is_approved(settings, names, reason):
    for name in names:
        approve(settings, name)
    public_edition.copy_approvals(prepared_in(settings))
    (prepared_in(settings) / "publication.json").write_text(
        files.to_json(record_of(settings)), encoding="utf-8"
    )
    files.rename_folder(prepared_in(settings), settings.home.release("2020-12", "r1"))
    if reason is None:
        assert publication.publish(settings.home, DECEMBER).name == "r1"
    else:
        with pytest.raises(RefusedError, match=reason):
            publication.publish(settings.home, DECEMBER)
        assert releases.in_force(settings.home) == {}


def test_a_release_that_was_never_prepared_here_is_not_put_in_force(approved):
    forge(approved, notice="another")
    shutil.rmtree(prepared_in(approved) / "approvals")
    elsewhere = [
        entry
        for entry in ledgers.entries(approved.home.folder)
        if entry.get("digest") != ledgers.entries(approved.home.folder)[-1]["digest"]
    ]
    ledgers.rewrite(approved.home.folder, elsewhere)
    (prepared_in(approved) / "publication.json").write_text(
        files.to_json(record_of(approved)), encoding="utf-8"
    )
    files.rename_folder(prepared_in(approved), approved.home.release("2020-12", "r1"))
    with pytest.raises(RefusedError, match="was never prepared here"):
        publication.publish(approved.home, DECEMBER)
