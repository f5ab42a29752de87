"""A release's folder: built from a passed candidate, judged as a whole, sealed and verified.

It holds `public/`, `internal/`, `verdict.json`, `overrides.json`, `manifest.json`,
`openlineage.ndjson`, `provenance.json` and, made of these, `release_verdict.json`,
`public/SHA256SUMS` and `SHA256SUMS`. All of them are the same for the same candidate, and stock
tools verify the sums.

What differs from one preparation to the next is not listed in SHA256SUMS: `record.json`,
`approvals/` with its copy in `public/`, and `publication.json`. A release is sealed with the
digests of its files and verified by them alone.
"""

import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orchestration.build.candidate import StoredMonth, changed
from orchestration.contract.methodology import Methodology
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.documents.edition import Edition
from orchestration.documents.kit import Piece, documents_of, sites_of
from orchestration.documents.note import notice_of
from orchestration.documents.texts import Words
from orchestration.errors import UsageError, VerificationError, first_few
from orchestration.home import files
from orchestration.home.layout import PREDECESSOR
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.release import (
    FORMAT,
    Manifest,
    PreparationRecord,
    PublicationRecord,
    Tombstone,
)
from orchestration.home.records.signed import Override, Overrides
from orchestration.home.records.verdict import CodeIdentity, ReleaseVerdict, Verdict
from orchestration.home.releases import TOMBSTONE
from orchestration.release import public_edition
from orchestration.release.changes import write_comparison
from orchestration.release.context import SUMS, ReleaseContext
from orchestration.release.datapackage import write_datapackage
from orchestration.release.editions import copy_methodology, write_internal, write_public
from orchestration.release.manifest import manifest_of, record_of_preparation
from orchestration.screen import Progress
from orchestration.signatures import approvals
from orchestration.signatures.approvals import Approvable
from orchestration.signatures.overrides import invalid_reasons, not_overridden, releasable
from quality.release import REQUIRED, BuiltRelease, judge_release, required_release_checks
from quality.side_by_side import side_by_side
from quality.verdict import decide, stopping

EDITIONS = ("internal", "public")
APPROVALS = (f"{approvals.FOLDER}/", f"{public_edition.FOLDER}/{approvals.FOLDER}/")
RELEASE_VERDICT = "release_verdict.json"
OVERRIDES = "overrides.json"
RECORD = "record.json"
MADE_OF_JUDGED = {RELEASE_VERDICT, f"{public_edition.FOLDER}/{SUMS}"}
PUBLICATION = "publication.json"
RECORDS = ("manifest.json", "verdict.json", RELEASE_VERDICT, RECORD)


@dataclass(frozen=True)
class JudgedCandidate:
    """A candidate with its verdict, what it was made of, and what makes a release of it.

    folder: its `tables/`, `staging/` and `verdict.json`; intake: the record of its intake;
    predecessor: the month before that it built on, None without one; code: the identity of the code
    that makes the release.
    """

    folder: Path
    verdict: Verdict
    overrides: list[Override]
    methodology: Methodology
    intake: IntakeRecord
    predecessor: StoredMonth | None
    code: CodeIdentity


@dataclass(frozen=True)
class VerifiedRelease:
    """A release whose files are as it says; files: SHA-256 of each that SHA256SUMS lists."""

    manifest: Manifest
    files: dict[str, str]


def build(
    folder: Path,
    judged: JudgedCandidate,
    context: ReleaseContext,
    processes: int,
    progress: Progress,
) -> None:
    """Write every file of both editions, and the manifest, from a judged candidate.

    processes: how many work at the same time.
    """
    # Half a second, which verification and publication do without.
    from orchestration.lineage.dbt_docs import write_docs
    from orchestration.lineage.provenance_statement import write_statement

    verdict = judged.verdict
    progress("writing tables")
    write_internal(judged.folder / "tables", folder / "internal")
    copy_files(judged.folder / "staging", folder / "internal" / "staging")
    if judged.predecessor:
        archive_predecessor(judged.predecessor, folder / "internal" / PREDECESSOR)
    write_public(
        judged.folder / "tables",
        folder / "public",
        context.beside,
        judged.predecessor.tables if judged.predecessor else None,
    )
    for edition in EDITIONS:
        copy_methodology(COLUMNS, folder / edition / "methodology")
    notice = notice_of(verdict.period, context.note)
    write_docs(folder / "internal", notice)
    shutil.copyfile(judged.folder / "verdict.json", folder / "verdict.json")
    overrides = Overrides(tuple(judged.overrides))
    (folder / OVERRIDES).write_text(overrides.text(), encoding="utf-8")
    manifest = manifest_of(folder, verdict, judged.overrides, judged.intake, context, judged.code)
    (folder / "manifest.json").write_text(manifest.text(), encoding="utf-8")
    editions = [edition_of(folder / name, judged, context) for name in EDITIONS]
    if context.compared_with:
        progress("comparing with the release before")
        write_comparison(context.compared_with, folder)
    pieces: list[Piece] = [
        *documents_of(*editions),
        partial(write_lineage_and_events, folder, manifest, verdict, notice),
    ]
    progress("writing documents")
    list(side_by_side(pieces, processes))
    for edition in EDITIONS:
        write_datapackage(folder / edition, judged.methodology, verdict, context.note)
    progress("writing sites")
    list(side_by_side(sites_of(*editions), processes))
    write_statement(folder, manifest, verdict)


def write_lineage_and_events(
    folder: Path, manifest: Manifest, verdict: Verdict, notice: list[Words]
) -> None:
    """Write the lineage of both editions, below the notice, and the lineage events.

    The events have the lineage of the internal edition.
    """
    from orchestration.lineage.events import write_events
    from orchestration.lineage.pages import write_lineage

    for edition in EDITIONS:
        write_lineage(folder / edition, notice)
    write_events(folder, manifest, verdict)


def edition_of(folder: Path, judged: JudgedCandidate, context: ReleaseContext) -> Edition:
    """An edition as its documents see it; folder: its own."""
    months = [release / folder.name for release in context.months]
    return Edition(
        folder,
        judged.methodology,
        judged.verdict,
        judged.overrides,
        months,
        context.site_url,
        context.note,
        context.imprint,
    )


def copy_files(source: Path, folder: Path) -> None:
    """Copy the files of a folder into a new one."""
    folder.mkdir(parents=True)
    for file in sorted(source.iterdir()):
        shutil.copyfile(file, folder / file.name)


def archive_predecessor(stored: StoredMonth, folder: Path) -> None:
    """Keep the stored month before, which a candidate was built on.

    With it the release can be computed again from itself and the landing.
    """
    verdict = Verdict.read(stored.verdict)
    parts = (
        ("tables", stored.tables, verdict.tables),
        ("staging", stored.staging, verdict.staging),
    )
    for part, place, names in parts:
        (folder / part).mkdir(parents=True)
        for name in names:
            shutil.copyfile(place / f"{name}.parquet", folder / part / f"{name}.parquet")
    shutil.copyfile(stored.verdict, folder / "verdict.json")


def judge(
    folder: Path, period: str, context: ReleaseContext, processes: int, progress: Progress
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
    required, results = required_release_checks(), []
    for result in judge_release(release, processes):
        results.append(result)
        progress(f"judged by {len(results)} of {len(required)} checks, last {result.name}")
    passed, checks = decide(results, required)
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


def seal(folder: Path, period: str, ledger_head: str) -> None:
    """Write the digests of all files of a judged folder and the record of its preparation.

    The folder is then verified. ledger_head: the head of the ledger as of now.
    """
    lines = [f"{digest}  {name}\n" for name, digest in digests_of(folder).items()]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
    record = record_of_preparation(period, folder / SUMS, ledger_head)
    (folder / RECORD).write_text(record.text(), encoding="utf-8")
    verify(folder)


def digests_of(folder: Path) -> dict[str, str]:
    """SHA-256 of each file of a release folder that SHA256SUMS must list.

    They are the same for the same candidate.
    """
    paths = [path for path in sorted(folder.rglob("*")) if path.is_file()]
    names = [path.relative_to(folder).as_posix() for path in paths]
    outside = {SUMS, RECORD, PUBLICATION}
    listed = [name for name in names if name not in outside and not name.startswith(APPROVALS)]
    with ThreadPoolExecutor() as threads:
        return dict(
            zip(
                listed,
                threads.map(lambda name: files.sha256_of(folder / name), listed),
                strict=True,
            )
        )


def record_digest(folder: Path) -> str:
    """SHA-256 of the record of a release's preparation.

    The record names the SHA-256 of SHA256SUMS, so whoever signs this digest binds every file.
    """
    return files.sha256_of(folder / RECORD)


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
    return list(Overrides.read(folder / OVERRIDES, VerificationError).root)


def verify(folder: Path, allowed_signers: Path | None = None) -> VerifiedRelease:
    """Check a release with nothing but its own files.

    Where the allowed signers are given, its signatures too, and that enough people approved it:
    what is only prepared fails then. Raises VerificationError naming every difference, UsageError
    where the folder is no release or the file of allowed signers is unsound.
    """
    if (folder / TOMBSTONE).is_file():
        retraction = Tombstone.read(folder / TOMBSTONE, VerificationError)
        raise VerificationError(f"{folder} has been retracted: {retraction.reason}")
    if not (folder / SUMS).is_file():
        raise UsageError(f"{folder} is no release: it has no {SUMS}.")
    found = digests_of(folder)
    if differences := altered(folder, found):
        raise VerificationError(f"{folder} is not as it was built: " + first_few(differences) + ".")
    check_format(folder)
    if differences := other_public_edition(folder) + contradictions(folder, found, allowed_signers):
        raise VerificationError(f"{folder} is not what was judged: " + first_few(differences) + ".")
    return VerifiedRelease(Manifest.read(folder / "manifest.json", VerificationError), found)


def check_format(folder: Path) -> None:
    """The release is of a format that is known here.

    Raises UsageError where it is of a later one.
    """
    stated = files.read_json(folder / "manifest.json", VerificationError).get("format")
    if isinstance(stated, int) and stated > FORMAT:
        raise UsageError(
            f"{folder} is of format {stated}; this version knows formats up to {FORMAT}. "
            "Verify it with a later one."
        )


def altered(folder: Path, found: dict[str, str]) -> list[str]:
    """How the files of a release, by their digests, are other than its SHA256SUMS lists them."""
    return [
        *public_edition.differences(folder, found),
        *(
            f"{name} is not there"
            for name in (*RECORDS, OVERRIDES)
            if not (folder / name).is_file()
        ),
    ]


def other_public_edition(folder: Path) -> list[str]:
    """How the public edition of a release is other than it says of itself.

    Of format 1 it says nothing.
    """
    public = folder / public_edition.FOLDER
    if Manifest.read(folder / "manifest.json", VerificationError).format == 1:
        return []
    if not (public / SUMS).is_file():
        return [f"{public_edition.FOLDER}/{SUMS} is not there"]
    found = public_edition.differences(public, public_edition.listed_files(public))
    is_published = (folder / PUBLICATION).is_file()
    copies = public_edition.other_approvals(folder) if is_published else []
    return [f"{public_edition.FOLDER}: {difference}" for difference in found] + copies


def contradictions(folder: Path, found: dict[str, str], allowed_signers: Path | None) -> list[str]:
    """How a release's records contradict each other or its files, and why they do not allow it.

    found: the digests of its files.
    """
    manifest = Manifest.read(folder / "manifest.json", VerificationError)
    verdict = Verdict.read(folder / "verdict.json", VerificationError)
    release_verdict = ReleaseVerdict.read(folder / RELEASE_VERDICT, VerificationError)
    of_these_files = [
        kind.read(folder / name, VerificationError)
        for name, kind in ((RECORD, PreparationRecord), (PUBLICATION, PublicationRecord))
        if (folder / name).is_file()
    ]
    judged = {name: digest for name, digest in found.items() if name not in MADE_OF_JUDGED}
    named = {"verdict": manifest.verdict.sha256, "overrides": manifest.overrides.sha256}
    sums = files.sha256_of(folder / SUMS)
    is_passed = release_verdict.passed and not stopping(release_verdict.checks)
    periods = {each.period for each in (manifest, verdict, release_verdict, *of_these_files)}
    grounds = {
        "the verdict on its files is not passed": not is_passed,
        "the verdict on its files is of other files": release_verdict.files != judged,
        "its manifest is of another verdict or other overrides": any(
            found[f"{part}.json"] != digest for part, digest in named.items()
        ),
        "the record of its preparation or publication is of other files": any(
            each.sha256sums != sums for each in of_these_files
        ),
        "its manifest, verdicts and records are of different periods": len(periods) > 1,
    }
    return [
        *changed(folder / "internal", verdict.tables),
        *unreleasable(folder, verdict, allowed_signers),
        *unapproved(folder, verdict, allowed_signers),
        *(ground for ground, holds in grounds.items() if holds),
    ]


def unreleasable(folder: Path, verdict: Verdict, allowed_signers: Path | None) -> list[str]:
    """Why a release's own verdict and overrides do not allow its tables."""
    overrides = overrides_in(folder)
    reasons = [
        f"the check {check.name} did not pass and is not overridden"
        for check in not_overridden(verdict, overrides)
    ]
    if not releasable(verdict, overrides):
        reasons.append("its verdict is not passed")
    return reasons + invalid_reasons(
        verdict, files.sha256_of(folder / "verdict.json"), overrides, allowed_signers
    )


def unapproved(folder: Path, verdict: Verdict, allowed_signers: Path | None) -> list[str]:
    """Why a release's approvals do not hold, or are too few.

    Their number is judged only where the allowed signers are given.
    """
    entries = approvals.approvals_in(folder)
    reasons = approvals.invalid_reasons(
        approvable(folder), verdict.prepared_by, entries, allowed_signers
    )
    return reasons + (approvals.shortage(entries) if allowed_signers else [])
