"""What the landing says of an intake, and of rows about a person that were taken out of intakes."""

from orchestration.home.records.record import (
    Digest,
    IntakeName,
    Moment,
    Part,
    Record,
    Stated,
    TableName,
)


class LandedTable(Part):
    """A table of an intake: what was landed, and how it was read.

    rows, bytes, sha256: as landed; since: from which watermark on changes were read, None of a
    whole read; rows_read: rows that the source handed over; keys_gone: keys that the intake before
    had and this one does not have, counted at a whole read.
    """

    table: TableName
    source: str
    rows: int
    bytes: int
    sha256: Digest
    columns: tuple[str, ...]
    ignored_columns: tuple[str, ...]
    watermark_from: Moment | None
    watermark_to: Moment | None
    since: Moment | None
    rows_read: int
    keys_gone: int | None
    seconds: float


class RowsErased(Part):
    """Rows that were taken out of an intake: when, of which digest, and how many by table."""

    at: Moment
    digest_before: Digest
    rows: dict[str, int]


class IntakeRecord(Record):
    """`landing/intakes/<intake>/intake.json`: one extraction.

    extracted_at: when it began; notice: what the source says of itself; pseudonym_key: identifier
    of the key; registry: SHA-256 of the registry of source tables; digest: over the landed files;
    whole_read_at: when the source was last read whole; erasures: only where rows were erased;
    source_map: SHA-256 of the map of a foreign source, where it was read by one;
    further: tables of which no figure is computed, only where the source has one; the digest is not
    over them, and the intake's folder does not show them.
    """

    extracted_at: Moment
    source: str
    notice: str | None
    pseudonym_key: str
    registry: Digest
    intake: IntakeName
    digest: Digest
    whole_read_at: Moment
    tables: tuple[LandedTable, ...]
    erasures: tuple[RowsErased, ...] = ()
    source_map: Digest | None = None
    further: tuple[LandedTable, ...] = ()

    @property
    def rows(self) -> int:
        """Rows of all tables."""
        return sum(table.rows for table in self.tables)

    def erased_since(self, digest: str) -> list[str]:
        """When rows about persons were erased since the landing had a digest."""
        before = [erasure.digest_before for erasure in self.erasures]
        if digest not in before:
            return []
        return [erasure.at for erasure in self.erasures[before.index(digest) :]]


class ErasedIntake(Part):
    """What an erasure changes in an intake.

    digest: after it, None of a dry run; record: SHA-256 of the intake's record after it, which
    older ledgers lack.
    """

    intake: IntakeName
    digest_before: Digest
    digest: Digest | None
    rows: dict[str, int]
    record: Digest | None = None


class ErasureStatement(Part):
    """Who erases one person from the landing and why, and what that changes."""

    by: Stated
    reason: Stated
    intakes: tuple[ErasedIntake, ...]


class ErasureDecision(Record):
    """`landing/.erasure.json`: what an erasure is to do, until it is done."""

    entry: ErasureStatement
    records: tuple[IntakeRecord, ...]
