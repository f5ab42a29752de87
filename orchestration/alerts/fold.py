"""How cases follow from the log: the same entries in the same order give the same cases.

The order of what one evaluation changed does not matter, for it names each case at most once in
each of its lists, and what it opens it does not change besides.
"""

from collections.abc import Iterable, Iterator, Mapping

from orchestration.alerts.records import (
    Acted,
    AnyEntry,
    Case,
    Evaluated,
    HandedIn,
    Notified,
    Opened,
    PassedOver,
    Silenced,
)
from orchestration.errors import VerificationError

Cases = Mapping[int, Case]


def cases_of(entries: Iterable[AnyEntry]) -> dict[int, Case]:
    """All cases of a log, by their number. Raises VerificationError as changed_by."""
    cases: dict[int, Case] = {}
    for entry in entries:
        cases |= changed_by(entry, cases)
    return cases


def changed_by(entry: AnyEntry, cases: Cases) -> dict[int, Case]:
    """The cases that an entry opens or changes, as they are after it.

    Raises VerificationError where the entry names a case that is not there, or is there already.
    """
    if isinstance(entry, PassedOver | HandedIn):
        return {}
    if isinstance(entry, Evaluated):
        return evaluated(entry, cases)
    named = [case_of(number, cases) for number in numbers_in(entry)]
    return {case.number: changed_case(entry, case) for case in named}


def numbers_in(entry: Acted | Silenced | Notified) -> tuple[int, ...]:
    """The numbers of the cases that an entry is about."""
    return entry.cases if isinstance(entry, Notified) else (entry.case,)


def changed_case(entry: Acted | Silenced | Notified, case: Case) -> Case:
    """A case after what was done about it."""
    if isinstance(entry, Notified):
        return case.model_copy(update={"notified_at": case.notified_at or entry.at})
    if isinstance(entry, Silenced):
        return case.model_copy(update={"silenced_until": entry.until})
    return case.model_copy(update=dict(done(entry, case)))


def done(entry: Acted, case: Case) -> Iterator[tuple[str, object]]:
    """The fields of a case that an action sets; whoever acts has acknowledged it."""
    yield "acknowledged_at", case.acknowledged_at or entry.at
    yield "remark", entry.remark or case.remark
    if entry.action == "planned":
        yield "planned_on", entry.on
    if entry.action == "corrected":
        yield "corrected_on", entry.on
        yield "evidence", entry.evidence
        yield "is_unconfirmed", False


def evaluated(entry: Evaluated, cases: Cases) -> dict[int, Case]:
    """The cases that an evaluation opens or changes."""
    changed = {}
    for opened in entry.opened:
        if opened.case in cases or opened.case in changed:
            message = f"The log of alerts opens case {opened.case} twice."
            raise VerificationError(message)
        changed[opened.case] = new_case(entry, opened)
    for number, fields in changes_of(entry):
        case = changed.get(number) or case_of(number, cases)
        changed[number] = case.model_copy(update=fields)
    return changed


def changes_of(entry: Evaluated) -> Iterator[tuple[int, dict[str, object]]]:
    """What an evaluation changed of cases that were open: the case's number and its new fields."""
    for moved in entry.moved:
        yield moved.case, {"observed": moved.observed, "threshold": moved.threshold}
    for dated in entry.rescheduled:
        yield dated.case, {"due_on": dated.due.day, "due_is_projected": dated.due.is_projected}
    for stepped in entry.stepped:
        yield stepped.case, {"step": stepped.step}
    for number in entry.unconfirmed:
        yield number, {"is_unconfirmed": True}
    for closed in entry.closed:
        yield closed.case, {"closed_on": entry.as_of, "closed_reason": closed.reason}


def new_case(entry: Evaluated, opened: Opened) -> Case:
    """The case that opens."""
    return Case(
        number=opened.case,
        **opened.finding.model_dump(),
        opened_on=entry.as_of,
        due_on=opened.due.day,
        due_is_projected=opened.due.is_projected,
        reopens=opened.reopens,
    )


def case_of(number: int, cases: Cases) -> Case:
    """A case by its number. Raises VerificationError."""
    if number not in cases:
        message = f"The log of alerts names case {number}, which it never opened."
        raise VerificationError(message)
    return cases[number]
