"""Takes what people do about cases: acknowledged, planned, reported corrected, silenced.

Whatever the door, the same rules hold, and the same thing said twice is nothing new. No action
closes a case: the next evaluation does, where the figures say so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from orchestration.alerts.records import Acted, Case, Silenced
from orchestration.alerts.store import Store
from orchestration.contract.clock import today
from orchestration.errors import RefusedError, UsageError
from orchestration.plain_text import LONGEST_CELL, LONGEST_REASON, problem_of
from quality.personal import personal_kinds

Rule = Callable[[Acted, Case, date], str | None]
Item = Literal["case", "on", "evidence", "remark"]


@dataclass(frozen=True)
class Refusal:
    """Why an action is refused, and which part of it."""

    part: Item
    reason: str


def act(store: Store, acted: Acted, day: date | None = None) -> Case:
    """Take an action; returns the case after it.

    day: today, in the city's time zone. Raises RefusedError naming the case and what is wrong.
    """
    case = known_case(store, acted.case)
    if is_known(acted, case):
        return case
    if refusal := refusal_of(acted, case, day or today()):
        raise RefusedError(f"Case {case.number}: {refusal.reason}")
    return store.append(acted)[case.number]


def silence(store: Store, silenced: Silenced, day: date | None = None) -> Case:
    """Let a case send nothing until the end of a day; returns the case after it.

    Raises RefusedError as act.
    """
    case = known_case(store, silenced.case)
    if reason := closed_reason(case):
        raise RefusedError(f"Case {case.number}: {reason}")
    if silenced.until < (day or today()):
        raise RefusedError(f"Case {case.number}: a silence ends today or later.")
    if problem := text_problem("reason", silenced.reason, LONGEST_REASON):
        raise RefusedError(f"Case {case.number}: {problem}")
    return store.append(silenced)[case.number]


def known_case(store: Store, number: int) -> Case:
    """A case by its number. Raises UsageError where there is none."""
    case = store.case(number)
    if case is None:
        raise UsageError(f"There is no case {number}; `uhi alert list` shows those that there are.")
    return case


def refusal_of(acted: Acted, case: Case, day: date) -> Refusal | None:
    """Why an action cannot be taken on a day; None where it can."""
    for part, rule in RULES:
        if reason := rule(acted, case, day):
            return Refusal(part, reason)
    return None


def is_open(acted: Acted, case: Case, day: date) -> str | None:
    """Nothing is done about a case that is closed."""
    del acted, day
    return closed_reason(case)


def closed_reason(case: Case) -> str | None:
    """Why nothing can be done about a case any more; None of an open one."""
    return f"it was closed by the figures as of {case.closed_on}." if case.closed_on else None


def needs_a_day(acted: Acted, case: Case, day: date) -> str | None:
    """A plan and a correction have their day."""
    del case, day
    if acted.action in ("planned", "corrected") and acted.on is None:
        return f"{acted.action} needs its day."
    return None


def plan_is_ahead(acted: Acted, case: Case, day: date) -> str | None:
    """A plan is for today or later."""
    del case
    if acted.action == "planned" and acted.on and acted.on < day:
        return f"{acted.on} is past; a plan is for today or later."
    return None


def correction_is_past(acted: Acted, case: Case, day: date) -> str | None:
    """A correction was on a day since the case opened."""
    if acted.action != "corrected" or acted.on is None:
        return None
    if acted.on > day:
        return f"{acted.on} is not past; a correction is reported when it is done."
    if acted.on < case.opened_on:
        return f"{acted.on} is before {case.opened_on}, when the case opened with these figures."
    return None


def correction_has_evidence(acted: Acted, case: Case, day: date) -> str | None:
    """A correction names what shows it."""
    del case, day
    if acted.action == "corrected" and not acted.evidence:
        return "a correction needs the number of its evidence."
    return None


def evidence_is_plain(acted: Acted, case: Case, day: date) -> str | None:
    """The number of the evidence can be read, is short, and no number of a person."""
    del case, day
    return text_problem("evidence number", acted.evidence, LONGEST_CELL)


def remark_is_plain(acted: Acted, case: Case, day: date) -> str | None:
    """A remark can be read, is short, and names no person's number."""
    del case, day
    return text_problem("remark", acted.remark, LONGEST_REASON)


def text_problem(name: str, text: str | None, longest: int) -> str | None:
    """Why a text may not be kept; None where it may."""
    if text is None:
        return None
    if problem := problem_of(text, longest):
        return f"the {name} cannot be kept: {problem}."
    if kinds := list(personal_kinds(text)):
        return f"the {name} has {kinds[0]}; leave it out."
    return None


def is_known(acted: Acted, case: Case) -> bool:
    """Whether the case says already what an action says."""
    if acted.remark not in (None, case.remark) or case.acknowledged_at is None:
        return False
    if acted.action == "planned":
        return case.planned_on == acted.on
    if acted.action == "corrected":
        return (case.corrected_on, case.evidence) == (acted.on, acted.evidence)
    return True


RULES: tuple[tuple[Item, Rule], ...] = (
    ("case", is_open),
    ("on", needs_a_day),
    ("on", plan_is_ahead),
    ("on", correction_is_past),
    ("evidence", correction_has_evidence),
    ("evidence", evidence_is_plain),
    ("remark", remark_is_plain),
)
