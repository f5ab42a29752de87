"""How the checks of a release read its files."""

import csv
import hashlib
import json
from pathlib import Path
from typing import Any

from quality.connection import reading
from quality.nouns import counted_noun

EDITIONS = ("internal", "public")
# No JSON file of a release comes near this (bytes).
MOST_BYTES = 64 * 2**20

Json = dict[str, Any]
Cells = tuple[Any, ...]


def read_json(file: Path) -> Json:
    """A JSON object. Raises ValueError where its file is larger than any that is written."""
    size = file.stat().st_size
    if size > MOST_BYTES:
        found = counted_noun(size, "byte")
        message = f"{file.name} has {found}; at most {MOST_BYTES:,} are read"
        raise ValueError(message)
    content: Json = json.loads(file.read_text(encoding="utf-8"))
    return content


def read_rows(query: str, **parameters: object) -> list[Cells]:
    """The rows of a query over files; its parameters, by name: paths, texts, lists of texts."""
    values = {
        name: value if isinstance(value, list) else str(value) for name, value in parameters.items()
    }
    with reading() as connection:
        return connection.execute(query, values).fetchall()


def read_csv(file: Path) -> list[dict[str, str]]:
    """The rows of a CSV file, by column."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines, strict=True))


def csv_header(file: Path) -> list[str]:
    """The names of the columns of a CSV file."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return next(csv.reader(lines, strict=True))


def sha256_of(file: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    with file.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def files_below(folder: Path, pattern: str = "*") -> dict[str, Path]:
    """The files in a folder and in those below it, by their name below the folder, sorted."""
    files = sorted(path for path in folder.rglob(pattern) if path.is_file())
    return {file.relative_to(folder).as_posix(): file for file in files}
