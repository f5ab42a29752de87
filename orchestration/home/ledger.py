"""The ledger of a home: what was done, one JSON object a line. Append-only.

Each line is bound to the line before by its SHA-256.
"""

import hashlib
import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import RefusedError
from orchestration.home import files

BEGINNING = "0" * 64


def complete_lines(home: Path) -> list[bytes]:
    """The ledger's lines; what follows the last line break was never completed, and is none."""
    path = home / "ledger.jsonl"
    content = path.read_bytes() if path.exists() else b""
    return content[: content.rfind(b"\n") + 1].splitlines()


def head(home: Path) -> str:
    """SHA-256 of the ledger's last line; zeros before the first."""
    lines = complete_lines(home)
    return hashlib.sha256(lines[-1]).hexdigest() if lines else BEGINNING


def entries(home: Path) -> list[dict[str, Any]]:
    """All lines in order. Raises RefusedError where a line is not bound to the one before it."""
    found, previous = [], BEGINNING
    for number, line in enumerate(complete_lines(home), start=1):
        try:
            entry = json.loads(line)
        except (ValueError, RecursionError):
            entry = None
        if not isinstance(entry, dict):
            raise RefusedError(
                f"Line {number} of the ledger cannot be read; the ledger has been edited."
            )
        if entry.get("previous") != previous:
            raise RefusedError(
                f"Line {number} of the ledger is not bound to the line before it; "
                "the ledger has been edited."
            )
        found.append(entry)
        previous = hashlib.sha256(line).hexdigest()
    return found


def append(home: Path, event: str, **details: Any) -> None:  # noqa: ANN401
    """Add a line: when, what, and its details. Called by whoever holds the home."""
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "event": event,
        **details,
        "previous": head(home),
    }
    home.mkdir(parents=True, exist_ok=True)
    path = home / "ledger.jsonl"
    with files.naming(path), path.open("ab") as file:
        file.truncate(sum(len(line) + 1 for line in complete_lines(home)))
        file.write(json.dumps(entry, ensure_ascii=False).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())
