"""Takes what people do about cases: acknowledged, planned, reported corrected, silenced.

Whatever the door, the same rules hold, and the same thing said twice is nothing new. No action
closes a case: the next evaluation does, where the figures say so.
"""

from collections.abc import Callable
from datetime import date

from orchestration.alerts.records import Acted, Case, Silenced
from orchestration.alerts.store import Store
from orchestration.contract.clock import today
from orchestration.errors import RefusedError, UsageError
from orchestration.plain_text import LONGEST_CELL, LONGEST_REASON, problem_of
from quality.personal import personal_kinds

Rule = Callable[[Acted, Case, date], str | None]


def act(store: Store, acted: Acted, day: date | None = None) -> Case:
    """Take an action; returns the case after it.

    day: today, in the city's time zone. Raises RefusedError naming the case and what is wrong.
    """
    case = open_case(store, acted.case)
    reasons = (rule(acted, case, day or today()) for rule in RULES)
    if reason := next(filter(None, reasons), None):
        raise RefusedError(f"Case {case.number}: {reason}")
    if is_known(acted, case):
        return case
    return store.append(acted)[case.number]


def silence(store: Store, silenced: Silenced, day: date | None = None) -> Case:
    """Let a case send nothing until the end of a day; returns the case after it.

    Raises RefusedError as act.
    """
    case = open_case(store, silenced.case)
    if silenced.until < (day or today()):
        raise RefusedError(f"Case {case.number}: a silence ends today or later.")
    if problem := text_problem("reason", silenced.reason, LONGEST_REASON):
        raise RefusedError(f"Case {case.number}: {problem}")
    return store.append(silenced)[case.number]


def open_case(store: Store, number: int) -> Case:
    """A case that is open. Raises UsageError where there is none of its number, RefusedError."""
    case = store.case(number)
    if case is None:
        raise UsageError(f"There is no case {number}; `uhi alert list` shows those that there are.")
    if case.closed_on:
        raise RefusedError(f"Case {number} was closed by the figures as of {case.closed_on}.")
    return case


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


def texts_are_plain(acted: Acted, case: Case, day: date) -> str | None:
    """Texts can be read, are short, and name no person's number."""
    del case, day
    problems = (
        text_problem("evidence number", acted.evidence, LONGEST_CELL),
        text_problem("remark", acted.remark, LONGEST_REASON),
    )
    return next(filter(None, problems), None)


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


RULES: tuple[Rule, ...] = (
    needs_a_day,
    plan_is_ahead,
    correction_is_past,
    correction_has_evidence,
    texts_are_plain,
)
