"""`SHA256SUMS`, the list of the digests of a folder's files, as stock tools write and verify it."""

import re
from pathlib import Path

from orchestration.errors import VerificationError
from orchestration.home import files
from orchestration.home.layout import SUMS

LINE = re.compile(r"([0-9a-f]{64})  (\S.*)")


def listed_in(folder: Path) -> dict[str, str]:
    """The digest of each file that the list of a folder names, by the file's name.

    Raises VerificationError where the list is damaged.
    """
    file = folder / SUMS
    try:
        lines = files.read_kept(file).decode().splitlines()
    except UnicodeDecodeError:
        raise VerificationError(damage(file, "it is no text")) from None
    listed: dict[str, str] = {}
    for number, line in enumerate(lines, start=1):
        found = LINE.fullmatch(line)
        if found is None:
            raise VerificationError(damage(file, f"line {number} is no digest and name"))
        digest, name = found.groups()
        if name in listed:
            raise VerificationError(damage(file, f"line {number} names a file again"))
        listed[name] = digest
    return listed


def damage(file: Path, problem: str) -> str:
    """What is said of a list that is damaged."""
    return f"{file} is damaged: {problem}. Put it back from a backup."
