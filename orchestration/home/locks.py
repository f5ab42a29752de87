"""The locks of a home: of its landing, of each period, and, for a moment, of what all write.

Whoever reads the source or builds holds the landing, so one run goes on at a time. Whoever builds,
prepares, approves or publishes a period holds that period: so one period can be approved while
another is built. The ledger and the pointer to the releases in force are held while written.
Alerts have a lock of their own. A release waits for it only where an evaluation was killed before
it wrote the cases that go into the release.
"""

import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

from filelock import FileLock, Timeout

from orchestration.errors import HomeBusyError
from orchestration.home import files
from orchestration.home.layout import Home

LANDING = "landing"
LEDGER = "ledger"
ALERTS = "alerts"
NOTICES = "notices"
WATCH = "watch"
SOURCE_CHECK = "source-check"
POLL_SECONDS = 0.2
WRITING_SECONDS = 60.0
OTHERS_WRITE = 0o022  # permissions of group and others to write


@contextmanager
def held(home: Home, *subjects: str, wait_seconds: float = 0) -> Iterator[None]:
    """Hold subjects of a home alone, in the order given; a process may hold one twice.

    subjects: LANDING, ALERTS, NOTICES, WATCH, SOURCE_CHECK, or a period; wait_seconds: how long
    each is waited for where another process holds it. Raises HomeBusyError after that.

    What is not released yet, or no longer, lies in directories readable by the owner only, and
    nobody else may write what is written meanwhile.
    """
    with ExitStack() as stack:
        stack.enter_context(written_by_owner())
        home.folder.mkdir(parents=True, exist_ok=True)
        for room in home.private:
            files.keep_private(room)
        for subject in subjects:
            stack.enter_context(lock_of(home, subject, wait_seconds))
        yield


@contextmanager
def written_by_owner() -> Iterator[None]:
    """Let nobody else write what this process writes, whatever the umask that it began with."""
    given = os.umask(OTHERS_WRITE)
    os.umask(given | OTHERS_WRITE)
    try:
        yield
    finally:
        os.umask(given)


@contextmanager
def lock_of(home: Home, subject: str, wait_seconds: float) -> Iterator[None]:
    """Hold one subject of a home. Raises HomeBusyError."""
    lock = FileLock(home.locks / subject, is_singleton=True)
    try:
        lock.acquire(timeout=wait_seconds, poll_interval=POLL_SECONDS)
    except Timeout:
        raise HomeBusyError(
            f"Another process works on {subject} in {home}; wait for it to end."
        ) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def writing(home: Home) -> Iterator[None]:
    """Hold what work on different periods writes alike: the ledger, and what is in force.

    Another process writes for a moment only, and is waited for.
    """
    with held(home, LEDGER, wait_seconds=WRITING_SECONDS):
        yield
