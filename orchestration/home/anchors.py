"""What releases say of the ledger: its head when each was prepared, and when it was published.

The hash of a line that was written before a release and changed since is not the one that the
release carries, whatever was made of the lines after it.
"""

from collections.abc import Collection, Iterator
from pathlib import Path

from orchestration.errors import RefusedError
from orchestration.home.layout import (
    PREPARATION_RECORD,
    PUBLICATION_RECORD,
    Home,
    period_folders,
    release_folders,
)
from orchestration.home.records.release import PreparationRecord, PublicationRecord

KINDS = ((PREPARATION_RECORD, PreparationRecord), (PUBLICATION_RECORD, PublicationRecord))


def anchored_in(home: Home) -> Iterator[Path]:
    """The folders of a home that carry heads of its ledger: releases, and what is prepared."""
    yield from release_folders(home.releases)
    yield from release_folders(home.retracted)
    yield from period_folders(home.preparations)


def heads_in(place: Path) -> Iterator[tuple[Path, str]]:
    """The heads of the ledger that a folder carries, each with the file that says so.

    Raises VerificationError where a record is damaged.
    """
    for name, kind in KINDS:
        if (place / name).is_file():
            yield place / name, kind.read(place / name).ledger_head


def check_anchors(home: Home, heads: Collection[str]) -> None:
    """The ledger is the one that the home's releases were made on.

    heads: those that it had, line by line. Raises RefusedError naming the first file that says
    otherwise, VerificationError where one is damaged.
    """
    for place in anchored_in(home):
        for file, head in heads_in(place):
            if head not in heads:
                raise RefusedError(
                    f"The ledger is not the one that {file} was made on: it was edited or cut "
                    "since. `uhi ledger verify` says more; put it back from a backup."
                )
