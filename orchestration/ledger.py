"""The ledger of a home: what was done, one JSON object a line, each bound to the line before by its SHA-256. Append-only."""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

BEGINNING = "0" * 64


def head(home: Path) -> str:
    """SHA-256 of the ledger's last line; zeros before the first."""
    path = home / "ledger.jsonl"
    if not path.exists():
        return BEGINNING
    lines = path.read_bytes().splitlines()
    return hashlib.sha256(lines[-1]).hexdigest() if lines else BEGINNING


def append(home: Path, event: str, **details: Any) -> None:  # noqa: ANN401
    """Add a line: when, what, and its details. Called by whoever holds the home."""
    entry = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "event": event, **details, "previous": head(home)}
    home.mkdir(parents=True, exist_ok=True)
    with (home / "ledger.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(entry, ensure_ascii=False) + "\n")
        file.flush()
        os.fsync(file.fileno())
