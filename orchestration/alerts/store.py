"""The log of alerts and its cases, as the database keeps them (`database.py`)."""

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, RowMapping, Select, bindparam, func, select

from orchestration.alerts.database import transaction
from orchestration.alerts.evaluation import Known
from orchestration.alerts.fold import cases_of, changed_by, numbers_in
from orchestration.alerts.records import (
    ENTRIES,
    Acted,
    AnyEntry,
    Case,
    Evaluated,
    HandedIn,
    Notified,
    PassedOver,
    Silenced,
)
from orchestration.alerts.tables import CASES, LOG
from orchestration.errors import VerificationError
from orchestration.settings import Settings

REMEMBERED = 4096  # entries
DAMAGED = "Entry {number} of the log of alerts is damaged; put the database back from a backup."


@dataclass(frozen=True)
class Mark:
    """How far a log is: the number of an entry, and the SHA-256 of what it says."""

    number: int
    digest: str


@dataclass(frozen=True)
class Store:
    """An open database of alerts, in a transaction that ends with the command."""

    connection: Connection

    def append(self, entry: AnyEntry) -> dict[int, Case]:
        """Write an entry and what it changes; returns the changed cases by their number."""
        changed = changed_by(entry, self.named_in(entry))
        line = {
            "number": self.last_number() + 1,
            "at": entry.at,
            "entry": entry.entry,
            "body": entry.model_dump_json(exclude_none=True),
        }
        self.connection.execute(LOG.insert(), line)
        self.keep(list(changed.values()))
        return changed

    def last_number(self) -> int:
        """The number of the log's last entry; 0 without one."""
        return self.connection.scalar(select(func.max(LOG.c.number))) or 0

    def named_in(self, entry: AnyEntry) -> dict[int, Case]:
        """The cases that there are of those that an entry may name."""
        if isinstance(entry, PassedOver | HandedIn):
            return {}
        if isinstance(entry, Evaluated):
            cases = self.open_cases()
        else:
            cases = self.cases_in(CASES.select().where(CASES.c.number.in_(numbers_in(entry))))
        return {case.number: case for case in cases}

    def keep(self, cases: Sequence[Case]) -> None:
        """Write cases as they are now."""
        if cases:
            numbers = [{"changed": case.number} for case in cases]
            self.connection.execute(
                CASES.delete().where(CASES.c.number == bindparam("changed")), numbers
            )
            self.connection.execute(CASES.insert(), [row_of(case) for case in cases])

    def entries(self, last: int | None = None) -> Iterator[AnyEntry]:
        """The entries of the log, in their order; last: the number of the last one, of all.

        Raises VerificationError where one is damaged.
        """
        query = LOG.select().order_by(LOG.c.number)
        if last is not None:
            query = query.where(LOG.c.number <= last)
        for line in self.connection.execute(query).mappings():
            yield entry_of(line)

    def mark(self, number: int | None = None) -> Mark | None:
        """How far the log is, by its last entry or the one of a number; None where there is none.

        No other log has the same mark.
        """
        query = LOG.select().order_by(LOG.c.number.desc()).limit(1)
        if number is not None:
            query = query.where(LOG.c.number == number)
        line = self.connection.execute(query).mappings().first()
        return mark_of(line) if line else None

    def evaluation_of(self, verdict: str) -> Mark | None:
        """The entry of the evaluation of a verdict; None where it was not evaluated.

        verdict: its SHA-256.
        """
        query = LOG.select().where(LOG.c.entry == "evaluation", LOG.c.body.contains(verdict))
        line = self.connection.execute(query).mappings().first()
        return mark_of(line) if line else None

    def cases(self) -> list[Case]:
        """All cases, in their order."""
        return self.cases_in(CASES.select())

    def case(self, number: int) -> Case | None:
        """A case by its number; None without one."""
        return next(iter(self.cases_in(CASES.select().where(CASES.c.number == number))), None)

    def open_cases(self) -> list[Case]:
        """The cases that are not closed, in their order."""
        return self.cases_in(CASES.select().where(CASES.c.closed_on.is_(None)))

    def cases_in(self, query: Select[Any]) -> list[Case]:
        """The cases of a query, in their order."""
        rows = self.connection.execute(query.order_by(CASES.c.number)).mappings()
        return [case_of(row) for row in rows]

    def people(self) -> set[str]:
        """The names of those who did something about a case."""
        acting = Acted | HandedIn | Silenced
        return {entry.by for entry in self.entries() if isinstance(entry, acting)}

    def known(self) -> Known:
        """What an evaluation must know of the cases."""
        cases = self.cases()
        return Known(
            open_cases={case.key: case for case in cases if case.closed_on is None},
            last_closed={case.key: case for case in cases if case.closed_on},
            next_number=len(cases) + 1,
        )

    def last_evaluated(self) -> Evaluated | None:
        """The last evaluation; None before the first."""
        query = LOG.select().where(LOG.c.entry == "evaluation").order_by(LOG.c.number.desc())
        line = self.connection.execute(query.limit(1)).mappings().first()
        entry = entry_of(line) if line else None
        return entry if isinstance(entry, Evaluated) else None

    def last_about(self, period: str) -> Evaluated | PassedOver | None:
        """The last entry on whether a month's candidate was evaluated; None without one."""
        about = LOG.c.entry.in_(["evaluation", "passed_over"])
        query = LOG.select().where(about).order_by(LOG.c.number.desc())
        for line in self.connection.execute(query).mappings():
            entry = entry_of(line)
            if isinstance(entry, Evaluated | PassedOver) and entry.period == period:
                return entry
        return None

    def acted_on_since_evaluation(self) -> list[Case]:
        """The cases about which something was done or told since the last evaluation."""
        evaluations = select(LOG.c.number).where(LOG.c.entry == "evaluation")
        last = self.connection.scalar(evaluations.order_by(LOG.c.number.desc()).limit(1)) or 0
        lines = self.connection.execute(LOG.select().where(LOG.c.number > last)).mappings()
        numbers = {
            number
            for entry in map(entry_of, lines)
            if isinstance(entry, Acted | Silenced | Notified)
            for number in numbers_in(entry)
        }
        return self.cases_in(CASES.select().where(CASES.c.number.in_(numbers)))

    def handed_in(self, sheet: str) -> set[int]:
        """The cases whose rows were taken of a sheet before; sheet: SHA-256 of its file."""
        lines = self.connection.execute(LOG.select().where(LOG.c.entry == "sheet")).mappings()
        entries = [entry_of(line) for line in lines]
        return {
            number
            for entry in entries
            if isinstance(entry, HandedIn) and entry.sheet == sheet
            for number in entry.cases
        }

    def check(self) -> int:
        """How many entries the log has, from which the cases follow as they are kept.

        Raises VerificationError where they do not.
        """
        entries = list(self.entries())
        if cases_of(entries) != {case.number: case for case in self.cases()}:
            raise VerificationError(
                "The cases of alerts are not those that follow from their log; put the database "
                "back from a backup."
            )
        return len(entries)


def mark_of(line: RowMapping) -> Mark:
    """The mark of a line of the log."""
    return Mark(line["number"], hashlib.sha256(line["body"].encode()).hexdigest())


def entry_of(line: RowMapping) -> AnyEntry:
    """The entry of a line of the log. Raises VerificationError where it is damaged."""
    try:
        return entry_in(line["body"])
    except ValueError:
        raise VerificationError(DAMAGED.format(number=line["number"])) from None


@lru_cache(maxsize=REMEMBERED)
def entry_in(body: str) -> AnyEntry:
    """The entry that a line's body says. Raises ValidationError, a ValueError."""
    return ENTRIES.validate_json(body)


def row_of(case: Case) -> dict[str, Any]:
    """The row of a case."""
    return {"state": case.state} | case.model_dump()


def case_of(row: RowMapping) -> Case:
    """The case of a row."""
    return Case(**{name: row[name] for name in Case.model_fields})


@contextmanager
def opened(settings: Settings) -> Iterator[Store]:
    """The database of alerts, for one command: written whole at its end, or not at all.

    Raises HomeBusyError, UsageError and AlertsError as `transaction` does.
    """
    with transaction(settings) as connection:
        yield Store(connection)
