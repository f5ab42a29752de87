"""Judging again what is about to be released, or signed, rather than trusting the verdicts on it.

Nothing that lies in the home vouches for itself: neither a verdict, nor its line in the ledger.
"""

import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from orchestration.build.candidate import CandidateFiles
from orchestration.build.rejudging import contradictions, differing_checks
from orchestration.errors import RefusedError, VerificationError, first_few
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.verdict import ReleaseVerdict, Verdict
from orchestration.home.releases import beside, followed, months_before
from orchestration.periods import Period
from orchestration.release import bundle
from orchestration.release.bundle import verify
from orchestration.release.context import releases_read
from orchestration.screen import Progress
from quality.release import BuiltRelease


def check_candidate(home: Home, verdict: Verdict, candidate: CandidateFiles) -> None:
    """The bytes of a candidate bear out what its verdict says. Raises RefusedError."""
    found = contradictions(home, verdict, candidate)
    if found:
        raise RefusedError(
            f"The verdict on {verdict.period} does not hold: {first_few(found)}. Run it again; "
            "if nobody who may has changed its files, find out who did."
        )


def check_releases_read(releases: Sequence[Path]) -> None:
    """The releases that one reads are as they were built. Raises RefusedError."""
    for release in releases:
        try:
            verify(release)
        except VerificationError as error:
            raise RefusedError(
                f"A release that it would refer to does not verify. {error}"
            ) from None


def check_prepared(
    home: Home,
    period: Period,
    prepared: Path,
    processes: int,
    progress: Progress,
) -> None:
    """What is prepared bears out both of its verdicts: on its figures, and on its files.

    Raises RefusedError.
    """
    progress("judging the figures again")
    check_candidate(
        home, Verdict.read(prepared / "verdict.json"), CandidateFiles.of_release(prepared)
    )
    found = list(differing_files(home, period, prepared, processes, progress))
    if found:
        raise RefusedError(
            f"The verdict on the files prepared for {period} does not hold: {first_few(found)}. "
            "Prepare it again; if nobody who may has changed its files, find out who did."
        )


def differing_files(
    home: Home,
    period: Period,
    prepared: Path,
    processes: int,
    progress: Progress,
) -> Iterator[str]:
    """Each check of the files that finds otherwise than the verdict on them says.

    Raises RefusedError where a release that they are judged beside does not verify.
    """
    around = beside(home, period)
    before, months = followed(home, period), months_before(home, period)
    check_releases_read(releases_read(before, around, months))
    with files.scratch_folder(prepared.with_name(f".{period}")) as folder:
        copy_judged(prepared, folder)
        release = BuiltRelease(
            folder,
            earlier=around.earlier,
            before=before,
            months=months,
            month_before=around.month_before,
            month_after=around.month_after,
        )
        _, checks = bundle.decide_on(release, processes, progress)
    yield from differing_checks(ReleaseVerdict.read(prepared / bundle.RELEASE_VERDICT), checks)


def copy_judged(prepared: Path, folder: Path) -> None:
    """Copy what the verdict on files is on: neither approvals nor what is made of the verdict."""
    for name in bundle.digests_of(prepared).keys() - bundle.MADE_OF_JUDGED:
        copy = folder / name
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(prepared / name, copy)
