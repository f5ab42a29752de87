"""The files of a release, written from a judged candidate.

All of them are the same for the same candidate. What judges, seals and verifies them is in
`bundle.py`.
"""

import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from orchestration.build.candidate import StoredMonth
from orchestration.contract.methodology import Methodology
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.documents.edition import Edition
from orchestration.documents.kit import Piece, documents_of, sites_of
from orchestration.documents.note import notice_of
from orchestration.documents.texts import Words
from orchestration.home.layout import PREDECESSOR
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.release import Manifest
from orchestration.home.records.signed import Override, Overrides
from orchestration.home.records.verdict import CodeIdentity, Verdict
from orchestration.release.bundle import OVERRIDES
from orchestration.release.cases import copy_cases
from orchestration.release.changes import write_comparison
from orchestration.release.context import ReleaseContext
from orchestration.release.datapackage import write_datapackage
from orchestration.release.editions import copy_methodology, write_internal, write_public
from orchestration.release.manifest import manifest_of
from orchestration.screen import Progress
from quality.parallel import parallel

EDITIONS = ("internal", "public")


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
    notice = notice_of(verdict.period, context.note)
    progress("writing tables")
    write_tables(folder, judged, context)
    write_docs(folder / "internal", notice)
    manifest = write_records(folder, judged, context)
    editions = [edition_of(folder / name, judged, context) for name in EDITIONS]
    if context.compared_with:
        progress("comparing with the release before")
        write_comparison(context.compared_with, folder)
    lineage = partial(write_lineage_and_events, folder, manifest, verdict, notice)
    documents: list[Piece] = [*documents_of(*editions), lineage]
    progress("writing documents")
    list(parallel(documents, processes))
    for edition in EDITIONS:
        write_datapackage(folder / edition, judged.methodology, verdict, context.note)
    progress("writing sites")
    list(parallel(sites_of(*editions), processes))
    write_statement(folder, manifest, verdict)


def write_tables(
    folder: Path,
    judged: JudgedCandidate,
    context: ReleaseContext,
) -> None:
    """Write the tables of both editions: accounts, cases, the month before, the methodology."""
    tables = judged.folder / "tables"
    internal = folder / "internal"
    write_internal(tables, internal)
    copy_files(judged.folder / "staging", internal / "staging")
    if context.cases:
        copy_cases(context.cases, internal)
    if judged.predecessor:
        archive_predecessor(judged.verdict, judged.predecessor, internal / PREDECESSOR)
    write_public(
        tables,
        folder / "public",
        beside=context.beside,
        predecessor=judged.predecessor.tables if judged.predecessor else None,
    )
    for edition in EDITIONS:
        copy_methodology(COLUMNS, folder / edition / "methodology")


def write_records(
    folder: Path,
    judged: JudgedCandidate,
    context: ReleaseContext,
) -> Manifest:
    """Write verdict, overrides and manifest of a release whose tables are written.

    Returns the manifest.
    """
    shutil.copyfile(judged.folder / "verdict.json", folder / "verdict.json")
    overrides = Overrides(tuple(judged.overrides))
    (folder / OVERRIDES).write_text(overrides.text(), encoding="utf-8")
    manifest = manifest_of(
        folder,
        judged.verdict,
        judged.overrides,
        judged.intake,
        context,
        judged.code,
    )
    (folder / "manifest.json").write_text(manifest.text(), encoding="utf-8")
    return manifest


def write_lineage_and_events(
    folder: Path,
    manifest: Manifest,
    verdict: Verdict,
    notice: list[Words],
) -> None:
    """Write the lineage of both editions, below the notice, and the lineage events.

    The events have the lineage of the internal edition.
    """
    from orchestration.lineage.events import write_events
    from orchestration.lineage.pages import write_lineage

    for edition in EDITIONS:
        write_lineage(folder / edition, notice)
    write_events(folder, manifest, verdict)


def edition_of(
    folder: Path,
    judged: JudgedCandidate,
    context: ReleaseContext,
) -> Edition:
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


def archive_predecessor(judged: Verdict, stored: StoredMonth, folder: Path) -> None:
    """Keep what a candidate read of the stored month before, with the accounts of that.

    With it the release can be computed again from itself and the landing. judged: the candidate's
    verdict.
    """
    staging = Verdict.read(stored.verdict).staging
    copy_tables(judged.predecessor, stored.tables, folder / "tables")
    copy_tables(staging, stored.staging, folder / "staging")
    shutil.copyfile(stored.verdict, folder / "verdict.json")


def copy_tables(
    names: Iterable[str],
    source: Path,
    folder: Path,
) -> None:
    """Copy the Parquet files of these tables into a new folder."""
    folder.mkdir(parents=True)
    for name in names:
        file = f"{name}.parquet"
        shutil.copyfile(source / file, folder / file)
