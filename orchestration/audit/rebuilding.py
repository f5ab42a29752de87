"""`uhi rebuild`: a release computed again by the code of this version, and compared by bytes.

The release is computed from its landing, its methodology, the month before that it archives, and
the releases that it follows, which its manifest names by digest. Its cases of alerts follow from a
log that is no part of it: they are taken as it has them. Who prepared it and which code made it are
written as the release has them; a change of the code is reported apart. So the bytes are the same
where the code does the same.
"""

import shutil
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from orchestration.audit.landed import intake_folder, verified_files
from orchestration.audit.rebuild_comparison import TABLES, compared
from orchestration.build import gate, warehouse
from orchestration.build.candidate import (
    StoredMonth,
    assemble,
    build_variables,
    keep_plan,
    methodology_of,
    put_in_force,
    stored_month,
)
from orchestration.build.rejudging import plan_of
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import UsageError
from orchestration.extract.intakes import RECORD
from orchestration.home.layout import PREDECESSOR, SUMS, Home, release_number
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.release import Manifest, ReleaseIdentity
from orchestration.home.records.verdict import Plan, Verdict
from orchestration.home.releases import Beside
from orchestration.periods import Period
from orchestration.release import bundle
from orchestration.release.building import JudgedCandidate, build
from orchestration.release.cases import archived_cases
from orchestration.release.context import ReleaseContext, sums_digest
from orchestration.screen import Progress
from orchestration.settings import Settings

THREADS = "SLURM_CPUS_ON_NODE"  # by which DuckDB knows how many threads to run


def rebuild(
    release: Path,
    landing: Path,
    progress: Progress,
    threads: int | None = None,
) -> dict[str, Any]:
    """Compute a published, retracted or prepared release again in a folder of its own.

    Returns, as JSON, how it compares. Where other code made the release, files that are no tables
    and differ are told apart: the code here makes them otherwise.

    landing: a home that has the release's intake and the releases that it follows, or the folder of
    the intake; threads: of DuckDB, by default one for each processor. Raises UsageError where
    something that it was made of is not there or the methodology has changed, VerificationError
    where the release or its landing has been changed, RefusedError where what comes out cannot be
    built or judged.
    """
    progress("verifying the release and its landing")
    verified = bundle.verify(release)
    manifest = verified.manifest
    intake = intake_folder(landing, manifest)
    verified_files(intake, manifest, [table.table for table in manifest.source.tables])
    check_methodology(manifest, Period.parse(manifest.period))
    check_holidays(manifest, Verdict.read(release / "verdict.json"))
    context = context_of(release, manifest, places_of_releases(release, landing))
    limits = {THREADS: str(threads)} if threads else {}
    with tempfile.TemporaryDirectory() as folder, warehouse.environment(**limits):
        home = Home(Path(folder) / "home")
        lay_out(home, release, intake, manifest.landing.intake)
        rebuilt = Path(folder) / "release"
        rebuilt.mkdir()
        build_again(rebuilt, home, release, context, threads, progress)
        comparison = compared(release, verified, rebuilt)
    return {
        "release": str(release),
        "period": manifest.period,
        "files": len(verified.files),
        "tables": sum(name.endswith(TABLES) for name in verified.files),
        "threads": threads,
        **comparison,
    }


def places_of_releases(release: Path, landing: Path) -> list[Path]:
    """The folders, by period, in which the releases that a release follows can lie."""
    home = Home(landing)
    return [release.resolve().parents[1], home.releases, home.retracted]


def build_again(
    rebuilt: Path,
    home: Home,
    release: Path,
    context: ReleaseContext,
    threads: int | None,
    progress: Progress,
) -> None:
    """Build and judge a release again, into an empty folder; home: laid out for it."""
    verdict = Verdict.read(release / "verdict.json")
    judged = candidate_again(home, release, verdict, progress)
    processes = threads or Settings(home=home).processes
    progress("building the release again")
    build(rebuilt, judged, context, processes, progress)
    bundle.judge(rebuilt, verdict.period, context, processes, progress)


def check_methodology(manifest: Manifest, period: Period) -> None:
    """The methodology here is that of the release.

    Raises UsageError naming the commit that has it.
    """
    if manifest.methodology.sha256 != methodology_of(period).digest:
        made_by = manifest.code.release
        raise UsageError(
            "The methodology has changed since the release was made with "
            f"{manifest.methodology.sha256}. "
            f"Rebuild it with the version that made it: {made_by.version}, "
            f"commit {made_by.commit or 'not known'}."
        )


def check_holidays(manifest: Manifest, verdict: Verdict) -> None:
    """The calendar of holidays here is that of the release, where it says which it was.

    Raises UsageError naming the commit that has it.
    """
    here = WorkingDays.read().digest_until(date.fromisoformat(verdict.as_of))
    if verdict.holidays not in {None, here}:
        made_by = manifest.code.release
        raise UsageError(
            f"The calendar of holidays up to {verdict.as_of} has changed since the release was "
            f"made. Rebuild it with the version that made it: {made_by.version}, commit "
            f"{made_by.commit or 'not known'}, and the public_holidays.csv of then."
        )


def context_of(release: Path, manifest: Manifest, places: list[Path]) -> ReleaseContext:
    """How the release stood to the calendar and to others, by its manifest.

    Its cases of alerts, which follow from the log of alerts, are taken as it has them.

    places: folders of releases by period.
    """
    compared = manifest.compared_with
    return ReleaseContext(
        planned=manifest.planned,
        revision=manifest.revision,
        compared_with=release_of(compared, places) if compared else None,
        beside=beside_of(manifest, places),
        months=releases_of(manifest.months, places),
        site_url=manifest.site_url,
        retracted=manifest.retracted,
        imprint=manifest.imprint,
        cases=archived_cases(release),
    )


def beside_of(manifest: Manifest, places: list[Path]) -> Beside:
    """The releases that it was public beside; format 1 names those of its own period alone."""
    revision = manifest.revision
    superseded = release_number(revision.supersedes) if revision else 0
    names = [f"r{number}" for number in range(1, superseded + 1)]
    return Beside(
        earlier=[release_named(manifest.period, name, places) for name in names],
        month_before=releases_of(manifest.beside.month_before, places),
        month_after=releases_of(manifest.beside.month_after, places),
    )


def releases_of(identities: Sequence[ReleaseIdentity], places: list[Path]) -> list[Path]:
    """Where releases are that another one names. Raises UsageError."""
    return [release_of(identity, places) for identity in identities]


def release_of(identity: ReleaseIdentity, places: list[Path]) -> Path:
    """Where a release is that another one names.

    Raises UsageError where it is nowhere, or of other bytes.
    """
    return release_named(identity.period, identity.release, places, identity.sha256sums)


def release_named(
    period: str,
    name: str,
    places: list[Path],
    digest: str | None = None,
) -> Path:
    """Where a release is, by its month and name; digest: of its bytes, where it is known.

    Raises UsageError where it is nowhere, or of other bytes.
    """
    for place in places:
        release = place / period / name
        if (release / SUMS).is_file() and digest in (None, sums_digest(release)):
            bundle.verify(release)
            return release
    raise UsageError(
        f"The release {period} {name}, which it was made beside, is not there as it was then; "
        "give --landing, the home that has it."
    )


def lay_out(
    home: Home,
    release: Path,
    intake: Path,
    name: str,
) -> None:
    """Make a home that shows an intake by its name, and the month before that a release archives.

    They lie where the build looks for them.
    """
    manifest = Manifest.read(release / "manifest.json")
    home.intakes.mkdir(parents=True)
    home.intake(name).symlink_to(intake.resolve())
    if manifest.predecessor:
        month_before = Period.parse(manifest.period).previous
        archived = release / "internal" / PREDECESSOR
        candidate = home.candidate(month_before)
        shutil.copytree(archived, candidate)


def planned_again(verdict: Verdict, predecessor: StoredMonth | None) -> Plan:
    """The plan by which a release's candidate was built, on the month before that it archives."""
    before = Verdict.read(predecessor.verdict).methodology if predecessor else None
    return plan_of(verdict, before)


def candidate_again(
    home: Home, release: Path, verdict: Verdict, progress: Progress
) -> JudgedCandidate:
    """Build and judge the release's candidate again in a home laid out for it."""
    period = Period.parse(verdict.period)
    predecessor = stored_month(home, period.previous) if verdict.predecessor else None
    plan = planned_again(verdict, predecessor)
    keep_plan(home, plan)
    warehouse.build(
        home.build(plan.period),
        build_variables(home, plan),
        warehouse.counting(progress, "models and tests built again"),
    )
    progress("judging the candidate again")
    folder = assemble(home, plan)
    again = gate.verdict_on(home, folder, plan).model_copy(update={"code": verdict.code})
    put_in_force(home, plan.period, folder, again)
    return JudgedCandidate(
        folder=folder,
        verdict=again,
        overrides=bundle.overrides_in(release),
        methodology=methodology_of(period),
        intake=IntakeRecord.read(home.intake(plan.intake) / RECORD),
        predecessor=predecessor,
        code=Manifest.read(release / "manifest.json").code.release,
    )
