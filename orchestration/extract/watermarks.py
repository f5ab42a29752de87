"""Whether a source has moved: the watermarks of its tables, read without their rows.

Two readings in a row say which tables changed in between, and how many rows of them. What shows at
a whole read only (a key that is gone, a row that changed without its watermark) does not show here
either.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from orchestration.contract.registry import source_tables
from orchestration.errors import UsageError
from orchestration.extract.baseline import changes_from
from orchestration.extract.database import DatabaseSource
from orchestration.extract.kinds import open_source
from orchestration.home.records.intake import IntakeRecord
from orchestration.settings import Settings

Mark = tuple[str, ...]


@dataclass(frozen=True)
class Marks:
    """The keys and watermarks of a source's late rows, by table; location: without credentials."""

    location: str
    by_table: Mapping[str, frozenset[Mark]]

    def changes_since(self, earlier: "Marks") -> dict[str, int]:
        """How many rows of each table came or changed since an earlier reading; none left out."""
        changes = {}
        for table, marks in self.by_table.items():
            new = marks - earlier.by_table[table]
            if new:
                changes[table] = len(new)
        return changes


def read_marks(settings: Settings, source: str, record: IntakeRecord | None) -> Marks:
    """The watermarks of a source since an intake.

    record: of the intake, None where there is none: then those of all rows. Raises UsageError where
    the source is no database, SourceError.
    """
    with open_source(settings, source) as opened:
        if not isinstance(opened, DatabaseSource):
            raise UsageError(
                f"{opened.location} has no watermarks to watch, for it is no database; give a "
                "database's URL, or run it at night."
            )
        by_table = {}
        for table in source_tables().values():
            since = changes_from(record, table, settings) if record else None
            by_table[table.name] = opened.marks(table, since)
    return Marks(opened.location, by_table)
