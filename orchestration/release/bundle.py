"""A release's folder: judged as a whole, sealed and verified; `building.py` writes its files.

It holds `public/`, `internal/`, `verdict.json`, `overrides.json`, `manifest.json`,
`openlineage.ndjson`, `provenance.json` and, made of these, `release_verdict.json`,
`public/SHA256SUMS` and `SHA256SUMS`. All of them are the same for the same candidate, and stock
tools verify the sums.

What differs from one preparation to the next is not listed in SHA256SUMS: `record.json`,
`approvals/` with its copy in `public/`, and `publication.json`. A release is sealed with the
digests of its files and verified by them alone.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from orchestration.build.candidate import changed
from orchestration.errors import UsageError, VerificationError, first_few
from orchestration.home import files
from orchestration.home.layout import PREPARATION_RECORD, PUBLICATION_RECORD, SUMS, TOMBSTONE
from orchestration.home.records.release import (
    FORMAT,
    Manifest,
    PreparationRecord,
    PublicationRecord,
    Tombstone,
)
from orchestration.home.records.signed import Override, Overrides
from orchestration.home.records.verdict import ReleaseVerdict, Verdict
from orchestration.release import public_edition
from orchestration.release.cases import other_cases
from orchestration.release.context import ReleaseContext
from orchestration.release.manifest import record_of_preparation
from orchestration.screen import Progress
from orchestration.signatures import approvals
from orchestration.signatures.approvals import Approvable
from orchestration.signatures.overrides import invalid_reasons, not_overridden, releasable
from quality.release import REQUIRED, BuiltRelease, judge_release, required_release_checks
from quality.verdict import Check, decide, stopping

APPROVALS = (f"{approvals.FOLDER}/", f"{public_edition.FOLDER}/{approvals.FOLDER}/")
RELEASE_VERDICT = "release_verdict.json"
OVERRIDES = "overrides.json"
MADE_OF_JUDGED = {RELEASE_VERDICT, f"{public_edition.FOLDER}/{SUMS}"}
RECORDS = ("manifest.json", "verdict.json", RELEASE_VERDICT, PREPARATION_RECORD)


@dataclass(frozen=True)
class VerifiedRelease:
    """A release whose files are as it says; files: SHA-256 of each that SHA256SUMS lists."""

    manifest: Manifest
    files: dict[str, str]


def judge(
    folder: Path,
    period: str,
    context: ReleaseContext,
    processes: int,
    progress: Progress,
) -> ReleaseVerdict:
    """Judge a built folder; store and return the verdict on it.

    The verdict has every check, and the digests of the files judged. The list of the public
    edition's files, which is made of them, is written too.
    """
    release = BuiltRelease(
        folder,
        earlier=context.beside.earlier,
        before=context.compared_with,
        months=context.months,
        month_before=context.beside.month_before,
        month_after=context.beside.month_after,
    )
    passed, checks = decide_on(release, processes, progress)
    verdict = ReleaseVerdict(
        passed=passed,
        period=period,
        checks=checks,
        files=digests_of(folder),
        required_checks=files.sha256_of(REQUIRED),
    )
    (folder / RELEASE_VERDICT).write_text(verdict.text(), encoding="utf-8")
    public_edition.write_list(folder / public_edition.FOLDER)
    return verdict


def decide_on(
    release: BuiltRelease,
    processes: int,
    progress: Progress,
) -> tuple[bool, tuple[Check, ...]]:
    """Whether a release passes, and every check of it."""
    required = required_release_checks()
    results = []
    for result in judge_release(release, processes):
        results.append(result)
        progress(f"judged by {len(results)} of {len(required)} checks, last {result.name}")
    return decide(results, required)


def seal(
    folder: Path,
    period: str,
    ledger_head: str,
) -> None:
    """Write the digests of all files of a judged folder and the record of its preparation.

    The folder is then verified. ledger_head: the head of the ledger as of now.
    """
    digests = digests_of(folder)
    lines = [f"{digest}  {name}\n" for name, digest in digests.items()]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    record = record_of_preparation(period, folder / SUMS, ledger_head)
    (folder / PREPARATION_RECORD).write_text(record.text(), encoding="utf-8")
    verify(folder)


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a release folder that SHA256SUMS must list.

    They are the same for the same candidate. Raises VerificationError where something in the
    folder is no plain file.
    """
    outside = {SUMS, PREPARATION_RECORD, PUBLICATION_RECORD}
    listed = {
        name: path
        for name, path in files.plain_files(folder).items()
        if name not in outside and not name.startswith(APPROVALS)
    }
    with ThreadPoolExecutor() as threads:
        digests = threads.map(files.sha256_of, listed.values())
        return dict(zip(listed, digests, strict=True))


def record_digest(folder: Path) -> str:
    """SHA-256 of the record of a release's preparation.

    The record names the SHA-256 of SHA256SUMS, so whoever signs this digest binds every file.
    """
    return files.sha256_of(folder / PREPARATION_RECORD)


def approvable(folder: Path) -> Approvable:
    """What is approved of a sealed release."""
    return Approvable(
        period=Verdict.read(folder / "verdict.json").period,
        digest=files.sha256_of(folder / SUMS),
        record=record_digest(folder),
        public=public_edition.list_digest(folder),
    )


def overrides_in(folder: Path) -> list[Override]:
    """The overrides that a release carries."""
    return list(Overrides.read(folder / OVERRIDES).root)


def verify(folder: Path, allowed_signers: Path | None = None) -> VerifiedRelease:
    """Check a release with nothing but its own files.

    Where the allowed signers are given, its signatures too, and that enough people approved it:
    what is only prepared fails then. Raises VerificationError naming every difference, UsageError
    where the folder is no release or the file of allowed signers is unsound.
    """
    if (folder / TOMBSTONE).is_file():
        retraction = Tombstone.read(folder / TOMBSTONE)
        raise VerificationError(f"{folder} has been retracted: {retraction.reason}")
    if not (folder / SUMS).is_file():
        raise UsageError(f"{folder} is no release: it has no {SUMS}.")
    found = digests_of(folder)
    differences = altered(folder, found)
    if differences:
        raise VerificationError(f"{folder} is not as it was built: {first_few(differences)}.")
    check_format(folder)
    differences = [
        *other_public_edition(folder),
        *contradictions(folder, found, allowed_signers),
    ]
    if differences:
        raise VerificationError(f"{folder} is not what was judged: {first_few(differences)}.")
    manifest = Manifest.read(folder / "manifest.json")
    return VerifiedRelease(manifest, found)


def check_format(folder: Path) -> None:
    """The release is of a format that is known here.

    Raises UsageError where it is of a later one.
    """
    stated = files.read_json(folder / "manifest.json").get("format")
    if isinstance(stated, int) and stated > FORMAT:
        raise UsageError(
            f"{folder} is of format {stated}; this version knows formats up to {FORMAT}. "
            "Verify it with a later one."
        )


def altered(folder: Path, found: dict[str, str]) -> list[str]:
    """How the files of a release, by their digests, are other than its SHA256SUMS lists them."""
    missing = [name for name in (*RECORDS, OVERRIDES) if not (folder / name).is_file()]
    return [
        *public_edition.differences(folder, found),
        *(f"{name} is not there" for name in missing),
    ]


def other_public_edition(folder: Path) -> list[str]:
    """How the public edition of a release is other than it says of itself.

    Of format 1 it says nothing.
    """
    public = folder / public_edition.FOLDER
    if Manifest.read(folder / "manifest.json").format == 1:
        return []
    if not (public / SUMS).is_file():
        return [f"{public_edition.FOLDER}/{SUMS} is not there"]
    found = public_edition.differences(public, public_edition.listed_files(public))
    reasons = [f"{public_edition.FOLDER}: {difference}" for difference in found]
    is_published = (folder / PUBLICATION_RECORD).is_file()
    if is_published:
        reasons += public_edition.other_approvals(folder)
    return reasons


def contradictions(
    folder: Path,
    found: dict[str, str],
    allowed_signers: Path | None,
) -> list[str]:
    """How a release's records contradict each other or its files, and why they do not allow it.

    found: the digests of its files.
    """
    manifest = Manifest.read(folder / "manifest.json")
    verdict = Verdict.read(folder / "verdict.json")
    release_verdict = ReleaseVerdict.read(folder / RELEASE_VERDICT)
    records = records_of_files(folder)
    judged = {name: digest for name, digest in found.items() if name not in MADE_OF_JUDGED}
    stated = (manifest.verdict.sha256, manifest.overrides.sha256)
    stored = (found["verdict.json"], found[OVERRIDES])
    sums = files.sha256_of(folder / SUMS)
    is_passed = release_verdict.passed and not stopping(release_verdict.checks)
    periods = {each.period for each in (manifest, verdict, release_verdict, *records)}
    is_of_these = all(each.sha256sums == sums for each in records)
    grounds = {
        "the verdict on its files is not passed": not is_passed,
        "the verdict on its files is of other files": release_verdict.files != judged,
        "its manifest is of another verdict or other overrides": stated != stored,
        "the record of its preparation or publication is of other files": not is_of_these,
        "its manifest, verdicts and records are of different periods": len(periods) > 1,
    }
    return [
        *changed(folder / "internal", verdict.tables),
        *other_cases(folder),
        *unreleasable(folder, verdict, allowed_signers),
        *unapproved(folder, verdict, allowed_signers),
        *(ground for ground, holds in grounds.items() if holds),
    ]


def records_of_files(folder: Path) -> list[PreparationRecord | PublicationRecord]:
    """The records of a release's preparation and publication, as far as it has them."""
    found: list[PreparationRecord | PublicationRecord] = []
    if (folder / PREPARATION_RECORD).is_file():
        found.append(PreparationRecord.read(folder / PREPARATION_RECORD))
    if (folder / PUBLICATION_RECORD).is_file():
        found.append(PublicationRecord.read(folder / PUBLICATION_RECORD))
    return found


def unreleasable(
    folder: Path,
    verdict: Verdict,
    allowed_signers: Path | None,
) -> list[str]:
    """Why a release's own verdict and overrides do not allow its tables."""
    overrides = overrides_in(folder)
    failing = not_overridden(verdict, overrides)
    reasons = [f"the check {each.name} did not pass and is not overridden" for each in failing]
    if not releasable(verdict, overrides):
        reasons.append("its verdict is not passed")
    digest = files.sha256_of(folder / "verdict.json")
    return reasons + invalid_reasons(verdict, digest, overrides, allowed_signers)


def unapproved(
    folder: Path,
    verdict: Verdict,
    allowed_signers: Path | None,
) -> list[str]:
    """Why a release's approvals do not hold, or are too few.

    Their number is judged only where the allowed signers are given.
    """
    entries = approvals.approvals_in(folder)
    record = PreparationRecord.read(folder / PREPARATION_RECORD)
    reasons = approvals.invalid_reasons(
        approvable(folder),
        verdict.prepared_by,
        entries,
        allowed_signers,
        approvals.times_in_order(entries, record.prepared_at),
    )
    if allowed_signers:
        reasons += approvals.shortage(entries)
    return reasons
