"""The records of the intakes that a landing holds."""

import json
from pathlib import Path
from typing import Any


def intake_records(home: Path) -> list[dict[str, Any]]:
    """What each intake says of itself (`intake.json`), in the order of extraction."""
    paths = (home / "landing" / "intakes").glob("*/intake.json")
    return sorted((json.loads(path.read_text(encoding="utf-8")) for path in paths), key=lambda record: str(record["extracted_at"]))
