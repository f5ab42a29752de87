"""Which cases a letter is about: open ones of a subject, by the step that they have reached."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from orchestration.alerts.deadlines import STEPS, Deadlines, Step
from orchestration.alerts.records import Case
from orchestration.alerts.wording import words
from orchestration.errors import RefusedError, UsageError


@dataclass(frozen=True)
class Subject:
    """What a letter is about: a case by its number, a union by its id, or a county by its code."""

    kind: Literal["case", "union", "county"]
    code: str

    def holds(self, case: Case) -> bool:
        """Whether a case belongs to it."""
        codes = {
            "case": str(case.number),
            "union": case.union_id,
            "county": case.county_code,
        }
        return codes[self.kind] == self.code

    def open_case(self) -> str:
        """An open case of it, in words."""
        if self.kind == "case":
            return f"open case {self.code}"
        return f"open case of the {self.kind} {self.code}"


def subject_of(case: int | None, union: str | None, county: str | None) -> Subject:
    """The one subject that is named. Raises UsageError."""
    named: list[Subject] = []
    if case is not None:
        named.append(Subject("case", str(case)))
    if union is not None:
        named.append(Subject("union", union))
    if county is not None:
        named.append(Subject("county", county))
    if len(named) != 1:
        raise UsageError("Give one of --case, --union and --county.")
    return named[0]


def letter_steps(steps: Sequence[Step]) -> dict[str, Step]:
    """The steps that go with a letter, by their code. Raises UsageError where one has no words."""
    found = {step.step: step for step in steps if step.reply_working_days}
    for step in found:
        if group_of(step) not in words():
            raise UsageError(
                f"{STEPS}: the step {step} has reply_working_days, and words.toml no words for its "
                f"letter; add [{group_of(step)}]."
            )
    return found


def group_of(step: str) -> str:
    """The group of words of a step's letter."""
    return f"letter_{step}"


def chosen(
    cases: Iterable[Case],
    subject: Subject,
    step: str | None,
    deadlines: Deadlines,
) -> dict[str, list[Case]]:
    """The open cases of a subject that a letter is due for, by step, each by its deadline.

    step: only the cases that reached this one last. Raises UsageError where the step has no letter
    or no case is open, RefusedError where none has reached a step with a letter.
    """
    steps = letter_steps(deadlines.steps)
    if step is not None and step not in steps:
        known = ", ".join(steps)
        raise UsageError(f"There is no letter for a step {step}; the steps are {known}.")
    held = [case for case in cases if subject.holds(case)]
    if not held:
        raise UsageError(
            f"There is no {subject.open_case()}; `uhi alert list` shows those that there are."
        )
    by_step = {wanted: due_for(held, wanted) for wanted in steps if step in (None, wanted)}
    found = {name: group for name, group in by_step.items() if group}
    if not found:
        raise RefusedError(no_letter(held, steps, step, deadlines))
    return found


def due_for(cases: Iterable[Case], step: str) -> list[Case]:
    """The cases that reached a step last, by their deadline."""
    reached = [case for case in cases if case.step == step]
    return sorted(reached, key=lambda case: (case.due_on, case.number))


def no_letter(
    cases: Iterable[Case], steps: Mapping[str, Step], step: str | None, deadlines: Deadlines
) -> str:
    """Why there is no letter: the step and the day on which the first one is due."""
    if step is not None and any(case.step in steps for case in cases):
        return f"No case has {step} as the last step that it reached; leave out --step."
    first = next(iter(steps.values()))
    day = min(first_day(case, first, deadlines) for case in cases)
    return f"No case has reached a step with a letter; the first is {first.step}, from {day}."


def first_day(case: Case, step: Step, deadlines: Deadlines) -> date:
    """The day from which a step's letter about a case can be due."""
    return deadlines.starts_on(step, case.due_on)
