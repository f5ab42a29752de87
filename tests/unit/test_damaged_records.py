"""Records of a home and of a release that are cut or empty.

Each is named, in the kind of error that is due.
"""

import pytest

from orchestration.build import warehouse
from orchestration.errors import HealthIndexError, RefusedError, UsageError, VerificationError
from orchestration.home import files
from orchestration.home.layout import SUMS, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.intake import ErasureDecision, IntakeRecord
from orchestration.home.records.release import (
    Manifest,
    PreparationRecord,
    PublicationRecord,
    Tombstone,
)
from orchestration.home.records.verdict import Plan, ReleaseVerdict, Verdict
from orchestration.home.releases import in_force, renew_current
from orchestration.release import bundle
from orchestration.settings import load_settings
from tests.support import ledgers
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
CONTENTS = (*DAMAGED, b"{}", b'{"period": 5}', b'{"another": "field"}')


@pytest.mark.parametrize("kind", RECORDS)
@pytest.mark.parametrize("content", CONTENTS, ids=range(len(CONTENTS)))
def test_a_damaged_record_is_named(tmp_path, kind, content):
    file = tmp_path / "record.json"
    file.write_bytes(content)
    with pytest.raises(VerificationError, match=r"record\.json is damaged: .*\. Put it back"):
        kind.read(file, VerificationError)


def test_the_first_wrong_field_of_a_record_is_named_and_no_value(tmp_path):
    file = tmp_path / "verdict.json"
    told = verdict(checks=[check("rows.lost", "holds")]).as_json()
    told["checks"][0]["executed"] = "330102199001011234"
    file.write_text(files.to_json(told), encoding="utf-8")
    with pytest.raises(HealthIndexError, match=r"checks\.0\.executed: .*boolean") as raised:
        Verdict.read(file)
    assert "3301" not in str(raised.value)


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


@pytest.mark.parametrize(
    "name",
    ["a*b", "what?", "[1]", "city=wenzhou", "back\\slash", "{{ x }}", "two\nlines", "bell\x07"],
)
def test_a_home_whose_path_stands_for_others_is_refused(tmp_path, name):
    with pytest.raises(UsageError, match="choose a path without them"):
        load_settings(home=tmp_path / name)
    with pytest.raises(UsageError, match="choose a path without them"):
        warehouse.sql_path(tmp_path / name / "tables.parquet")
