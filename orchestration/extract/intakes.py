"""The records of the intakes that a landing holds."""

from pathlib import Path
from typing import Any

from orchestration import files
from orchestration.errors import RefusedError


def intake_records(home: Path) -> list[dict[str, Any]]:
    """What each intake says of itself (`intake.json`), in the order of extraction."""
    paths = (home / "landing" / "intakes").glob("*/intake.json")
    return sorted((files.read_json(path) for path in paths), key=lambda record: str(record["extracted_at"]))


def intake_record(home: Path, intake: str) -> dict[str, Any]:
    """What one intake says of itself. Raises RefusedError where the landing does not hold it any more."""
    path = home / "landing" / "intakes" / intake / "intake.json"
    if not path.exists():
        raise RefusedError(f"The landing no longer holds the intake {intake}, which alone says what was read; run the period again.")
    record: dict[str, Any] = files.read_json(path)
    return record
