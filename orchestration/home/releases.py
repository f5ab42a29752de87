"""The releases of a home: which exist, which are in force, and which one a new release follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from orchestration.home.layout import Home, release_folders, release_number
from orchestration.home.records.release import Current
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period

TOMBSTONE = "retraction.json"


@dataclass(frozen=True)
class Beside:
    """The releases that a release of a period is public beside, superseded and retracted ones too.

    earlier: those of its period; month_before, month_after: those of the months next to it.
    """

    earlier: Sequence[Path] = ()
    month_before: Sequence[Path] = ()
    month_after: Sequence[Path] = ()


def releases_of(home: Home, period: Period) -> list[Path]:
    """The releases of a period in order, each where its files are.

    Superseded and retracted ones are among them.
    """
    published = [
        path
        for path in release_folders(home.releases, str(period))
        if not (path / TOMBSTONE).exists()
    ]
    retracted = release_folders(home.retracted, str(period))
    by_name = {path.name: path for path in (*published, *retracted)}
    return sorted(by_name.values(), key=lambda path: release_number(path.name))


def beside(home: Home, period: Period) -> Beside:
    """The releases that a further one of a period would be public beside."""
    return Beside(
        earlier=releases_of(home, period),
        month_before=releases_of(home, period.previous),
        month_after=releases_of(home, period.next),
    )


def next_name(home: Home, period: Period) -> str:
    """The name of the period's next release."""
    return (
        f"r{1 + max((release_number(path.name) for path in releases_of(home, period)), default=0)}"
    )


def in_force(home: Home) -> dict[str, str]:
    """The release in force of each period.

    Raises HealthIndexError where the file that says so is damaged.
    """
    path = home.current
    current = Current.read(path).root if path.exists() else {}
    return dict(sorted(current.items()))


def release_in_force(home: Home, period: Period) -> Path | None:
    """The release in force of a period; None without one."""
    name = in_force(home).get(str(period))
    return home.release(period, name) if name else None


def stale_releases(home: Home) -> dict[str, Path]:
    """The periods whose release in force was built on other tables than that of the month before.

    Each with the release in force of the month before.
    """
    stale = {}
    for name in in_force(home):
        period = Period.parse(name)
        release, before = release_in_force(home, period), release_in_force(home, period.previous)
        if release and before:
            built_on = Verdict.read(release / "verdict.json").predecessor
            if built_on != Verdict.read(before / "verdict.json").tables:
                stale[name] = before
    return stale


def followed(home: Home, period: Period) -> Path | None:
    """The release that the period's next one follows and is compared with.

    It is the one in force for the period, else the one in force for the month before.
    """
    return release_in_force(home, period) or release_in_force(home, period.previous)


def months_before(home: Home, period: Period) -> list[Path]:
    """The releases in force of earlier months, oldest first."""
    return [
        home.release(month, name) for month, name in in_force(home).items() if month < str(period)
    ]
