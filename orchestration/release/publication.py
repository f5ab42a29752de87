"""Publish: what is prepared and approved is verified once more, then renamed at its time.

Nothing is computed here.
"""

from pathlib import Path

from orchestration.errors import RefusedError
from orchestration.home import files, ledger, locks
from orchestration.home.events import Prepared, Published, now
from orchestration.home.layout import PUBLICATION_RECORD, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.release import Manifest, PublicationRecord
from orchestration.home.records.verdict import Verdict
from orchestration.home.releases import (
    in_force,
    next_name,
    places_of,
    release_in_force,
    renew_current,
)
from orchestration.periods import Period
from orchestration.release import public_edition
from orchestration.release.bundle import verify
from orchestration.release.context import sums_digest
from orchestration.release.preparation import (
    previews_of,
    sound_preparation,
)
from orchestration.release.retraction import renew_tombstones
from orchestration.release.rules.approved import PUBLICATION, ApprovedRelease
from orchestration.release.rules.rule import reasons_against
from orchestration.release.verdicts import sound_judgement


def publish(home: Home, period: Period) -> Path:
    """Move what is prepared to the releases and point to it; returns the release's folder.

    Raises RefusedError with the reasons.

    A publication that was interrupted after its release had been verified and moved is finished
    first.
    """
    with locks.held(home, str(period)):
        finished = finish_interrupted(home, period)
        renew_current(home)
        prepared = home.prepared(period)
        if prepared.is_dir():
            return publish_prepared(home, period, prepared)
        return finished or release_as_it_is(home, period)


def publish_prepared(
    home: Home,
    period: Period,
    prepared: Path,
) -> Path:
    """Verify what is prepared, move it to the releases and point to it; returns its folder.

    Raises RefusedError with the reasons.
    """
    sound_preparation(home, period, prepared)
    preparation = preparations_of(home, period, prepared)[-1]
    check_releasable(home, period, prepared, preparation)
    release = home.release(period, next_name(home, period))
    record = record_of_publication(home, prepared, release.name, preparation)
    public_edition.copy_approvals(prepared)
    partial = prepared.with_name(f".{period}-{PUBLICATION_RECORD}")
    record.write(prepared / PUBLICATION_RECORD, partial)
    public_edition.keep_rest_private(prepared)
    files.rename_folder(prepared, release)
    make_current(home, period, release)
    return release


def release_as_it_is(home: Home, period: Period) -> Path:
    """The release in force, where nothing is prepared since and its figures are those of now.

    Raises RefusedError.
    """
    if str(period) not in in_force(home):
        raise RefusedError(f"Nothing is prepared for {period}; prepare it first.")
    release = unchanged_release(home, period)
    if release is None:
        raise RefusedError(
            f"Nothing is prepared for {period}, whose figures have changed since its "
            "release; prepare it first."
        )
    return release


def check_releasable(
    home: Home,
    period: Period,
    release: Path,
    preparation: Prepared,
) -> None:
    """Enough people approve exactly these bytes, and their time has come.

    Raises RefusedError with what they lack.
    """
    approved = ApprovedRelease(home, release, preparation)
    reasons = reasons_against(PUBLICATION, approved)
    if reasons:
        stated = "; ".join(reasons)
        raise RefusedError(f"What is prepared for {period} cannot be published: {stated}.")


def preparations_of(
    home: Home,
    period: Period,
    release: Path,
) -> list[Prepared]:
    """The preparations of exactly these files that the ledger has, in order."""
    return Ledger.of(home).preparations(str(period), sums_digest(release))


def publication_blockers(home: Home, period: Period) -> list[str]:
    """Why what is prepared for a period cannot be published now.

    Empty where `publish` would publish it.

    Reads every byte only of what is approved and due. Raises UsageError where the allowed signers
    are unsound, VerificationError, and what reading raises, where what is prepared is damaged.
    """
    prepared = home.prepared(period)
    preparations = preparations_of(home, period, prepared)
    if not preparations:
        return ["the ledger does not have it"]
    approved = ApprovedRelease(home, prepared, preparations[-1])
    reasons = reasons_against(PUBLICATION, approved)
    if reasons:
        return reasons
    try:
        sound_preparation(home, period, prepared)
    except RefusedError as error:
        return [str(error)]
    return []


def record_of_publication(
    home: Home,
    prepared: Path,
    name: str,
    preparation: Prepared,
) -> PublicationRecord:
    """When a release was due and is published, under which name, and who looked at it before.

    It also has the head of the ledger at that time.
    """
    return PublicationRecord(
        period=preparation.period,
        release=name,
        sha256sums=sums_digest(prepared),
        release_time=Manifest.read(prepared / "manifest.json").planned.release_time,
        published_at=now(),
        previews=tuple(previews_of(home, preparation)),
        ledger_head=ledger.head(home),
    )


def unchanged_release(home: Home, period: Period) -> Path | None:
    """The release in force, if it has the tables of the period's candidate; else None.

    To publish such a release once more is done already.

    Raises RefusedError where the candidate is not sound.
    """
    release = release_in_force(home, period)
    tables = sound_judgement(home, period).verdict.tables
    if release and Verdict.read(release / "verdict.json").tables == tables:
        return release
    return None


def make_current(
    home: Home,
    period: Period,
    release: Path,
) -> None:
    """Record the publication of a release, which puts it in force, and point to it."""
    renew_tombstones(home, period, release.name)
    record = release / PUBLICATION_RECORD
    event = Published(
        period=str(period),
        release=release.name,
        digest=sums_digest(release),
        record=files.sha256_of(record),
        release_time=PublicationRecord.read(record).release_time,
    )
    ledger.append(home, event)
    renew_current(home)


def finish_interrupted(home: Home, period: Period) -> Path | None:
    """Put a release in force that was moved to its place but is not in the ledger yet.

    Returns it, or None where there is none.

    Raises VerificationError, and RefusedError where it was never prepared, is not approved, or its
    time has not come.
    """
    published = {event.release for event in Ledger.of(home).every(Published, str(period))}
    left = [path for path in places_of(home, period) if path.name not in published]
    if not left:
        return None
    release = left[-1]
    verify(release)
    if not (release / PUBLICATION_RECORD).is_file():
        raise RefusedError(f"{release} was put there by no publication; take it away.")
    preparations = preparations_of(home, period, release)
    if not preparations:
        raise RefusedError(f"{release} was never prepared here; take it away.")
    check_releasable(home, period, release, preparations[0])
    make_current(home, period, release)
    return release
