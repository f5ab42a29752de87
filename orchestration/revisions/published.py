"""A published month, as an intake is held against it: its release in force, and its landing."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pyarrow.parquet as pq

from orchestration.audit.published import is_as_listed
from orchestration.contract.registry import source_tables
from orchestration.errors import VerificationError, first_few
from orchestration.extract.intakes import RECORD, intake_record, landed_file
from orchestration.home import files
from orchestration.home.layout import SUMS, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.release import Manifest
from orchestration.home.records.verdict import Verdict
from orchestration.home.releases import recorded_release
from orchestration.home.sums import listed_in
from quality.publication import published_tables

PLACES = ("enterprise", "union_org")
"""The tables that say where a row is."""


@dataclass(frozen=True)
class PublishedMonth:
    """A release in force: its folder, and what it says of what it was made of."""

    folder: Path
    manifest: Manifest
    verdict: Verdict

    @property
    def name(self) -> str:
        """Its month and its name."""
        return f"{self.manifest.period} {self.folder.name}"

    @property
    def as_of(self) -> date:
        """The day up to which things count in it."""
        return date.fromisoformat(self.manifest.as_of)

    @property
    def read_at(self) -> str:
        """When its landing was read."""
        return self.manifest.source.extracted_at


@dataclass(frozen=True)
class Landing:
    """An intake: its record, and its folder."""

    record: IntakeRecord
    folder: Path

    @classmethod
    def in_home(cls, home: Home, intake: str) -> "Landing":
        """That of a home. Raises RefusedError as intake_record."""
        return cls(intake_record(home, intake), home.intake(intake))

    @property
    def digests(self) -> dict[str, str]:
        """SHA-256 of each landed file, by table."""
        return {table.table: table.sha256 for table in self.record.tables}

    def file(self, table: str) -> Path:
        """The landed file of a table."""
        return landed_file(self.folder, table)


def published_months(home: Home, most: int) -> list[PublishedMonth]:
    """The releases in force of the latest published months, oldest first.

    Raises VerificationError where a file that is read of one is not as it was published.
    """
    in_force = Ledger.of(home).in_force().values()
    latest = sorted(in_force, key=lambda event: event.period, reverse=True)[:most]
    return [open_month(recorded_release(home, event)) for event in reversed(latest)]


def open_month(release: Path) -> PublishedMonth:
    """A release, whose files that are read here are as it lists them. Raises VerificationError."""
    tables = [f"internal/{name}.parquet" for name in published_tables()]
    listed = listed_in(release)
    read = ("manifest.json", "verdict.json", *tables)
    if altered := [name for name in read if not is_as_listed(release, name, listed)]:
        raise VerificationError(
            f"{release} is not as it was published: {', '.join(altered)}; uhi verify tells more."
        )
    manifest = Manifest.read(release / "manifest.json")
    return PublishedMonth(release, manifest, Verdict.read(release / "verdict.json"))


def sums_of(month: PublishedMonth) -> str:
    """SHA-256 of the list of a release's files."""
    return files.sha256_of(month.folder / SUMS)


def landing_of(home: Home, month: PublishedMonth) -> Landing | None:
    """The landing that a release was made of; None where the home does not have it any more.

    Raises RefusedError where it has another one.
    """
    intake = month.manifest.landing.intake
    if not (home.intake(intake) / RECORD).exists():
        return None
    return Landing.in_home(home, intake)


def moved_tables(then: Landing, now: Landing) -> list[str]:
    """The source tables of which two landings have other bytes, in the registry's order."""
    return [name for name in source_tables() if then.digests.get(name) != now.digests.get(name)]


def landing_problem(then: Landing, moved: list[str]) -> str | None:
    """Why the rows of these tables of a published landing cannot be compared; None where they can.

    Those that say where rows are must be there too.
    """
    needed = dict.fromkeys((*moved, *PLACES))
    if unknown := [name for name in needed if name not in then.digests]:
        return f"the intake {then.record.intake} was landed without {', '.join(unknown)}"
    altered = [
        name
        for name in needed
        if not then.file(name).is_file() or files.sha256_of(then.file(name)) != then.digests[name]
    ]
    if altered:
        return (
            f"the landed files of {first_few(altered)} of the intake {then.record.intake} are gone "
            "or not as they were landed"
        )
    columns = {name: [each.name for each in source_tables()[name].landed] for name in moved}
    lacking = [
        f"{name}.{column}"
        for name in moved
        for column in sorted(set(columns[name]) - set(pq.read_schema(then.file(name)).names))
    ]
    if lacking:
        return f"the intake {then.record.intake} was landed without {first_few(lacking)}"
    return None
