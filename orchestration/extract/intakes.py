"""The intakes of a landing: their records, how each shows its files, and files that none shows."""

from pathlib import Path
from typing import Any

from orchestration.errors import RefusedError
from orchestration.home import files
from orchestration.home.layout import intake_folders, landed_files


def intake_records(home: Path) -> list[dict[str, Any]]:
    """What each intake says of itself (`intake.json`), in the order of extraction."""
    records = [files.read_json(folder / "intake.json") for folder in intake_folders(home)]
    return sorted(records, key=lambda record: str(record["extracted_at"]))


def intake_record(home: Path, intake: str) -> dict[str, Any]:
    """What one intake says of itself.

    Raises RefusedError where the landing does not hold it any more.
    """
    path = home / "landing" / "intakes" / intake / "intake.json"
    if not path.exists():
        raise RefusedError(
            f"The landing no longer holds the intake {intake}, which alone says what was read; "
            "run the period again."
        )
    record: dict[str, Any] = files.read_json(path)
    return record


def show_intake(folder: Path, record: dict[str, Any]) -> None:
    """Fill a folder with what shows an intake: its record, and a link to each landed file.

    The folder lies beside the intakes.
    """
    for entry in record["tables"]:
        (folder / f"{entry['table']}.parquet").symlink_to(
            Path("../../objects") / f"{entry['sha256']}.parquet"
        )
    files.write_atomically(folder / "intake.json", files.to_json(record))


def objects_not_shown(home: Path, records: list[dict[str, Any]]) -> list[Path]:
    """The landed files that none of these intakes shows."""
    shown = {entry["sha256"] for record in records for entry in record["tables"]}
    return [path for path in landed_files(home) if path.stem not in shown]


def erased_since(record: dict[str, Any], digest: str) -> list[str]:
    """When rows about persons were erased from an intake since its landing had a digest."""
    erasures = record.get("erasures", [])
    before = [erasure["digest_before"] for erasure in erasures]
    return (
        [erasure["at"] for erasure in erasures[before.index(digest) :]] if digest in before else []
    )
