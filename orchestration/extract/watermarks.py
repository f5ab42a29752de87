"""Whether a source has moved: the watermarks of its tables, read without their rows.

Two readings in a row say which tables changed in between, and how many rows of them. What shows at
a whole read only (a key that is gone, a row that changed without its watermark) does not show here
either.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast

from orchestration.contract.registry import further_tables, source_tables
from orchestration.errors import UsageError
from orchestration.extract.baseline import changes_from
from orchestration.extract.database import DatabaseSource, location_of, read_url
from orchestration.extract.kinds import FOLDER, kind_of, open_source
from orchestration.home.records.intake import IntakeRecord
from orchestration.settings import Settings

if TYPE_CHECKING:
    from orchestration.extract.mapping.mapped_source import MappedSource

Mark = tuple[str, ...]
Windows = Mapping[str, datetime | None]
"""From which watermark on each table is looked at; None: all of it."""


@dataclass(frozen=True)
class Marks:
    """The keys and watermarks of a source's late rows, by table."""

    by_table: Mapping[str, frozenset[Mark]]

    def changes_since(self, earlier: "Marks") -> dict[str, int]:
        """How many rows of each table came or changed since an earlier reading; none left out."""
        changes = {}
        for table, marks in self.by_table.items():
            new = marks - earlier.by_table.get(table, frozenset())
            if new:
                changes[table] = len(new)
        return changes

    @property
    def digest(self) -> str:
        """SHA-256 over them: another where something came or changed."""
        content = {table: sorted(marks) for table, marks in self.by_table.items()}
        return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def watched_location(settings: Settings, source: str) -> str:
    """The name of a source that can be watched, without credentials, as intakes of it have it.

    Raises UsageError where it is no database, SourceError where a mapped one cannot be opened.
    """
    if settings.source_map:
        with open_source(settings, source) as opened:
            return opened.location
    if kind_of(source) == FOLDER:
        raise UsageError(f"{source} has no watermarks to watch: give the URL of a database.")
    return location_of(read_url(source))


def windows_since(settings: Settings, record: IntakeRecord) -> Windows:
    """From when on each table may have changed since an intake, late rows too."""
    tables = source_tables().values()
    return {table.name: changes_from(record, table, settings) for table in tables}


def read_marks(settings: Settings, source: str, windows: Windows) -> Marks:
    """The watermarks of a source in a window of each table.

    Raises SourceError, SourceLostError where it is away.
    """
    by_table = {}
    with open_source(settings, source) as opened:
        source_of_marks = cast("DatabaseSource | MappedSource", opened)
        further = [table for table in further_tables().values() if opened.has_table(table)]
        for table in [*source_tables().values(), *further]:
            by_table[table.name] = source_of_marks.marks(table, windows.get(table.name))
    return Marks(by_table)
