"""The intakes of a landing: their records, how each shows its files, and files that none shows."""

from pathlib import Path

from orchestration.errors import RefusedError, VerificationError
from orchestration.home import files
from orchestration.home.events import Erased, Extracted
from orchestration.home.layout import LANDED_FILE, Home
from orchestration.home.ledger import Ledger
from orchestration.home.records.intake import IntakeRecord

RECORD = "intake.json"
OBJECTS = Path("../../objects")  # the landed files, from the folder of an intake


def intake_records(home: Home) -> list[IntakeRecord]:
    """What each intake says of itself (`intake.json`), in the order of extraction."""
    records = [IntakeRecord.read(folder / RECORD) for folder in home.intake_folders()]
    return sorted(records, key=lambda record: record.extracted_at)


def latest_record(home: Home) -> IntakeRecord:
    """What the latest intake says of itself. Raises RefusedError where nothing is landed."""
    records = intake_records(home)
    if not records:
        raise RefusedError(f"Nothing is landed in {home}; run a month first.")
    return records[-1]


def intake_record(home: Home, intake: str) -> IntakeRecord:
    """What one intake says of itself, as the ledger records it.

    Raises RefusedError where the landing does not hold it any more, or holds another one.
    """
    path = home.intake(intake) / RECORD
    if not path.exists():
        raise RefusedError(
            f"The landing no longer holds the intake {intake}, which alone says what was read; "
            "run the period again."
        )
    check_on_record(home, path)
    return IntakeRecord.read(path, RefusedError)


def check_on_record(home: Home, file: Path) -> None:
    """The record of an intake is the one that was written when it was landed, or erased from.

    Raises RefusedError.
    """
    intake = file.parent.name
    recorded = digests_on_record(home)
    if intake not in recorded:
        raise RefusedError(f"The ledger does not have the intake {intake}; run the period again.")
    if recorded[intake] not in (None, files.sha256_of(file)):
        raise RefusedError(
            f"{file} is not what was written when the intake was landed: it has been changed "
            "since. Put it back from a backup, or take the intake's folder away and run again."
        )


def digests_on_record(home: Home) -> dict[str, str | None]:
    """SHA-256 of the record of each intake that the ledger has; None where an old line has none."""
    digests: dict[str, str | None] = {}
    for event in Ledger.of(home).events:
        if isinstance(event, Extracted):
            digests[event.intake] = event.record
        if isinstance(event, Erased):
            digests |= {erased.intake: erased.record for erased in event.intakes}
    return digests


def show_intake(folder: Path, record: IntakeRecord) -> None:
    """Fill a folder with what shows an intake: its record, and a link to each landed file.

    The folder lies beside the intakes.
    """
    for table in record.tables:
        landed = OBJECTS / f"{table.sha256}.parquet"
        (folder / f"{table.table}.parquet").symlink_to(landed)
    record.write(folder / RECORD)


def landed_file(folder: Path, table: str) -> Path:
    """The landed file of a table that an intake's folder shows, by a link or as it is in a copy.

    Raises VerificationError where the link leads to anything but a landed file.
    """
    shown = folder / f"{table}.parquet"
    if not shown.is_symlink():
        return shown
    target = shown.readlink()
    if target.parent != OBJECTS or not LANDED_FILE.fullmatch(target.name):
        raise VerificationError(
            f"{shown} leads to {target}, which is no landed file; put the link back as it was."
        )
    return folder / target


def further_file(home: Home, record: IntakeRecord, table: str) -> Path | None:
    """The landed file of a further table of an intake; None where the source had none.

    Raises RefusedError where it does not have the bytes that were landed.
    """
    landed = next((each for each in record.further if each.table == table), None)
    if landed is None:
        return None
    file = home.objects / f"{landed.sha256}.parquet"
    if not file.exists() or files.sha256_of(file) != landed.sha256:
        raise RefusedError(
            f"{file} does not have the bytes that were landed: it has been changed since. Put it "
            "back from a backup, or run again."
        )
    return file


def objects_not_shown(home: Home, records: list[IntakeRecord]) -> list[Path]:
    """The landed files that none of these intakes shows."""
    shown = {table.sha256 for record in records for table in (*record.tables, *record.further)}
    return [path for path in home.landed_files() if path.stem not in shown]
