"""Files that must be whole or not there: digests and atomic writes."""

import hashlib
import json
import os
import shutil
import stat
import unicodedata
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from io import RawIOBase
from pathlib import Path
from typing import Any

from orchestration import guarded
from orchestration.errors import HealthIndexError, VerificationError

CHUNK = 2**24
# No record, list or signature that is kept comes near this (bytes); the ledger alone may.
MOST_KEPT = 64 * guarded.MEBIBYTE
OWNER_ALONE = 0o700
FILE_OF_OWNER = 0o600
PATTERNS = "*?[]{}=\\"


def sha256_of(path: Path) -> str:
    """SHA-256 of a plain file's bytes, hexadecimal.

    Read in few large pieces (bytes), for between two of them a thread waits until the one that
    computes lets it go on. Raises VerificationError where the path is a link, a pipe or a device,
    or nothing is there, OSError where it cannot be read.
    """
    digest = hashlib.sha256()
    with guarded.open_kept(path, VerificationError) as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()


def is_plain(path: Path) -> bool:
    """Whether a path is that of a plain file, and not of a link to one."""
    return path.is_file() and not path.is_symlink()


def changed_tables(folder: Path, digests: Mapping[str, str]) -> list[str]:
    """The tables whose Parquet files in a folder do not have the bytes of their digests."""
    paths = {name: folder / f"{name}.parquet" for name in digests}
    return [
        name
        for name, path in paths.items()
        if not is_plain(path) or sha256_of(path) != digests[name]
    ]


def read_kept(
    path: Path,
    error: type[HealthIndexError] = VerificationError,
    most_bytes: int | None = MOST_KEPT,
) -> bytes:
    """The bytes of a plain file of a home or a release, of at most `most_bytes`; None: of any size.

    Raises `error` where the path is a link, a pipe or a device, or the file is larger or gone,
    OSError where it cannot be read.
    """
    with guarded.open_kept(path, error) as file:
        return file.read() if most_bytes is None else guarded.bounded(file, path, error, most_bytes)


def plain_files(folder: Path) -> dict[str, Path]:
    """The files of a folder and of those below it, by their name below it, sorted by it.

    Whatever reads, judges, seals, moves or verifies a candidate, what is prepared, a release or a
    public edition goes by this list, so nothing in it lies elsewhere, or changes with something
    that does. Links to a landed file, in the folder of an intake, and from a period to the folder
    of its candidate are the only ones in a home (`extract.intakes`, `Home.built_candidate`).

    Empty where there is no such folder. Raises VerificationError naming the first entry that is
    neither a plain file nor a folder, the folder itself among them.
    """
    if not os.path.lexists(folder):
        return {}
    check_is_folder(folder)
    found = {}
    for entry in entries_below(folder):
        if entry.is_file(follow_symlinks=False):
            path = Path(entry.path)
            found[path.relative_to(folder).as_posix()] = path
        elif not entry.is_dir(follow_symlinks=False):
            kind = "a link" if entry.is_symlink() else "a pipe, a socket or a device"
            raise VerificationError(
                f"{entry.path} is {kind}, where only plain files and folders may be; take it away."
            )
    return dict(sorted(found.items()))


def check_is_folder(folder: Path) -> None:
    """Raise VerificationError where a folder is none, or a link to one."""
    if not stat.S_ISDIR(folder.lstat().st_mode):
        raise VerificationError(f"{folder} is no folder, or a link to one; give the folder itself.")


def entries_below(folder: Path) -> Iterator["os.DirEntry[str]"]:
    """What lies in a folder and in those below it; no link is followed."""
    with os.scandir(folder) as opened:
        entries = list(opened)
    for entry in entries:
        yield entry
        if entry.is_dir(follow_symlinks=False):
            yield from entries_below(Path(entry.path))


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


def parse_json(content: bytes) -> Any:  # noqa: ANN401
    """What JSON in UTF-8 holds.

    Raises ValueError where it is none, where a key is there twice, so that two readers may read two
    things, or where it has what JSON has no word for (NaN).
    """
    try:
        return json.loads(
            content.decode(), object_pairs_hook=of_unique_keys, parse_constant=no_number
        )
    except RecursionError:
        raise ValueError("it is nested too deep") from None


def of_unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object of JSON. Raises ValueError where a key is there twice."""
    found = dict(pairs)
    if len(found) < len(pairs):
        raise ValueError("a key is there twice")
    return found


def no_number(word: str) -> None:
    """Raise ValueError for a word of JavaScript that JSON does not have."""
    raise ValueError(f"{word} is no number")


def read_json(
    file: Path, error: type[HealthIndexError] = VerificationError, holding: type = dict
) -> Any:  # noqa: ANN401
    """What a JSON file holds: an object, or what is `holding`.

    Raises `error` where it is cut, empty or something else.
    """
    try:
        content = parse_json(read_kept(file, error))
    except ValueError:
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
    """Make every file and name below a folder durable; links count as names."""
    for entry in entries_below(folder):
        path = Path(entry.path)
        if entry.is_file(follow_symlinks=False):
            with guarded.open_kept(path, VerificationError) as file, naming(path):
                os.fsync(file.fileno())
        elif entry.is_dir(follow_symlinks=False):
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
    partial.unlink(missing_ok=True)
    with naming(partial), partial.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)
    sync_folder(path.parent)


def write_whole(file: RawIOBase, content: bytes) -> None:
    """Write all bytes to an unbuffered file, which leaves none of them to be written later."""
    while content:
        content = content[file.write(content) or 0 :]


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
    """Move a built folder to its final name, where nothing may stand, durably and in one step.

    Raises VerificationError where it is a link to a folder.
    """
    check_is_folder(built)
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
