"""Releases of every format version verify for ever, with their signatures, and can be compared."""

import json
import subprocess
import tarfile

import frictionless
import pytest

from orchestration.errors import UsageError
from orchestration.home import files
from orchestration.release import bundle, comparison, public_edition
from orchestration.release.manifest import FORMAT
from tests.compatibility.archive import archive_of

VERSIONS = range(1, FORMAT + 1)


@pytest.fixture(params=VERSIONS)
def kept(request, tmp_path):
    """A folder with the release of a format version, and the keys of its approvers."""
    with tarfile.open(archive_of(request.param)) as archive:
        archive.extractall(tmp_path, filter="data")
    return tmp_path


def test_it_verifies_with_its_signatures(kept):
    verified = bundle.verify(kept / "release", kept / "allowed_signers")
    assert verified.manifest.format in VERSIONS
    subprocess.run(
        ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"],
        cwd=kept / "release",
        check=True,
    )


def test_its_signatures_are_what_stock_tools_verify(kept):
    statement = kept / "release" / "approvals" / "1.json"
    by = json.loads(statement.read_text(encoding="utf-8"))["by"]
    namespace = "union-health-index-release"
    command = [
        "ssh-keygen",
        "-Y",
        "verify",
        "-f",
        kept / "allowed_signers",
        "-I",
        by,
        "-n",
        namespace,
        "-s",
        f"{statement}.sig",
    ]
    subprocess.run(command, input=statement.read_bytes(), check=True, capture_output=True)


def test_its_public_edition_verifies_alone_from_format_2_on(kept):
    public, keys = kept / "release" / "public", kept / "allowed_signers"
    if bundle.verify(kept / "release").manifest.format == 1:
        assert not public_edition.is_public_edition(public)
    else:
        assert public_edition.verify_public(public, keys).period == "2020-12"


def test_it_can_be_compared_and_described(kept):
    compared = comparison.compare(kept / "release", kept / "release")
    assert compared["changes"] == []
    assert {row["change"] for row in compared["decomposition"]} <= {"0.0000", None}
    assert frictionless.validate(kept / "release" / "public" / "datapackage.json").valid


def test_a_release_of_a_later_format_is_told(kept):
    manifest = kept / "release" / "manifest.json"
    manifest.write_text(
        files.to_json(files.read_json(manifest) | {"format": FORMAT + 1}), encoding="utf-8"
    )
    digests = bundle.digests_of(kept / "release").items()
    (kept / "release" / "SHA256SUMS").write_text(
        "".join(f"{digest}  {name}\n" for name, digest in digests), encoding="utf-8"
    )
    with pytest.raises(
        UsageError, match=f"of format {FORMAT + 1}; this version knows formats up to {FORMAT}"
    ):
        bundle.verify(kept / "release")
