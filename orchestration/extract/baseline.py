"""Reading changes only: what extraction can leave out because an earlier intake has it.

The earlier intake is of the same source, and the landing is the same as that of a whole read. All
rows of every key that changed are read, so updates in place and appended versions both come out
right. A key that is gone, and a row that changed without its watermark, show at the next whole read
only: every `whole_read_days`, or when asked for.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import duckdb

from orchestration.contract.registry import SourceTable
from orchestration.errors import RefusedError
from orchestration.extract.intakes import (
    RECORD,
    check_on_record,
    digests_on_record,
    intake_records,
    landed_file,
)
from orchestration.extract.source import Source, literal
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.intake import IntakeRecord, LandedTable
from orchestration.settings import Settings


@dataclass(frozen=True)
class SourceIdentity:
    """From where and by what an intake is read: its source, key and registry.

    pseudonym_key: identifier of the key; registry: SHA-256 of the registry of source tables;
    source_map: that of the map of a foreign source, None without one.
    """

    source: str
    pseudonym_key: str
    registry: str
    source_map: str | None

    def is_of(self, record: IntakeRecord) -> bool:
        """Whether an intake was read from the same source, with the same key and registry."""
        return all(getattr(record, name) == value for name, value in vars(self).items())


@dataclass(frozen=True)
class Baseline:
    """The latest intake of the same source, made with the same key and registry."""

    folder: Path
    record: IntakeRecord

    @classmethod
    def find(cls, home: Home, identity: SourceIdentity) -> "Baseline | None":
        """The latest intake of the same source, key and registry; None where there is none.

        One that the ledger does not have was not finished. Raises RefusedError where its record or
        a landed file of it has been changed.
        """
        recorded = digests_on_record(home)
        for earlier in reversed(intake_records(home)):
            if identity.is_of(earlier) and earlier.intake in recorded:
                folder = home.intake(earlier.intake)
                check_on_record(home, folder / RECORD)
                check_landed(folder, earlier)
                return cls(folder, earlier)
        return None

    def file(self, table: SourceTable) -> Path:
        """The landed file of a table."""
        return self.folder / f"{table.name}.parquet"

    def entry(self, table: SourceTable) -> LandedTable:
        """What the intake says of a table."""
        return entry_of(self.record, table)

    def due_whole(self, settings: Settings, now: datetime) -> bool:
        """Whether the last whole read is too long ago."""
        return now - datetime.fromisoformat(self.record.whole_read_at) >= timedelta(
            days=settings.whole_read_days
        )

    def changes_since(
        self,
        connection: duckdb.DuckDBPyConnection,
        source: Source,
        table: SourceTable,
        settings: Settings,
    ) -> datetime | None:
        """From when on a table's changes are to be read; None where it must be read whole.

        A table with cells that did not fit, or were personal, is read whole: their rows cannot be
        found again by what they hold.
        """
        since = changes_from(self.record, table, settings)
        if since is None or not source.reads_changes(table):
            return None
        landed = f"read_parquet({literal(self.file(table))})"
        query = f"select count(*) from {landed} where fault_rule in ('map', 'type', 'personal')"
        if connection.execute(query).fetchall() != [(0,)]:
            return None
        return since


def entry_of(record: IntakeRecord, table: SourceTable) -> LandedTable:
    """What an intake says of a table."""
    return next(entry for entry in record.tables if entry.table == table.name)


def changes_from(
    record: IntakeRecord,
    table: SourceTable,
    settings: Settings,
) -> datetime | None:
    """From when on changes of a table may have come since an intake, late ones too.

    None where its watermarks do not say. One in the future counts as the time of the intake.
    """
    latest = entry_of(record, table).watermark_to
    if table.watermark is None or latest is None:
        return None
    known = min(datetime.fromisoformat(latest), datetime.fromisoformat(record.extracted_at))
    return known - timedelta(days=settings.late_days)


def check_landed(folder: Path, record: IntakeRecord) -> None:
    """The files that an intake shows have the bytes that were landed. Raises RefusedError."""
    for table in record.tables:
        file = landed_file(folder, table.table)
        if not file.exists() or files.sha256_of(file) != table.sha256:
            raise RefusedError(
                f"{file} does not have the bytes that were landed: it has been changed since. Put "
                "it back from a backup, or take the intake's folder away and run again."
            )
