"""Erasing one person from the landing, on their request under the law (PIPL, article 47).

The person is found by the pseudonym of the identity number among the members of every intake, and
by the memberships found so in every intake of the same source. What is left is written anew
(`renewal.py`), and what the home made of it is named (`accounts.py`). Neither the person nor the
number nor the pseudonym is kept, logged or told.
"""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import RefusedError, UsageError
from orchestration.extract import pseudonyms
from orchestration.extract.intakes import intake_records
from orchestration.extract.landing import working_connection
from orchestration.home import files, locks
from orchestration.home.layout import Home
from orchestration.home.records.intake import (
    ErasedIntake,
    ErasureStatement,
    IntakeRecord,
)
from orchestration.plain_text import LONGEST_REASON, stated_line
from orchestration.privacy.accounts import accounts_in, path_in, places_made_of
from orchestration.privacy.person import LandedRows, Person, pseudonym_of
from orchestration.privacy.renewal import changes, renewed_records
from orchestration.privacy.replacement import decide, finish_erasure, remove_unfinished
from orchestration.screen import Progress
from orchestration.settings import Settings
from orchestration.signatures.people import person_name
from quality.nouns import counted_noun
from quality.personal import names_number, personal_kinds


@dataclass(frozen=True)
class Erasure:
    """What an erasure takes out of the landing, or would.

    memberships: how many the person has; intakes: of each that changes its name, its digest before
    and after (None of a dry run), and the rows taken out by table; finished: the same of an erasure
    that was interrupted before, and is finished; made_of: folders of the home that are made of
    these intakes; accounts: of those whose account of refused and merged rows names rows of the
    person by their key, how many; other_key: intakes that could not be searched, their pseudonyms
    being made with another key.
    """

    dry_run: bool
    memberships: int
    intakes: list[ErasedIntake]
    finished: list[ErasedIntake]
    made_of: list[str]
    accounts: dict[str, int]
    other_key: list[str]

    def as_json(self) -> dict[str, Any]:
        """The same as JSON."""
        return vars(self) | {
            "intakes": [intake.as_json() for intake in self.intakes],
            "finished": [intake.as_json() for intake in self.finished],
        }


@dataclass(frozen=True)
class Intakes:
    """The intakes of a landing, by whether a person can be searched in them.

    records: of all intakes; searched: of those whose pseudonyms are made with the key at hand;
    other_key: names of the others.
    """

    records: list[IntakeRecord]
    searched: list[IntakeRecord]
    other_key: list[str]


@dataclass(frozen=True)
class Found:
    """What the landing has of a person.

    rows: by landed file; keys: table and key of each row; memberships: how many.
    """

    rows: list[LandedRows]
    keys: list[tuple[str, str]]
    memberships: int


def erase(
    settings: Settings,
    number: str,
    by: str,
    reason: str,
    progress: Progress,
    *,
    dry_run: bool,
) -> Erasure:
    """Take every row about the person with an identity number out of the landing.

    With `dry_run`, only say what it would be. An erasure that was interrupted is finished first.
    What a watcher worked with is removed. Raises UsageError for a number that is none, that nobody
    has, or that the reason has in it, HomeBusyError while a watcher is at work.
    """
    home = settings.home
    key = pseudonyms.pseudonym_key(settings)
    pseudonym = pseudonym_of(number, key)
    stated = ledger_statement(number, by, reason)
    subjects = [locks.LANDING] if dry_run else [locks.WATCH, locks.LANDING]
    with locks.held(home, *subjects):
        if home.watch.exists() and not dry_run:
            shutil.rmtree(home.watch)
        finished = finished_before(home, dry_run=dry_run)
        intakes = intakes_of(home, key)
        with open_person(home, intakes, key, pseudonym) as (person, work):
            found = find_person(home, person, intakes, may_be_nobody=bool(finished))
            renewed = (
                []
                if dry_run
                else renewed_records(person, found.rows, intakes.records, work, progress)
            )
        changed = list(changes(intakes.records, found.rows, renewed))
        replace_intakes(home, stated, changed, renewed)
    return outcome(home, intakes, found, changed, finished, dry_run=dry_run)


def ledger_statement(
    number: str,
    by: str,
    reason: str,
) -> dict[str, str]:
    """Who erases and why, as the ledger keeps it.

    Raises UsageError where one is not plain text, or has the identity number in it, however that is
    written, or the number of anybody else.
    """
    for text in (by, reason):
        if names_number(text, number) or any(personal_kinds(text)):
            raise UsageError(
                "The ledger keeps the name and the reason for good: they must have no identity "
                "number and no phone number in them, in whatever form. Name the request by its "
                "date or file number."
            )
    return {
        "by": person_name(by),
        "reason": stated_line(reason, "An erasure needs a reason", LONGEST_REASON),
    }


def finished_before(home: Home, *, dry_run: bool) -> list[ErasedIntake]:
    """Finish an erasure that was interrupted, and remove what other interrupted steps left.

    Returns the intakes that it changed. A dry run changes nothing; it raises RefusedError where an
    erasure was interrupted.
    """
    if dry_run:
        if home.erasure.exists():
            raise RefusedError(
                "An erasure was interrupted; run the command without --dry-run, "
                "which finishes that one first."
            )
        return []
    entry = finish_erasure(home)
    remove_unfinished(home)
    return list(entry.intakes) if entry else []


def intakes_of(home: Home, key: bytes) -> Intakes:
    """The intakes of a home's landing; only those made with the key can be searched."""
    records = intake_records(home)
    identifier = pseudonyms.key_identifier(key)
    searched = [record for record in records if record.pseudonym_key == identifier]
    other_key = [record.intake for record in records if record not in searched]
    return Intakes(records, searched, other_key)


@contextmanager
def open_person(
    home: Home, intakes: Intakes, key: bytes, pseudonym: str
) -> Iterator[tuple[Person, Path]]:
    """The person in a landing, and a folder to work in, which is removed at the end."""
    with (
        files.scratch_folder(home.landing / ".erasing") as work,
        working_connection(work, key) as connection,
    ):
        yield Person(connection, home, intakes.searched, pseudonym), work


def find_person(
    home: Home,
    person: Person,
    intakes: Intakes,
    *,
    may_be_nobody: bool,
) -> Found:
    """What all intakes have of the person.

    Raises UsageError where there is nothing, unless it may be so.
    """
    rows = person.rows(intakes.records)
    if not rows and not may_be_nobody:
        other_key = counted_noun(len(intakes.other_key), "other")
        others = (
            f"; {other_key}, made with another key, could not be searched"
            if intakes.other_key
            else ""
        )
        raise UsageError(
            f"Nobody with this number is in {home}, of which "
            f"{counted_noun(len(intakes.searched), 'intake was', 'intakes were')} searched{others}."
        )
    keys = [(landed.table.name, key) for landed in rows for key in person.keys(landed)]
    memberships = {
        name
        for tables in person.memberships.values()
        for names in tables.values()
        for name in names
    }
    return Found(rows, keys, len(memberships))


def replace_intakes(
    home: Home,
    stated: dict[str, str],
    changed: list[ErasedIntake],
    renewed: list[IntakeRecord],
) -> None:
    """Decide that intakes are to have the renewed records, and do what that takes.

    Without such records, nothing is done.
    """
    if renewed:
        decide(home, ErasureStatement(**stated, intakes=tuple(changed)), renewed)
        finish_erasure(home)


def outcome(
    home: Home,
    intakes: Intakes,
    found: Found,
    changed: list[ErasedIntake],
    finished: list[ErasedIntake],
    *,
    dry_run: bool,
) -> Erasure:
    """What was erased, and what in the home is made of the intakes that changed."""
    made_of = places_made_of(home, [*changed, *finished])
    return Erasure(
        dry_run=dry_run,
        memberships=found.memberships,
        intakes=changed,
        finished=finished,
        made_of=sorted(path_in(home, place) for place in made_of),
        accounts=accounts_in(home, made_of, found.keys),
        other_key=intakes.other_key,
    )
