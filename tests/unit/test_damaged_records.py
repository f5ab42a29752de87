"""Records of a home and of a release that are damaged: cut, empty, of other types, ambiguous.

Each is named, in the kind of error that is due.
"""

import errno
import os
import resource
import signal

import pytest

from orchestration.audit import chain
from orchestration.build import warehouse
from orchestration.build.candidate import planned_build
from orchestration.errors import (
    HealthIndexError,
    RefusedError,
    UnconfirmedError,
    UsageError,
    VerificationError,
    storage_reason,
)
from orchestration.home import files, ledger
from orchestration.home.events import Pruned
from orchestration.home.layout import SUMS, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.intake import ErasureDecision, IntakeRecord
from orchestration.home.records.release import (
    Manifest,
    PreparationRecord,
    PublicationRecord,
    Tombstone,
)
from orchestration.home.records.signed import Overrides, Preview
from orchestration.home.records.verdict import Plan, ReleaseVerdict, Verdict
from orchestration.home.releases import in_force, renew_current
from orchestration.home.sums import listed_in
from orchestration.release import bundle, public_edition
from orchestration.settings import load_settings
from orchestration.signatures.approvals import read_approval
from quality import release_files
from tests.support import ledgers
from tests.support.damage import damages, whole_damages
from tests.support.lanes import everyday
from tests.support.records import check, verdict

MOMENT = "2021-01-20T10:00:00+08:00"
DAMAGED = (
    b"",
    b"{",
    b'{"2020-12": "r1"',
    b"[]",
    b"5",
    b"null",
    b"\xff\xfe{}",
    b"\0\0\0\0",
    b"[" * 100_000,
)


RECORDS = (
    IntakeRecord,
    ErasureDecision,
    Plan,
    Verdict,
    ReleaseVerdict,
    Manifest,
    PreparationRecord,
    PublicationRecord,
    Tombstone,
)
CONTENTS = (
    *DAMAGED,
    b"NaN",
    b"9" * 10_000,
    b'{"a":' * 100_000,
    b"{}",
    b'{"period": 5}',
    b'{"another": "field"}',
)


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_a_damaged_record_is_named(tmp_path, kind, content):
    file = tmp_path / "record.json"
    file.write_bytes(content)
    with pytest.raises(VerificationError, match=r"record\.json is damaged: .*\. Put it back"):
        kind.read(file, VerificationError)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_record_that_is_gone_is_named(tmp_path, kind):
    file = tmp_path / "record.json"
    with pytest.raises(VerificationError, match=r"record\.json is gone\. Put it back"):
        kind.read(file)
    with pytest.raises(VerificationError, match=r"record\.json is gone\. Put it back"):
        files.sha256_of(file)


@pytest.mark.parametrize("kind", RECORDS)
def test_a_damaged_record_is_a_difference_that_a_verification_finds(tmp_path, kind):
    file = tmp_path / "record.json"
    file.write_bytes(b"{")
    with pytest.raises(VerificationError):
        kind.read(file)


def grown(file):
    """A file that a reader of a gibibyte would need memory for; the disk does not."""
    with file.open("wb") as opened:
        opened.truncate(2**30)


READERS = {
    **{kind.__name__: kind.read for kind in (*RECORDS, Overrides)},
    "an entry of the audit": lambda file, error: files.read_json(file, error, list),
    "an approval": lambda file, _: read_approval(file),
    "a list of digests": lambda file, _: listed_in(file.parent),
}


@pytest.mark.parametrize("read", READERS.values(), ids=READERS)
def test_a_file_larger_than_any_that_is_written_is_not_read(tmp_path, read):
    file = tmp_path / SUMS
    grown(file)
    with pytest.raises(VerificationError, match=f"{SUMS} has 1,073,741,824 bytes; at most 67,"):
        read(file, VerificationError)


def test_a_check_reads_no_file_larger_than_any_that_is_written(tmp_path):
    grown(tmp_path / "manifest.json")
    with pytest.raises(ValueError, match=r"manifest\.json has 1,073,741,824 bytes"):
        release_files.read_json(tmp_path / "manifest.json")
    assert release_files.MOST_BYTES == files.MOST_KEPT


def test_the_first_wrong_field_of_a_record_is_named_and_no_value(tmp_path):
    file = tmp_path / "verdict.json"
    told = verdict(checks=[check("rows.lost", "holds")]).as_json()
    told["checks"][0]["executed"] = "330102199001011234"
    file.write_text(files.to_json(told), encoding="utf-8")
    with pytest.raises(HealthIndexError, match=r"checks\.0\.executed: .*boolean") as raised:
        Verdict.read(file)
    assert "3301" not in str(raised.value)


MADE = (
    verdict(checks=[check("rows.lost", "holds")], tables={"alert": "0" * 64}),
    PreparationRecord(
        period="2020-12",
        sha256sums="0" * 64,
        prepared_at=MOMENT,
        ledger_head="0" * 64,
        environment={"python": "3.11", "packages": {"duckdb": "2.0"}},
    ),
    PublicationRecord(
        period="2020-12",
        release="r1",
        sha256sums="0" * 64,
        release_time=MOMENT,
        published_at=MOMENT,
        previews=(Preview(by="press", reason="a look", at=MOMENT),),
        ledger_head="0" * 64,
    ),
)
MORE_THAN_DUE = {
    "a word for yes": (MADE[0], {"passed": "true"}, r"passed: .*boolean"),
    "a number for yes": (MADE[0], {"provisional": 1}, r"provisional: .*boolean"),
    "a number for a text": (MADE[1], {"prepared_at": 20210120}, r"prepared_at: .*string"),
    "a field of a verdict": (MADE[0], {"signed": True}, r"signed: Extra inputs are not permitted"),
    "a field of a record": (MADE[2], {"retracted": None}, r"retracted: Extra inputs"),
}


@pytest.mark.parametrize(("record", "changes", "told"), MORE_THAN_DUE.values(), ids=MORE_THAN_DUE)
def test_a_record_says_what_it_is_due_to_and_nothing_like_it(tmp_path, record, changes, told):
    file = tmp_path / "record.json"
    file.write_text(files.to_json(record.as_json() | changes), encoding="utf-8")
    with pytest.raises(VerificationError, match=rf"record\.json is damaged: {told}"):
        type(record).read(file, VerificationError)


FEW, MANY = 30, 1_000


@pytest.mark.parametrize("fields", everyday([FEW, MANY], FEW))
@pytest.mark.parametrize("record", MADE, ids=lambda record: type(record).__name__)
def test_a_record_damaged_at_random_is_read_or_named(tmp_path, record, fields):
    file = tmp_path / "record.json"
    refused = {}
    for name, content in damages(record.text().encode(), 1, fields).items():
        file.write_bytes(content)
        try:
            type(record).read(file, VerificationError)
        except VerificationError as error:
            refused[name] = str(error)
    assert all("record.json is damaged: " in message for message in refused.values())
    assert {*whole_damages(b""), "a key twice"} <= set(refused)


@pytest.mark.parametrize("fields", everyday([FEW, MANY], FEW))
def test_a_ledger_damaged_at_random_is_refused_by_its_line(tmp_path, fields):
    published = {"digest": "0" * 64, "record": "0" * 64, "release_time": MOMENT}
    ledgers.append(tmp_path, "publication", period="2020-12", release="r1", **published)
    ledgers.append(tmp_path, "publication", period="2020-12", release="r2", **published)
    home, refused = Home(tmp_path), {}
    for name, content in damages(home.ledger.read_bytes(), 1, fields).items():
        home.ledger.write_bytes(content)
        try:
            Ledger.of(home)
        except RefusedError as error:
            refused[name] = str(error)
        if b"\n" in content:
            assert chain.verify(home)["lines"]
    assert all(message.startswith("Line ") for message in refused.values())
    assert {"a zero byte", "a key twice"} <= set(refused)


def test_a_line_that_the_disk_did_not_confirm_counts_and_is_told_so(tmp_path, monkeypatch):
    home = Home(tmp_path)
    pruned = Pruned(intakes=(), objects=0, bytes=0)

    def fail(descriptor):
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", fail)
        with pytest.raises(UnconfirmedError, match=r"new line, which counts, .* did not confirm"):
            ledger.append(home, pruned)
    assert Ledger.of(home).events == (pruned,)


def test_a_line_that_the_disk_took_in_part_never_counts(tmp_path):
    home = Home(tmp_path)
    pruned = Pruned(intakes=(), objects=0, bytes=0)
    ledger.append(home, pruned)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (home.ledger.stat().st_size + 10, limits[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            ledger.append(home, pruned)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, handler)
    assert Ledger.of(home).events == (pruned,)
    ledger.append(home, pruned)
    assert Ledger.of(home).events == (pruned, pruned)


SUM = f"{'0' * 64}  verdict.json\n".encode()


@pytest.mark.parametrize(
    "content",
    [b"\xff\xfe", SUM[:40], SUM + b"?\n", SUM + b"\n", SUM + SUM, b"[" * 100_000],
)
def test_a_damaged_list_of_digests_is_named(tmp_path, content):
    (tmp_path / SUMS).write_bytes(SUM)
    assert listed_in(tmp_path) == {"verdict.json": "0" * 64}
    (tmp_path / SUMS).write_bytes(content)
    for read in (listed_in, bundle.verify, public_edition.verify_public):
        with pytest.raises(VerificationError, match=r"SHA256SUMS is damaged: .* Put it back"):
            read(tmp_path)


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (OSError("No space left on device (os error 28)"), "No space left"),
        (RuntimeError("can't start new thread"), "Out of memory"),
        (ImportError("libarrow.so: failed to map segment from shared object"), "Out of memory"),
        (OSError("not found (os error 2)"), None),
        (RuntimeError("another"), None),
    ],
)
def test_a_disk_or_memory_that_is_full_is_told_whoever_says_so(error, reason):
    found = storage_reason(error)
    assert found is None if reason is None else reason in found


@pytest.mark.parametrize(
    "content", [*DAMAGED, b'{"2020-12": "r2"}', b'{"2020-12": "../../x"}', None], ids=repr
)
def test_what_is_in_force_is_never_read_from_the_pointer_which_is_restored(tmp_path, content):
    home = Home(tmp_path)
    published = {"digest": "0" * 64, "record": "0" * 64, "release_time": MOMENT}
    ledgers.append(tmp_path, "publication", period="2020-12", release="r1", **published)
    home.releases.mkdir()
    if content is not None:
        home.current.write_bytes(content)
    assert in_force(home) == {"2020-12": "r1"}
    renew_current(home)
    assert files.read_json(home.current) == {"2020-12": "r1"}


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}"])
def test_a_release_with_damaged_records_does_not_verify(tmp_path, content):
    for name in (*bundle.RECORDS, bundle.OVERRIDES):
        (tmp_path / name).write_bytes(content)
    (tmp_path / SUMS).write_text("")
    sums = "".join(f"{digest}  {name}\n" for name, digest in bundle.digests_of(tmp_path).items())
    (tmp_path / SUMS).write_text(sums)
    with pytest.raises(VerificationError):
        bundle.verify(tmp_path)


@pytest.mark.parametrize(
    "line", [b"5\n", b"{}\n", b"[]\n", b"{\n", b'{"event": "prepared"}\n', b'{"event": "none"}\n']
)
def test_a_damaged_line_of_the_ledger(tmp_path, line):
    (tmp_path / "ledger.jsonl").write_bytes(line)
    with pytest.raises(RefusedError, match="Line 1 of the ledger"):
        Ledger.of(Home(tmp_path))


@pytest.mark.parametrize("passed", ["true", 1, None])
def test_a_line_of_the_ledger_says_what_is_due_and_nothing_like_it(tmp_path, passed):
    stated = {"period": "2020-12", "digest": "0" * 64, "passed": passed}
    ledgers.append(tmp_path, "verdict", **stated)
    with pytest.raises(RefusedError, match=r"Line 1 of the ledger cannot be read .*passed"):
        Ledger.of(Home(tmp_path))


def test_a_line_of_the_ledger_is_bound_to_the_one_before(tmp_path):
    for number in range(3):
        ledgers.append(tmp_path, "verdict", period="2020-12", digest=f"{number}" * 64)
    first, _, last = ledger.complete_lines(Home(tmp_path))
    (tmp_path / "ledger.jsonl").write_bytes(first + b"\n" + last + b"\n")
    with pytest.raises(RefusedError, match="Line 2 of the ledger is not bound"):
        Ledger.of(Home(tmp_path))


@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_a_plan_that_cannot_be_read_is_wrong_usage(tmp_path, content):
    home = Home(tmp_path)
    home.plan("2020-12").parent.mkdir(parents=True)
    home.plan("2020-12").write_bytes(content)
    with pytest.raises(UsageError, match="is not the one that the ledger records"):
        planned_build(home, "2020-12")
    digest = files.sha256_of(home.plan("2020-12"))
    ledgers.append(tmp_path, "plan", period="2020-12", digest=digest)
    with pytest.raises(UsageError, match="it is damaged, or of another version"):
        planned_build(home, "2020-12")


@pytest.mark.parametrize(
    "name",
    ["a*b", "what?", "[1]", "city=wenzhou", "back\\slash", "{{ x }}", "two\nlines", "bell\x07"],
)
def test_a_home_whose_path_stands_for_others_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="choose a path without them"):
        load_settings(home=tmp_path / name)
    with pytest.raises(UsageError, match="choose a path without them"):
        warehouse.sql_path(tmp_path / name / "tables.parquet")
