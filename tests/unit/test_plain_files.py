"""Files that are no plain files, and folders that are links, are refused by name.

Each is put where something of a home is read, moved, sealed or verified; none is waited for.
"""

import os
import socket
from contextlib import closing

import pytest

from orchestration.audit.published import open_release
from orchestration.build.candidate import stored_month
from orchestration.errors import HealthIndexError, RefusedError, SourceError, VerificationError
from orchestration.extract.folder import FolderSource
from orchestration.extract.intakes import landed_file
from orchestration.home import files
from orchestration.home.layout import SUMS, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.release import Tombstone
from orchestration.home.records.verdict import Verdict
from orchestration.home.releases import releases_of
from orchestration.periods import Period
from orchestration.privacy.accounts import rows_accounted
from orchestration.release import bundle, public_edition, publication
from orchestration.release.rules.judgement import Judgement, other_than_files
from orchestration.signatures import approvals
from tests.support.records import verdict

DECEMBER = Period(2020, 12)


def put_link(path):
    path.symlink_to(path.parent / "real.txt")


def put_dangling_link(path):
    path.symlink_to("nowhere")


def put_link_to_a_folder(path):
    path.symlink_to(path.parent)


def put_socket(path):
    with closing(socket.socket(socket.AF_UNIX)) as made:
        os.chdir(path.parent)
        made.bind(path.name)


OTHERS = (put_link, put_dangling_link, put_link_to_a_folder, os.mkfifo, put_socket)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A folder as a release's, of files that are listed."""
    monkeypatch.chdir(tmp_path)
    place = tmp_path / "r1"
    (place / "internal").mkdir(parents=True)
    (place / "internal" / "real.txt").write_text("real")
    (place / "real.txt").write_text("real")
    names = ("internal/real.txt", "real.txt")
    digests = {name: files.sha256_of(place / name) for name in names}
    (place / SUMS).write_text("".join(f"{each}  {name}\n" for name, each in digests.items()))
    return place


READERS = {
    "digests": bundle.digests_of,
    "verify": bundle.verify,
    "verify_public": public_edition.verify_public,
    "audit": lambda place: open_release(place).__enter__(),
    "inventory": lambda place: rows_accounted(place, []),
}


def test_plain_files_are_listed_by_name(folder):
    (folder / "approvals").mkdir()
    assert list(files.plain_files(folder)) == [SUMS, "internal/real.txt", "real.txt"]
    assert files.plain_files(folder / "nowhere") == {}


@pytest.mark.parametrize("put", OTHERS)
@pytest.mark.parametrize("reader", READERS)
def test_no_reader_of_a_release_takes_what_is_no_plain_file(folder, reader, put):
    put(folder / "internal" / "odd")
    with pytest.raises(VerificationError, match=r"internal/odd is a (link|pipe)"):
        READERS[reader](folder)


@pytest.mark.parametrize("reader", READERS)
def test_no_reader_of_a_release_takes_a_link_to_it(folder, reader):
    link = folder.with_name("latest")
    link.symlink_to(folder)
    if reader == "inventory":  # of a candidate, whose link Home.built_candidate has checked
        link = folder / "file"
        link.write_text("no folder")
    with pytest.raises(VerificationError, match="give the folder itself"):
        READERS[reader](link)


@pytest.mark.parametrize("kind", [Verdict, IntakeRecord, Tombstone])
@pytest.mark.parametrize("put", OTHERS)
def test_no_record_is_read_from_what_is_no_plain_file(tmp_path, monkeypatch, kind, put):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "real.txt").write_text("{}")
    put(tmp_path / "record.json")
    with pytest.raises(VerificationError, match=r"record\.json is (a link|no plain file)"):
        kind.read(tmp_path / "record.json", VerificationError)


@pytest.mark.parametrize("put", OTHERS)
def test_no_ledger_is_read_from_what_is_no_plain_file(tmp_path, monkeypatch, put):
    monkeypatch.chdir(tmp_path)
    put(tmp_path / "ledger.jsonl")
    with pytest.raises(RefusedError, match=r"ledger\.jsonl is (a link|no plain file)"):
        Ledger.of(Home(tmp_path))


@pytest.mark.parametrize("put", OTHERS)
def test_no_approval_is_read_from_what_is_no_plain_file(tmp_path, monkeypatch, put):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "approvals").mkdir()
    (tmp_path / "approvals" / "1.json.sig").write_text("none")
    put(tmp_path / "approvals" / "1.json")
    with pytest.raises(VerificationError, match=r"1\.json is (a link|no plain file)"):
        approvals.approvals_in(tmp_path)


def link_to(elsewhere):
    """A place of the home becomes a link to a folder elsewhere."""

    def put(place):
        place.parent.mkdir(parents=True)
        place.symlink_to(elsewhere)

    return put


def a_file(_):
    def put(place):
        place.parent.mkdir(parents=True)
        place.write_text("no folder")

    return put


@pytest.mark.parametrize("put", [link_to, a_file])
@pytest.mark.parametrize(
    "place", ["prepared/2020-12", "releases/2020-12", "releases/2020-12/r1", "retracted/2020-12/r2"]
)
def test_what_is_prepared_or_released_is_a_folder_of_the_home(tmp_path, folder, put, place):
    home = Home(tmp_path / "home")
    put(folder)(home.folder / place)
    for act in (Ledger.of, lambda home: publication.publish(home, DECEMBER)):
        with pytest.raises(RefusedError, match=rf"{place} is a (link|file) where a folder is due"):
            act(home)


def test_copies_that_a_person_made_are_left_alone(tmp_path, folder):
    home = Home(tmp_path / "home")
    link_to(folder)(home.releases / "2020-12" / "r1.bak")
    assert releases_of(home, DECEMBER) == []


@pytest.mark.parametrize("target", ["elsewhere", "../elsewhere", ".2020-12-3", ".2020-12-2"])
def test_a_candidate_lies_where_it_was_built(tmp_path, target):
    home = Home(tmp_path)
    (home.candidates / ".2020-12-1").mkdir(parents=True)
    (tmp_path / "elsewhere").mkdir()
    (home.candidates / ".2020-12-2").symlink_to(tmp_path / "elsewhere")
    home.candidate(DECEMBER).symlink_to(".2020-12-1")
    assert home.candidate_folders() == [home.candidate(DECEMBER)]
    assert home.verdict(DECEMBER) == home.candidates / ".2020-12-1" / "verdict.json"
    home.candidate(DECEMBER).unlink()
    home.candidate(DECEMBER).symlink_to(target)
    readers = (Home.judged_folders, lambda home: stored_month(home, DECEMBER))
    for read in (*readers, lambda home: home.verdict(DECEMBER)):
        with pytest.raises(RefusedError, match="no folder in which a candidate was built"):
            read(home)


@pytest.mark.parametrize("put", OTHERS)
def test_no_release_is_prepared_from_what_is_no_plain_file(tmp_path, monkeypatch, put):
    monkeypatch.chdir(tmp_path)
    home = Home(tmp_path)
    staging = home.candidate(DECEMBER) / "staging"
    staging.mkdir(parents=True)
    state = Judgement(home, DECEMBER, verdict(), "0" * 64, (), None)
    assert other_than_files(state) is None
    put(staging / "odd.parquet")
    assert "staging/odd.parquet is a" in other_than_files(state)


def test_a_landed_file_is_one_that_an_intake_links_to_or_a_copy(tmp_path):
    landed = f"{'ab' * 32}.parquet"
    folder = tmp_path / "intakes" / "one"
    folder.mkdir(parents=True)
    (folder / "venue.parquet").symlink_to(f"../../objects/{landed}")
    assert landed_file(folder, "venue") == folder / "../../objects" / landed
    (folder / "member.parquet").write_bytes(b"a copy")
    assert landed_file(folder, "member") == folder / "member.parquet"
    (folder / "region.parquet").symlink_to("../../../secret")
    with pytest.raises(VerificationError, match="which is no landed file"):
        landed_file(folder, "region")


@pytest.mark.parametrize("make", [os.link, os.symlink])
def test_no_notice_is_another_file_s_second_name(tmp_path, make):
    key = tmp_path / "key"
    key.write_text("k" * 32)
    source = tmp_path / "source"
    source.mkdir()
    make(key, source / "notice.txt")
    with pytest.raises(SourceError, match=r"notice\.txt (has a second name|is a link)"):
        FolderSource(source).notice()


def test_nothing_is_written_through_a_link(tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("kept")
    (tmp_path / ".CURRENT.json.partial").symlink_to(secret)
    files.write_atomically(tmp_path / "CURRENT.json", "{}")
    assert secret.read_text() == "kept"
    assert files.is_plain(tmp_path / "CURRENT.json")


def test_no_link_is_moved_to_a_release_s_place(tmp_path, folder):
    link = tmp_path / "prepared"
    link.symlink_to(folder)
    with pytest.raises(HealthIndexError, match="give the folder itself"):
        files.rename_folder(link, tmp_path / "releases" / "r1")
    assert not (tmp_path / "releases" / "r1").exists()
