"""What a release is: a first one, or one that supersedes another and why.

The record also says what the release is compared with and what was retracted. Every document of
the release takes this record and no other, so that all of them say the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.home.layout import TOMBSTONE, Home, release_number
from orchestration.home.records.release import ReleaseIdentity, Retraction, Revision, Tombstone
from orchestration.home.releases import in_force
from orchestration.periods import Period


@dataclass(frozen=True)
class ReleaseNote:
    """What a release is.

    revision: kind, reason and the name of the release that it supersedes; None of a month's first
    release. compared_with: month and name of the release whose figures it is compared with, if any.
    retracted: what was withdrawn of its month, and of the month before where nothing else is in
    force there; oldest first.
    """

    revision: Revision | None = None
    compared_with: ReleaseIdentity | None = None
    retracted: Sequence[Retraction] = ()

    @property
    def is_compared_with_its_month(self) -> bool:
        """Whether the figures are compared with those of the release that it supersedes."""
        if self.revision is None or self.compared_with is None:
            return False
        return self.revision.sha256sums == self.compared_with.sha256sums


def retractions(home: Home, period: Period) -> list[Retraction]:
    """What was retracted that a release of a period must name (ReleaseNote.retracted)."""
    before = period.previous
    concerned = [period] if str(before) in in_force(home) else [before, period]
    return [retraction for month in concerned for retraction in retractions_of(home, month)]


def retractions_of(home: Home, period: Period) -> list[Retraction]:
    """The retracted releases of a period in their order, by their tombstones."""
    stones = (home.releases / str(period)).glob(f"r*/{TOMBSTONE}")
    ordered = sorted(stones, key=lambda stone: release_number(stone.parent.name))
    return [retraction_of(Tombstone.read(stone)) for stone in ordered]


def retraction_of(stone: Tombstone) -> Retraction:
    """A retraction from what its tombstone states."""
    return Retraction(
        period=stone.period,
        release=stone.release,
        sha256sums=stone.digest,
        at=stone.at,
        reason=stone.reason,
    )
