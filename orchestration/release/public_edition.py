"""The public edition: all of a release that the public may have, and all that it needs.

It verifies alone, wherever its folder is copied to. What stands beside it in a release (manifest,
verdicts, lineage events, provenance, the internal edition) tells figures that it hides, is not
needed to verify it, and is for the owner of the home alone.

Its `SHA256SUMS` lists all its files. Each approval, which two people sign, names the SHA-256 of
that list beside that of the whole release's, and is copied into `approvals/` at publication: so no
digest of an internal file, by which small files could be guessed, is needed here. Approvals are
given once the files are final, so they are in no list; their signatures protect them.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import VerificationError, first_few
from orchestration.home import files
from orchestration.home.layout import SUMS
from orchestration.home.records.signed import Approval
from orchestration.home.sums import listed_in
from orchestration.signatures import approvals
from quality.nouns import counted_noun

FOLDER = "public"
MARKS_OF_A_RELEASE = ("public", "internal", "manifest.json")


@dataclass(frozen=True)
class PublicEdition:
    """A public edition that is as it was published.

    period: None without approvals; files: SHA-256 of each by name; digest: SHA-256 of their list.
    """

    period: str | None
    files: dict[str, str]
    approvals: list[Approval]
    digest: str


def is_public_edition(folder: Path) -> bool:
    """Whether a folder has a list of digests, and nothing that stands beside a public edition."""
    has_more = any((folder / name).exists() for name in MARKS_OF_A_RELEASE)
    return (folder / SUMS).is_file() and not has_more


def write_list(folder: Path) -> None:
    """Write the digests of all files of a public edition, as stock tools verify them."""
    digests = listed_files(folder)
    lines = [f"{digest}  {name}\n" for name, digest in digests.items()]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def listed_files(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a public edition that its list is due to have.

    Raises VerificationError where something in the folder is no plain file.
    """
    return {
        name: files.sha256_of(path)
        for name, path in files.plain_files(folder).items()
        if name != SUMS and not name.startswith(f"{approvals.FOLDER}/")
    }


def list_digest(release: Path) -> str | None:
    """SHA-256 of the list of a release's public edition; None of format 1, which has none."""
    listed = release / FOLDER / SUMS
    return files.sha256_of(listed) if listed.is_file() else None


def differences(folder: Path, found: dict[str, str]) -> list[str]:
    """How files, by their digests, are other than the SHA256SUMS of their folder lists them."""
    listed = listed_in(folder)
    missing = [name for name in listed if name not in found]
    unlisted = [name for name in found if name not in listed]
    in_both = [name for name in found if name in listed]
    changed = [name for name in in_both if listed[name] != found[name]]
    return [
        *(f"{name} is missing" for name in missing),
        *(f"{name} is not listed" for name in unlisted),
        *(f"{name} has changed" for name in changed),
    ]


def copy_approvals(release: Path) -> None:
    """Put the approvals of a release into its public edition, in the place of any there."""
    entries = approvals.approvals_in(release)
    approvals.place_approvals(release / FOLDER, entries, release)


def keep_rest_private(release: Path) -> None:
    """Let all that stands beside the public edition in a release be for its owner alone."""
    for path in release.iterdir():
        if path.name == FOLDER:
            continue
        if path.is_dir():
            files.keep_private(path)
        else:
            path.chmod(files.FILE_OF_OWNER)


def other_approvals(release: Path) -> list[str]:
    """That a published release's public edition has other approvals than the release."""
    if list_digest(release) is None:
        return []
    copied = approvals.approvals_in(release / FOLDER)
    given = approvals.approvals_in(release)
    if copied == given:
        return []
    return ["its public edition has other approvals"]


def verify_public(folder: Path, allowed_signers: Path | None = None) -> PublicEdition:
    """Check a public edition with nothing but its own files.

    Where the allowed signers are given, the signatures too, and that enough people approved it.
    Raises VerificationError naming every difference, UsageError where the file of allowed signers
    is unsound.
    """
    found = listed_files(folder)
    altered = differences(folder, found)
    if altered:
        raise VerificationError(f"{folder} is not as it was published: {first_few(altered)}.")
    entries = approvals.approvals_in(folder)
    digest = files.sha256_of(folder / SUMS)
    reasons = unapproved(entries, digest, allowed_signers)
    if reasons:
        raise VerificationError(f"{folder} is not what was approved: {first_few(reasons)}.")
    period = entries[0].period if entries else None
    return PublicEdition(
        period=period,
        files=found,
        approvals=entries,
        digest=digest,
    )


def unapproved(
    entries: list[Approval],
    digest: str,
    allowed_signers: Path | None,
) -> list[str]:
    """Why approvals do not hold for the public edition whose list has this SHA-256."""
    of_others = [entry.by for entry in entries if entry.public != digest]
    reasons = [f"the approval by {by} does not hold: it is for other bytes" for by in of_others]
    releases = {(entry.period, entry.digest, entry.record) for entry in entries}
    if len(releases) > 1:
        reasons.append("its approvals are of different releases")
    if reasons or allowed_signers is None:
        return reasons
    return [
        *approvals.faults_of_people(entries, allowed_signers, approvals.times_in_order(entries)),
        *approvals.shortage(entries),
    ]


def lines_of(
    folder: Path,
    verified: PublicEdition,
    keys: Path | None,
) -> list[str]:
    """What was verified of a public edition, for a reader."""
    month = verified.period or "a month that no approval names"
    files = counted_noun(len(verified.files), "file")
    return [
        f"{folder} is the public edition of {month}: {files}, as listed.",
        f"  list of files: {SUMS}, SHA-256 {verified.digest}",
        f"  approvals of that list: {approvals_in_words(verified.approvals, keys)}",
        "  the internal edition is not here and was not looked at.",
    ]


def approvals_in_words(entries: list[Approval], keys: Path | None) -> str:
    """How many approvals there are, by whom, and whether they were verified."""
    if not entries:
        return "none"
    approvers = ", ".join(entry.by for entry in entries)
    signatures = "verified" if keys else "not verified; give --keys"
    return f"{len(entries)} ({approvers}): {signatures}"


def summary(verified: PublicEdition, keys: Path | None) -> dict[str, Any]:
    """The same as JSON."""
    return {
        "period": verified.period,
        "edition": FOLDER,
        "files": len(verified.files),
        "verified": True,
        "approvals": [entry.by for entry in verified.approvals],
        "signatures_verified": keys is not None,
    }
