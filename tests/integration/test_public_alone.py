"""The public edition alone, copied elsewhere.

It verifies by its own files, by stock tools too, and what was changed is named.
"""

import json
import shutil
import subprocess

import pytest
from click.testing import CliRunner

from orchestration.cli.main import main
from orchestration.errors import VerificationError
from orchestration.home import files
from orchestration.release import bundle, public_edition
from orchestration.signatures import approvals
from quality.references import references_outside
from tests.support.people import APPROVERS


@pytest.fixture(scope="module")
def published(old):
    """A published release, and the keys of those who may approve."""
    home, _ = old
    return home / "releases" / "2020-12" / "r1", home / "allowed_signers"


@pytest.fixture
def alone(published, tmp_path):
    """Its public edition, copied elsewhere, and the keys."""
    release, keys = published
    return shutil.copytree(release / "public", tmp_path / "www" / "public"), keys


def verify(folder, *options):
    done = CliRunner().invoke(main, ["verify", str(folder), *map(str, options)])
    return done.exit_code, done.stdout + done.stderr


def test_it_verifies_alone_and_says_what_was_verified(alone):
    folder, keys = alone
    code, said = verify(folder, "--keys", keys)
    assert code == 0, said
    listed = (folder / "SHA256SUMS").read_text(encoding="utf-8").splitlines()
    assert f"is the public edition of 2020-12: {len(listed)} files, as listed" in said
    assert "approvals of that list: 2 (alice, dave): verified" in said
    assert "the internal edition is not here and was not looked at" in said
    assert "signatures" not in verify(folder)[1]
    assert "2 (alice, dave): not verified; give --keys" in verify(folder)[1]
    told = json.loads(
        CliRunner().invoke(main, ["verify", str(folder), "--keys", str(keys), "--json"]).stdout
    )
    assert (told["edition"], told["approvals"], told["signatures_verified"]) == (
        "public",
        list(APPROVERS),
        True,
    )


def test_stock_tools_verify_it(alone):
    folder, keys = alone
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=folder, check=True
    )
    printed = subprocess.run(
        ["sha256sum", "SHA256SUMS"], cwd=folder, check=True, capture_output=True, text=True
    ).stdout
    for number, name in enumerate(APPROVERS, start=1):
        statement = folder / "approvals" / f"{number}.json"
        assert json.loads(statement.read_text(encoding="utf-8"))["public"] == printed.split()[0]
        command = [
            "ssh-keygen",
            "-Y",
            "verify",
            "-f",
            keys,
            "-I",
            name,
            "-n",
            approvals.APPROVAL.namespace,
            "-s",
            f"{statement}.sig",
        ]
        subprocess.run(command, input=statement.read_bytes(), check=True, capture_output=True)


def test_its_page_tells_these_commands(alone):
    page = (alone[0] / "index.html").read_text(encoding="utf-8")
    assert "sha256sum --check --quiet SHA256SUMS" in page
    assert "record.json" not in page


def test_it_is_all_of_the_release_that_others_may_read(published):
    release, _ = published
    modes = {path.name: path.stat().st_mode & 0o077 for path in release.iterdir()}
    assert modes.pop("public") != 0
    assert set(modes.values()) == {0}


def test_it_leads_to_nothing_that_is_not_in_it(alone):
    folder, _ = alone
    assert list(references_outside(folder.parent)) == []


def test_it_names_no_internal_file(alone):
    text = (alone[0] / "SHA256SUMS").read_text(encoding="utf-8")
    assert "internal" not in text
    assert all(line.count("  ") == 1 for line in text.splitlines())


def changed(name):
    def spoil(folder):
        with (folder / name).open("ab") as file:
            file.write(b" ")

    return spoil


def removed(name):
    return lambda folder: (folder / name).unlink()


def added(name):
    return lambda folder: (folder / name).write_text("x", encoding="utf-8")


def linked(name):
    return lambda folder: (folder / name).symlink_to("/etc/hostname")


def relisted(folder):
    """A figure is changed, and the list made anew."""
    changed("area_index.csv")(folder)
    public_edition.write_list(folder)


def exchanged(folder):
    (folder / "approvals" / "1.json.sig").write_bytes(
        (folder / "approvals" / "2.json.sig").read_bytes()
    )


def for_others(folder):
    """Somebody states another list in an approval."""
    file = folder / "approvals" / "1.json"
    file.write_text(files.to_json(files.read_json(file) | {"public": "0" * 64}), encoding="utf-8")


SPOILED = {
    "a table": (changed("area_index.csv"), r"area_index\.csv has changed"),
    "a Parquet file": (changed("area_index.parquet"), r"area_index\.parquet has changed"),
    "the page": (changed("index.html"), r"index\.html has changed"),
    "the methodology": (
        changed("methodology/indicators.csv"),
        r"methodology/indicators\.csv has changed",
    ),
    "the description": (changed("datapackage.json"), r"datapackage\.json has changed"),
    "a file missing": (removed("county_ranking.csv"), r"county_ranking\.csv is missing"),
    "a file more": (added("more.csv"), r"more\.csv is not listed"),
    "a link": (linked("more.csv"), r"more\.csv is a link"),
    "the list": (changed("SHA256SUMS"), "is damaged: line"),
    "a table and the list": (
        relisted,
        "the approval by alice does not hold: it is for other bytes",
    ),
    "an approval": (changed("approvals/1.json"), r"1\.json and its signature are no approval"),
    "what an approval names": (
        for_others,
        "the approval by alice does not hold: it is for other bytes",
    ),
}


@pytest.mark.parametrize(("spoil", "named"), SPOILED.values(), ids=SPOILED)
def test_what_is_changed_in_it_is_named(alone, spoil, named):
    folder, _ = alone
    spoil(folder)
    code, said = verify(folder)
    assert code == 5
    with pytest.raises(VerificationError, match=named):
        public_edition.verify_public(folder)
    assert str(folder) in said.replace("\n", "")


def test_signatures_are_verified_where_the_keys_are_given(alone, published, tmp_path):
    folder, keys = alone
    exchanged(folder)
    assert verify(folder)[0] == 0
    with pytest.raises(VerificationError, match="the approval by alice does not hold"):
        public_edition.verify_public(folder, keys)
    shutil.rmtree(folder / "approvals")
    code, said = verify(folder)
    assert code == 0
    assert "approvals of that list: none\n" in said
    with pytest.raises(VerificationError, match="none of the 2 approvals"):
        public_edition.verify_public(folder, keys)


def test_what_differs_is_not_told_without_end(alone, published, tmp_path):
    folder, _ = alone
    for number in range(12):
        added(f"more{number:02d}.csv")(folder)
    assert "more04.csv is not listed; and 7 more." in verify(folder)[1].replace("\n", " ")
    release = shutil.copytree(published[0], tmp_path / "release")
    shutil.rmtree(release / "internal")
    with pytest.raises(VerificationError, match=r"is missing; and [0-9,]+ more\.") as error:
        bundle.verify(release)
    assert len(str(error.value)) < 1_000


def test_a_release_whose_public_edition_has_other_approvals_does_not_verify(published, tmp_path):
    release = shutil.copytree(published[0], tmp_path / "release")
    bundle.verify(release, published[1])
    shutil.rmtree(release / "public" / "approvals")
    with pytest.raises(VerificationError, match="its public edition has other approvals"):
        bundle.verify(release)
