"""The releases of a home: which exist, which are in force, and which one a new release follows.

Which is in force follows from the ledger. `CURRENT.json` says it to others, and is never believed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.errors import VerificationError
from orchestration.home import files, locks
from orchestration.home.events import Published
from orchestration.home.layout import SUMS, TOMBSTONE, Home, release_folders, release_number
from orchestration.home.ledger import Ledger
from orchestration.home.records.release import Current
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period


@dataclass(frozen=True)
class Beside:
    """The releases that a release of a period is public beside, superseded and retracted ones too.

    earlier: those of its period; month_before, month_after: those of the months next to it.
    """

    earlier: Sequence[Path] = ()
    month_before: Sequence[Path] = ()
    month_after: Sequence[Path] = ()


def places_of(home: Home, period: Period) -> list[Path]:
    """The folders of releases that a period has, in order, whatever the ledger says of them.

    Superseded and retracted ones are among them, each where its files are.
    """
    published = [
        path
        for path in release_folders(home.releases, str(period))
        if not (path / TOMBSTONE).exists()
    ]
    retracted = release_folders(home.retracted, str(period))
    by_name = {path.name: path for path in (*published, *retracted)}
    return sorted(by_name.values(), key=lambda path: release_number(path.name))


def releases_of(home: Home, period: Period) -> list[Path]:
    """The releases of a period that were published, in order, each where its files are.

    Superseded and retracted ones are among them. Raises VerificationError where the files of one
    are gone, or its list of digests is not the published one.
    """
    events = Ledger.of(home).every(Published, str(period))
    return [recorded_release(home, event) for event in events]


def beside(home: Home, period: Period) -> Beside:
    """The releases that a further one of a period would be public beside."""
    return Beside(
        earlier=releases_of(home, period),
        month_before=releases_of(home, period.previous),
        month_after=releases_of(home, period.next),
    )


def next_name(home: Home, period: Period) -> str:
    """The name of the period's next release."""
    return f"r{1 + max((release_number(path.name) for path in places_of(home, period)), default=0)}"


def in_force(home: Home) -> dict[str, str]:
    """The name of the release in force of each period."""
    return {period: event.release for period, event in Ledger.of(home).in_force().items()}


def renew_current(home: Home) -> None:
    """Let `CURRENT.json` say what is in force, whatever it said."""
    with locks.writing(home):
        names, file = in_force(home), home.current
        due = Current(names).text().encode()
        is_said = file.read_bytes() == due if file.is_file() else not names
        if not is_said:
            files.write_bytes_atomically(file, due)


def release_in_force(home: Home, period: Period) -> Path | None:
    """The release in force of a period; None without one.

    Raises VerificationError where the folder in its place is not the one that was published.
    """
    event = Ledger.of(home).in_force().get(str(period))
    if event is None:
        return None
    place = home.release(event.period, event.release)
    if (place / TOMBSTONE).exists():
        raise VerificationError(
            f"{place} was retracted, and the ledger has no line of it: it was cut since, or is an "
            "older one. Put it back from a backup."
        )
    return recorded_release(home, event)


def recorded_release(home: Home, event: Published) -> Path:
    """The folder of the files of a release that the ledger has, also of a retracted one.

    Raises VerificationError where it is gone, or its list of digests is not the published one.
    """
    aside = home.retracted_release(event.period, event.release)
    release = aside if aside.is_dir() else home.release(event.period, event.release)
    sums = release / SUMS
    if not sums.is_file() or files.sha256_of(sums) != event.digest:
        raise VerificationError(
            f"{release}, published for {event.period}, is not as it was published: its {SUMS} is "
            "gone or another one. Put it back from a backup."
        )
    return release


def stale_releases(home: Home) -> dict[str, Path]:
    """The periods whose release in force was built on other tables than that of the month before.

    Each with the release in force of the month before.
    """
    stale = {}
    for name in in_force(home):
        period = Period.parse(name)
        release, before = release_in_force(home, period), release_in_force(home, period.previous)
        if release and before:
            verdict = Verdict.read(release / "verdict.json")
            if not verdict.is_built_on(Verdict.read(before / "verdict.json").tables):
                stale[name] = before
    return stale


def followed(home: Home, period: Period) -> Path | None:
    """The release that the period's next one follows and is compared with.

    It is the one in force for the period, else the one in force for the month before.
    """
    return release_in_force(home, period) or release_in_force(home, period.previous)


def months_before(home: Home, period: Period) -> list[Path]:
    """The releases in force of earlier months, oldest first."""
    published = Ledger.of(home).in_force()
    return [
        recorded_release(home, event) for month, event in published.items() if month < str(period)
    ]
