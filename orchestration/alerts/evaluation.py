"""What an evaluation of a sound candidate changes: cases that open, move, step on and close.

The candidate's own tables say which rules hold and who was measured. A candidate that is not sound,
or older than one that was evaluated, changes nothing.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import count
from operator import attrgetter

from orchestration.alerts.deadlines import Deadlines
from orchestration.alerts.records import (
    Case,
    Closed,
    Due,
    Evaluated,
    Finding,
    Key,
    Moved,
    Opened,
    Reason,
    Rescheduled,
    Stepped,
)


@dataclass(frozen=True)
class SoundCandidate:
    """What a sound candidate says: which rules hold, and of what it could have said so.

    verdict: SHA-256 of its verdict; measured: the ids of the linked unions; rules: of its
    methodology.
    """

    period: str
    as_of: date
    is_provisional: bool
    verdict: str
    findings: Sequence[Finding]
    measured: frozenset[str]
    rules: frozenset[str]


@dataclass(frozen=True)
class Known:
    """What is known of the cases before an evaluation.

    open_cases: by their key; last_closed: of each key without an open case the case that closed
    last; next_number: of the next case.
    """

    open_cases: Mapping[Key, Case]
    last_closed: Mapping[Key, Case]
    next_number: int


def evaluation_of(candidate: SoundCandidate, known: Known, deadlines: Deadlines) -> Evaluated:
    """The entry that says what a sound candidate changes of the known cases."""
    found = {finding.key: finding for finding in candidate.findings}
    still_open = [case for key, case in known.open_cases.items() if key in found]
    return Evaluated(
        period=candidate.period,
        as_of=candidate.as_of,
        is_provisional=candidate.is_provisional,
        verdict=candidate.verdict,
        opened=tuple(openings(candidate, known, deadlines)),
        moved=tuple(moves(still_open, found)),
        closed=tuple(closings(candidate, known, found)),
        stepped=tuple(steps(still_open, candidate.as_of, deadlines)),
        rescheduled=tuple(new_dates(still_open, deadlines)),
        unconfirmed=tuple(
            case.number for case in still_open if is_contradicted(case, candidate.as_of)
        ),
    )


def openings(candidate: SoundCandidate, known: Known, deadlines: Deadlines) -> Iterator[Opened]:
    """The cases that open, numbered in the order of their keys."""
    new = [finding for finding in candidate.findings if finding.key not in known.open_cases]
    for number, finding in zip(
        count(known.next_number), sorted(new, key=attrgetter("key")), strict=False
    ):
        yield Opened(
            case=number,
            finding=finding,
            due=deadlines.due_of(finding.rule, candidate.as_of),
            reopens=reopened_by(finding, known, candidate.as_of, deadlines),
        )


def reopened_by(
    finding: Finding,
    known: Known,
    as_of: date,
    deadlines: Deadlines,
) -> int | None:
    """The number of the case that a new one reopens; None where none closed shortly before."""
    last = known.last_closed.get(finding.key)
    if last is None or last.closed_on is None:
        return None
    return last.number if deadlines.reopens(finding.rule, last.closed_on, as_of) else None


def moves(cases: Sequence[Case], found: Mapping[Key, Finding]) -> Iterator[Moved]:
    """The open cases whose figures have changed."""
    for case in cases:
        now = found[case.key]
        if (now.observed, now.threshold) != (case.observed, case.threshold):
            yield Moved(case=case.number, observed=now.observed, threshold=now.threshold)


def closings(
    candidate: SoundCandidate,
    known: Known,
    found: Mapping[Key, Finding],
) -> Iterator[Closed]:
    """The open cases whose rule holds no longer, with the reason."""
    for key, case in known.open_cases.items():
        if key not in found:
            yield Closed(case=case.number, reason=reason_to_close(case, candidate))


def reason_to_close(case: Case, candidate: SoundCandidate) -> Reason:
    """Why the rule of a case is not among those that hold."""
    if case.union_id not in candidate.measured:
        return "not_measured"
    return "corrected" if case.rule in candidate.rules else "rule_withdrawn"


def steps(cases: Sequence[Case], as_of: date, deadlines: Deadlines) -> Iterator[Stepped]:
    """The open cases that have reached a further step."""
    for case in cases:
        step = deadlines.step_of(due_now(case, deadlines).day, as_of)
        if step and step != case.step:
            yield Stepped(case=case.number, step=step)


def new_dates(cases: Sequence[Case], deadlines: Deadlines) -> Iterator[Rescheduled]:
    """The open cases whose deadline rested on projected days, and is otherwise now."""
    for case in cases:
        due = due_now(case, deadlines)
        if due != Due(day=case.due_on, is_projected=case.due_is_projected):
            yield Rescheduled(case=case.number, due=due)


def due_now(case: Case, deadlines: Deadlines) -> Due:
    """Until when an open case is due: as it was told, unless that rested on projected days."""
    if case.due_is_projected:
        return deadlines.due_of(case.rule, case.opened_on)
    return Due(day=case.due_on, is_projected=False)


def is_contradicted(case: Case, as_of: date) -> bool:
    """Whether a case was reported corrected, and holds still on that day or later."""
    if case.corrected_on is None or case.is_unconfirmed:
        return False
    return as_of >= case.corrected_on
