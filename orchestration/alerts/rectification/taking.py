"""Takes the platform's rows as actions on open cases, by the rules of every other door.

A row is taken once, whatever was said by other doors before or since: its id is the origin of the
action. It is about the case that was open on the day of the row, and is judged as of that day, for
it may be handed over later.
"""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from orchestration.alerts import acting
from orchestration.alerts.records import Acted, Case, Door, Evaluated, KeptOut, Key
from orchestration.alerts.rectification.reading import BrokenRow, Statement, read_statements
from orchestration.alerts.store import Store, entry_of
from orchestration.alerts.tables import LOG

PLATFORM: Door = "platform"
NO_CASE = "no case of its union, rule and dimension is open that was open on its day"
NOT_PAST = "its day is not past"
TAKEN = f'"door":"{PLATFORM}"'
TOLD = '"kept_out":[{'
Said = tuple[str | None, str, date | None, str | None, str | None]
"""What an action says: origin, action, day, evidence, remark."""


@dataclass
class Doors:
    """What rows are held against: open cases by their run, and what the log has of rows.

    day: today, in the city's time zone.
    """

    cases: dict[Key, Case]
    taken: set[Said]
    told: set[KeptOut]
    day: date


def take(store: Store, file: Path, day: date) -> tuple[KeptOut, ...]:
    """Take the rows of a landed file that were not taken before; returns those that are kept out.

    Each is told once for a reason. day: today, in the city's time zone.
    """
    doors = Doors(
        cases={case.key: case for case in store.open_cases()},
        taken=taken_in(store),
        told=told_in(store),
        day=day,
    )
    kept_out = []
    for row in read_statements(file):
        reason = row.reason if isinstance(row, BrokenRow) else take_row(store, row, doors)
        found = KeptOut(row=row.id, reason=reason) if reason else None
        if found and found not in doors.told:
            doors.told.add(found)
            kept_out.append(found)
    return tuple(kept_out)


def take_row(store: Store, row: Statement, doors: Doors) -> str | None:
    """Take a row that was not taken before; returns why it cannot be, None where it is."""
    said: Said = (row.id, row.action, row.on, row.evidence, row.remark)
    if said in doors.taken:
        return None
    case = doors.cases.get(row.key)
    if case is None or row.acted_on < case.opened_on:
        return NO_CASE
    if row.acted_on > doors.day:
        return NOT_PAST
    acted = action_of(row, case)
    if refusal := acting.refusal_of(acted, case, row.acted_on):
        return refusal.reason
    doors.cases[row.key] = store.append(acted)[case.number]
    doors.taken.add(said)
    return None


def action_of(row: Statement, case: Case) -> Acted:
    """The action on a case that a row states."""
    return Acted(
        case=case.number,
        action=row.action,
        by=PLATFORM,
        door=PLATFORM,
        origin=row.id,
        on=row.on,
        evidence=row.evidence,
        remark=row.remark,
    )


def taken_in(store: Store) -> set[Said]:
    """What the log has of rows that were taken."""
    query = LOG.select().where(LOG.c.entry == "action", LOG.c.body.contains(TAKEN))
    entries = [entry_of(line) for line in store.connection.execute(query).mappings()]
    return {
        (entry.origin, entry.action, entry.on, entry.evidence, entry.remark)
        for entry in entries
        if isinstance(entry, Acted) and entry.door == PLATFORM
    }


def told_in(store: Store) -> set[KeptOut]:
    """The rows that evaluations kept out before."""
    query = LOG.select().where(LOG.c.entry == "evaluation", LOG.c.body.contains(TOLD))
    entries = [entry_of(line) for line in store.connection.execute(query).mappings()]
    return {row for entry in entries if isinstance(entry, Evaluated) for row in entry.kept_out}
