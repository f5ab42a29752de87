"""Errors that a user can act on, each with the exit code of the contract (How it is used).

Whatever is raised here says what was wrong, where, and what to do; it never holds a person's data.
Other exceptions are defects, but for those of a full or failing disk and of memory, which any step
may meet.
"""

import errno
import re
import shutil
from collections.abc import Sequence
from concurrent.futures.process import BrokenProcessPool

MOST_PROBLEMS = 50
MOST_SHOWN = 5
STORAGE_ERRORS = ("IO Error", "FATAL Error", "Out of Memory Error")
RUST_ERRNO = re.compile(r"\(os error (\d+)\)")
OUT_OF_ADDRESSES = re.compile("can't start new thread|failed to map segment|annot allocate memory")
STORAGE_ERRNOS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EFBIG,
    errno.EIO,
    errno.EROFS,
    errno.EACCES,
    errno.EPERM,
    errno.ENOMEM,
)


def listed(problems: Sequence[object], heading: str) -> str:
    """One problem alone, or several below a heading that counts them, no more than can be read."""
    if len(problems) <= 1:
        return "".join(map(str, problems))
    lines = [heading.format(f"{len(problems):,}")]
    lines += [f"- {problem}" for problem in problems[:MOST_PROBLEMS]]
    if len(problems) > MOST_PROBLEMS:
        lines.append(f"- and {len(problems) - MOST_PROBLEMS:,} more")
    return "\n".join(lines)


class HealthIndexError(Exception):
    """Base of all errors that end a command with a plain message."""

    exit_code = 1


class StorageError(HealthIndexError):
    """A full or failing disk, or too little memory, stopped a step; nothing was decided."""

    def __str__(self) -> str:
        return (
            "Disk or memory error: no partial result was kept. Fix it and run the command again. "
            f"{self.args[0]}"
        )


class OutputError(HealthIndexError):
    """The result could not be written where it was to be shown; what the command did stands."""

    def __str__(self) -> str:
        return (
            "The command is done, but its result could not be written to standard output: "
            f"{self.args[0]}. What it did stands; `uhi status` shows it."
        )


class UnconfirmedError(HealthIndexError):
    """The disk did not confirm a line of the ledger, which stands and counts."""

    def __str__(self) -> str:
        return (
            "The ledger has its new line, which counts, but the disk did not confirm it, so a "
            "power cut may still take it away. Check the disk, then see `uhi status`, and run the "
            f"command again where it does not show what was to be done. {self.args[0]}"
        )


class AlertsError(HealthIndexError):
    """The database of alerts could not be used; no case was changed and nothing is to be sent."""

    def __str__(self) -> str:
        return (
            f"The database of alerts cannot be used: {self.args[0]}. No case was changed. "
            "Fix it and run the command again."
        )


class UsageError(HealthIndexError):
    """Wrong usage, configuration or methodology, found before anything is built.

    Each argument is one problem.
    """

    exit_code = 2

    def __str__(self) -> str:
        return listed(self.args, "There are {} problems:")


class RefusedError(HealthIndexError):
    """Refused by the gate or by a rule of publication."""

    exit_code = 3


class SourceError(HealthIndexError):
    """The source is unreadable or breaks its contract as a whole; each argument is one problem."""

    exit_code = 4

    def __str__(self) -> str:
        return listed(self.args, "The source has {} problems:")


class SourceLostError(SourceError):
    """The source went away, or cannot be reached: nothing more can be read from it."""


class VerificationError(HealthIndexError):
    """A verification found a difference."""

    exit_code = 5


class HomeBusyError(HealthIndexError):
    """Another process works on the same landing or period of the home."""

    exit_code = 75


def storage_reason(error: Exception) -> str | None:
    """What the operating system or DuckDB says of a full or failing disk, or of memory.

    None for any other error.
    """
    if isinstance(error, BrokenProcessPool):
        return "A process that worked on it was killed, as the system does where memory runs out."
    if isinstance(error, MemoryError):
        return "Out of memory."
    if isinstance(error, RuntimeError | ImportError) and OUT_OF_ADDRESSES.search(str(error)):
        return f"Out of memory, or of room for it: {error}."
    if isinstance(error, shutil.Error) or (
        isinstance(error, OSError) and errno_of(error) in STORAGE_ERRNOS
    ):
        return f"{error.strerror}: {error.filename}" if error.filename else str(error)
    return str(error) if str(error).startswith(STORAGE_ERRORS) else None


def errno_of(error: OSError) -> int | None:
    """The number of an error of the system, which libraries in Rust have in its text alone."""
    stated = RUST_ERRNO.search(str(error))
    return int(stated[1]) if error.errno is None and stated else error.errno


def first_few(reasons: Sequence[str], most: int = MOST_SHOWN) -> str:
    """Reasons in one line: the first ones, and how many more there are."""
    more = len(reasons) - most
    return "; ".join(reasons[:most]) + (f"; and {more:,} more" if more > 0 else "")
