"""Errors that a user can act on, each with the exit code of the contract (How it is used).

Whatever is raised here says what was wrong, where, and what to do; it never holds a person's data. Other exceptions are defects.
"""


class HealthIndexError(Exception):
    """Base of all errors that end a command with a plain message."""

    exit_code = 1


class UsageError(HealthIndexError):
    """Wrong usage, configuration or methodology, found before anything is built."""

    exit_code = 2


class RefusedError(HealthIndexError):
    """Refused by the gate or by a rule of publication."""

    exit_code = 3


class SourceError(HealthIndexError):
    """The source is unreadable or breaks its contract as a whole."""

    exit_code = 4


class VerificationError(HealthIndexError):
    """A verification found a difference."""

    exit_code = 5


class HomeBusyError(HealthIndexError):
    """Another process holds this home."""

    exit_code = 75
