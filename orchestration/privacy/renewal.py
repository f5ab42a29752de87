"""Writes landed files and records of intakes anew, without the rows of a person.

What is left of a table is written as extraction would have landed it had the person never been in
it.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.extract.landed_tables import write_landed
from orchestration.home import files
from orchestration.home.records.intake import ErasedIntake, IntakeRecord, LandedTable, RowsErased
from orchestration.privacy.person import LandedRows, Person
from orchestration.screen import Progress


def renewed_records(
    person: Person,
    found: list[LandedRows],
    records: list[IntakeRecord],
    work: Path,
    progress: Progress,
) -> list[IntakeRecord]:
    """Write the landed files without the person's rows to their place.

    Returns the records of the intakes that are to show them.
    """
    written = {}
    for landed in found:
        progress(f"writing {landed.table.name} anew")
        facts = write_without_person(person, landed, work)
        written[landed.source, landed.file.stem] = facts
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    renewed = [
        renewed_record(record, rows, written, moment)
        for record in records
        if (rows := rows_taken(record, found))
    ]
    if found:
        files.sync_folder(found[0].file.parent)
    return renewed


def write_without_person(
    person: Person,
    landed: LandedRows,
    work: Path,
) -> dict[str, Any]:
    """Write a landed file without the person's rows to its place, made in the folder `work`.

    Returns what an intake says of it, as write_landed does.
    """
    person.hand_others(landed)
    made = work / f"{landed.table.name}.parquet"
    facts = write_landed(person.connection, landed.table, made)
    files.sync_tree(work)
    made.replace(landed.file.with_stem(facts["sha256"]))
    return facts


def renewed_record(
    record: IntakeRecord,
    rows: dict[str, int],
    written: dict[tuple[str, str], dict[str, Any]],
    moment: str,
) -> IntakeRecord:
    """An intake's record once rows are taken out of it.

    rows: how many by table; written: what is to be said of the new files, by source and SHA-256 of
    the old ones; moment: of the erasure.
    """

    def renewed(table: LandedTable) -> LandedTable:
        return table.model_copy(update=written.get((record.source, table.sha256)))

    tables = tuple(renewed(table) for table in record.tables)
    erased = RowsErased(
        at=moment,
        digest_before=record.digest,
        rows=rows,
    )
    return record.model_copy(
        update={
            "digest": files.digest_of({table.table: table.sha256 for table in tables}),
            "tables": tables,
            "erasures": (*record.erasures, erased),
        }
    )


def rows_taken(record: IntakeRecord, found: list[LandedRows]) -> dict[str, int]:
    """How many rows of each table of an intake are about the person."""
    rows = {(landed.source, landed.file.stem): landed.rows for landed in found}
    taken = {table.table: rows.get((record.source, table.sha256), 0) for table in record.tables}
    return {table: taken for table, taken in taken.items() if taken}


def changes(
    records: list[IntakeRecord],
    found: list[LandedRows],
    renewed: list[IntakeRecord],
) -> Iterator[ErasedIntake]:
    """What changes in each intake that has rows about the person.

    Its digests before and after, and the rows taken out by table.
    """
    after = {record.intake: record for record in renewed}
    for record in records:
        rows = rows_taken(record, found)
        if not rows:
            continue
        now = after.get(record.intake)
        yield ErasedIntake(
            intake=record.intake,
            digest_before=record.digest,
            digest=now.digest if now else None,
            rows=rows,
            record=now.sha256 if now else None,
        )
