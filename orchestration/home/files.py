"""Files that must be whole or not there: digests and atomic writes."""

import hashlib
import json
import os
import shutil
import stat
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from orchestration.errors import HealthIndexError

CHUNK = 2**24
OWNER_ALONE = 0o700
FILE_OF_OWNER = 0o600
PATTERNS = "*?[]{}=\\"


def sha256_of(path: Path) -> str:
    """SHA-256 of a file's bytes, hexadecimal.

    Read in few large pieces (bytes), for between two of them a thread waits until the one that
    computes lets it go on.
    """
    digest = hashlib.sha256()
    with path.open("rb", buffering=0) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def digest_of(parts: dict[str, str]) -> str:
    """One SHA-256 over named digests, whatever their order."""
    return hashlib.sha256(
        "".join(f"{name} {digest}\n" for name, digest in sorted(parts.items())).encode()
    ).hexdigest()


def to_json(content: Any) -> str:  # noqa: ANN401
    """JSON as this project writes it: readable, in UTF-8, without infinities."""
    return json.dumps(content, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def path_problem(path: Path) -> str | None:
    """Why DuckDB or dbt would not read a path as it stands; None where they would.

    DuckDB takes some characters for patterns and columns, or reads them otherwise; dbt, for code.
    """
    control = any(unicodedata.category(letter) == "Cc" for letter in str(path))
    if not control and not set(PATTERNS) & set(str(path)):
        return None
    return (
        f"the path {str(path)!r} has a control character or one of {' '.join(PATTERNS)}, which"
        " stand for others where it is read; choose a path without them"
    )


def read_json(
    file: Path, error: type[HealthIndexError] = HealthIndexError, holding: type = dict
) -> Any:  # noqa: ANN401
    """What a JSON file holds: an object, or what is `holding`.

    Raises `error` where it is cut, empty or something else.
    """
    try:
        content = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, RecursionError):
        content = None
    if not isinstance(content, holding):
        raise error(
            f"{file} is damaged: it is no JSON as it was written. Put it back from a backup."
        )
    return content


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Errors of a file that is open already name it, too."""
    try:
        yield
    except OSError as error:
        error.filename = error.filename or str(path)
        raise


def sync_folder(folder: Path) -> None:
    """Make the names in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        with naming(folder):
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sync_tree(folder: Path) -> None:
    """Make every file and name below a folder durable."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file, naming(path):
                os.fsync(file.fileno())
        elif path.is_dir():
            sync_folder(path)
    sync_folder(folder)


def write_atomically(path: Path, text: str, partial: Path | None = None) -> None:
    """Replace a file by new text; a reader sees the old or the new one whole.

    It is written as `partial` first, by default beside it.
    """
    write_bytes_atomically(path, text.encode(), partial)


def write_bytes_atomically(path: Path, content: bytes, partial: Path | None = None) -> None:
    """The same with bytes."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = partial or path.with_name(f".{path.name}.partial")
    with naming(partial), partial.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def keep_private(folder: Path) -> None:
    """Let a folder be for its owner alone; it is made where there is none."""
    folder.mkdir(OWNER_ALONE, parents=True, exist_ok=True)
    if stat.S_IMODE(folder.stat().st_mode) != OWNER_ALONE:
        folder.chmod(OWNER_ALONE)


@contextmanager
def fresh_folder(folder: Path) -> Iterator[Path]:
    """An empty folder to build in; removed again where building fails."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    try:
        yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


@contextmanager
def scratch_folder(folder: Path) -> Iterator[Path]:
    """An empty folder to work in, removed in the end: what is to stay is moved out of it."""
    with fresh_folder(folder):
        yield folder
        shutil.rmtree(folder, ignore_errors=True)


def rename_folder(built: Path, final: Path) -> None:
    """Move a built folder to its final name, where nothing may stand, durably and in one step."""
    final.parent.mkdir(parents=True, exist_ok=True)
    sync_tree(built)
    built.rename(final)
    sync_folder(final.parent)


def replace_folder(built: Path, final: Path) -> None:
    """Put a built folder in the place of an older one, so that no reader sees half of either.

    The older one is moved aside first.
    """
    aside = final.with_name(f".{final.name}-superseded")
    shutil.rmtree(aside, ignore_errors=True)
    if final.exists():
        final.rename(aside)
    rename_folder(built, final)
    shutil.rmtree(aside, ignore_errors=True)


def point_to(link: Path, target: Path) -> None:
    """Make a symbolic link show a sibling folder, replacing an older link in one step."""
    link.parent.mkdir(parents=True, exist_ok=True)
    partial = link.with_name(f".{link.name}.partial")
    partial.unlink(missing_ok=True)
    partial.symlink_to(os.path.relpath(target, link.parent))
    partial.replace(link)
    sync_folder(link.parent)
