"""The release context: when a release is due, what it revises and why, what it is compared with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import get_args

from orchestration.contract.methodology import METHOD_DIGEST, is_same
from orchestration.errors import RefusedError, UsageError
from orchestration.home import files
from orchestration.home.layout import SUMS
from orchestration.home.records.release import (
    Imprint,
    Kind,
    Neighbours,
    Planned,
    ReleaseIdentity,
    Retraction,
    Revision,
)
from orchestration.home.records.verdict import Verdict
from orchestration.home.release_note import ReleaseNote, retractions
from orchestration.home.releases import Beside, beside, followed, months_before
from orchestration.periods import Period
from orchestration.plain_text import LONGEST_REASON, stated_line
from orchestration.release.cases import cases_for
from orchestration.release.release_calendar import PlannedRelease, planned_release, read_calendar
from orchestration.settings import Settings

METHOD_CHANGE = "method_change"
KINDS: tuple[Kind, ...] = get_args(Kind)


@dataclass(frozen=True)
class ReleaseContext:
    """What a release states of itself, and the releases that it stands beside.

    planned: its row of the calendar; revision: kind, reason and the release that it supersedes,
    None of a period's first; compared_with: the release that it follows; beside: all releases of
    its period and of the months next to it; months: those in force of earlier months; site_url:
    where the site of the internal edition will stand; imprint: who publishes it and when, for its
    documents; retracted: what was withdrawn that its readers must know of; cases: the folder of the
    cases of alerts as of the evaluation of its candidate, where that was evaluated.
    """

    planned: Planned
    revision: Revision | None
    compared_with: Path | None
    beside: Beside
    months: Sequence[Path]
    site_url: str | None
    imprint: Imprint
    retracted: Sequence[Retraction] = ()
    cases: Path | None = None

    @property
    def releases_read(self) -> list[Path]:
        """The releases whose figures go into it, each once."""
        return releases_read(self.compared_with, self.beside, self.months)

    @property
    def note(self) -> ReleaseNote:
        """What its documents say of it."""
        compared = identity_of(self.compared_with) if self.compared_with else None
        return ReleaseNote(self.revision, compared, tuple(self.retracted))


def releases_read(
    compared_with: Path | None,
    around: Beside,
    months: Sequence[Path],
) -> list[Path]:
    """The releases whose figures go into one that stands beside these, each once."""
    compared = [compared_with] if compared_with else []
    next_to_it = [*around.earlier, *around.month_before, *around.month_after]
    return list(dict.fromkeys([*compared, *next_to_it, *months]))


def identity_of(release: Path) -> ReleaseIdentity:
    """What a published release is."""
    return ReleaseIdentity(
        period=release.parent.name,
        release=release.name,
        sha256sums=sums_digest(release),
    )


def identities_of(releases: Sequence[Path]) -> tuple[ReleaseIdentity, ...]:
    """What published releases are."""
    return tuple(identity_of(release) for release in releases)


def neighbours(around: Beside) -> Neighbours:
    """What the manifest says of the releases of the months next to a release's."""
    return Neighbours(
        month_before=identities_of(around.month_before),
        month_after=identities_of(around.month_after),
    )


def context_of(
    settings: Settings,
    period: Period,
    verdict: Verdict,
    kind: str | None,
    reason: str | None,
) -> ReleaseContext:
    """The context of a release of this verdict now.

    Raises UsageError of a revision without kind and reason, RefusedError of an untrue kind, and
    where its cases of alerts are damaged.
    """
    around = beside(settings.home, period)
    planned = planned_release(settings.home, period)
    return ReleaseContext(
        planned=planned.described(),
        revision=revision_of(period, around.earlier, verdict, kind, reason),
        compared_with=followed(settings.home, period),
        beside=around,
        months=months_before(settings.home, period),
        site_url=settings.site_url,
        retracted=retractions(settings.home, period),
        imprint=imprint_of(settings, planned),
        cases=cases_for(settings.home, period),
    )


def imprint_of(settings: Settings, planned: PlannedRelease) -> Imprint:
    """Who publishes a release, how to reach them, its licence, its time, and the next release.

    The next one is that of the calendar. What is not stated is None.
    """
    later = [
        row for row in read_calendar(settings.home.calendar).values() if row.period > planned.period
    ]
    following = later[0] if later else None
    return Imprint(
        publisher=settings.publisher,
        contact=settings.contact,
        licence=settings.licence,
        release_time=planned.release_time,
        next_period=following.period if following else None,
        next_release_time=following.release_time if following else None,
    )


def revision_of(
    period: Period,
    earlier: Sequence[Path],
    verdict: Verdict,
    kind: str | None,
    reason: str | None,
) -> Revision | None:
    """What a release says of the one that it supersedes; None of a period's first release.

    Raises UsageError, RefusedError.
    """
    if not earlier:
        if kind or reason:
            raise UsageError(
                f"{period} has no release that another could revise; leave out kind and reason."
            )
        return None
    superseded = earlier[-1]
    known = next((each for each in KINDS if each == kind), None)
    if known is None or not (reason and reason.strip()):
        raise UsageError(
            f"{period} has been released as {superseded.name}. State why it is released anew: "
            f"a kind ({', '.join(KINDS)}) and a reason."
        )
    stated = stated_line(
        reason, "A release that supersedes another needs its reason", LONGEST_REASON
    )
    before = Verdict.read(superseded / "verdict.json").methodology
    has_another_methodology = not is_same(METHOD_DIGEST, before, verdict.methodology)
    if has_another_methodology != (kind == METHOD_CHANGE):
        than = "another methodology than" if has_another_methodology else "the same methodology as"
        raise RefusedError(
            f"A release of {period} that has {than} {superseded.name} is not of the kind {kind}."
        )
    return Revision(
        kind=known,
        reason=stated,
        supersedes=superseded.name,
        sha256sums=sums_digest(superseded),
    )


def sums_digest(release: Path) -> str:
    """SHA-256 of a release's list of digests, hence of all its files."""
    return files.sha256_of(release / SUMS)
