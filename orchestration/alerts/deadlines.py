"""Until when a case is due, and which steps follow: `deadlines.csv` and `steps.csv`.

Days are working days of the official calendar. Where that ends, they are projected by rule, and a
deadline says so.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator

from orchestration.alerts.records import Due
from orchestration.contract.tables import Code, Positive, Row, Text, read_table
from orchestration.contract.working_days import WorkingDays
from orchestration.errors import UsageError
from orchestration.periods import months_after

FOLDER = Path(__file__).parent
DEADLINES = FOLDER / "deadlines.csv"
STEPS = FOLDER / "steps.csv"
SHIFT = re.compile("-?[1-9][0-9]{0,2}")


def shift(cell: str) -> int:
    """Working days after a due day, or before it with a minus. Raises ValueError."""
    if not SHIFT.fullmatch(cell):
        raise ValueError("a number of working days is due, with a minus for days before")
    return int(cell)


class Deadline(Row):
    """What a rule's cases are due by, and how long after one it reopens.

    due_working_days: from the day that a case opens to the last for its correction;
    reopening_months: a case that opens no longer after the last one closed reopens it.
    """

    rule: Code
    due_working_days: Positive
    reopening_months: Positive


class Step(Row):
    """A step towards a case that is not corrected.

    working_days: after its due day; reply_working_days: in which its letter is to be replied to,
    from the day of the figures; None of a step without a letter.
    """

    step: Code
    working_days: Annotated[int, BeforeValidator(shift)]
    reply_working_days: Positive | None = None
    name_zh: Text
    name_en: Text


@dataclass(frozen=True)
class Deadlines:
    """The deadlines by rule, the steps in their order, and the calendar of working days."""

    rules: Mapping[str, Deadline]
    steps: Sequence[Step]
    working_days: WorkingDays

    @classmethod
    def read(cls, deadlines: Path = DEADLINES, steps: Path = STEPS) -> Self:
        """The deadlines of two tables. Raises UsageError naming file, line and column."""
        return cls(read_deadlines(deadlines), read_steps(steps), WorkingDays.read())

    def check_rules(self, rules: Sequence[str]) -> None:
        """Every rule of a methodology has its deadline. Raises UsageError."""
        missing = [rule for rule in rules if rule not in self.rules]
        if missing:
            raise UsageError(
                f"{DEADLINES}: the alert rule {missing[0]} has no deadline; add a line for it."
            )

    def due_of(self, rule: str, opened_on: date) -> Due:
        """Until when a case of a rule is due that opened on a day. Raises UsageError."""
        day, is_projected = self.working_days.after(opened_on, self.rules[rule].due_working_days)
        return Due(day=day, is_projected=is_projected)

    def reopens(self, rule: str, closed_on: date, opened_on: date) -> bool:
        """Whether a case of a rule that opens reopens one that closed before."""
        return opened_on <= months_after(closed_on, self.rules[rule].reopening_months)

    def step_of(self, due_on: date, as_of: date) -> str | None:
        """The last step that is reached on a day; None before the first."""
        reached = [step.step for step in self.steps if self.starts_on(step, due_on) <= as_of]
        return reached[-1] if reached else None

    def starts_on(self, step: Step, due_on: date) -> date:
        """The day on which a case due on a day reaches a step. Raises UsageError."""
        if step.working_days < 0:
            return self.working_days.before(due_on, -step.working_days)
        return self.working_days.after(due_on, step.working_days).date


def read_deadlines(file: Path) -> dict[str, Deadline]:
    """The deadlines by rule. Raises UsageError."""
    rows = read_table(file, Deadline)
    by_rule = {row.rule: row for row in rows}
    if len(by_rule) != len(rows):
        raise UsageError(f"{file}: a rule is named more than once; keep one line.")
    return by_rule


def read_steps(file: Path) -> list[Step]:
    """The steps, each later than the one before. Raises UsageError."""
    steps = read_table(file, Step)
    days = [step.working_days for step in steps]
    if days != sorted(set(days)) or len({step.step for step in steps}) != len(steps):
        raise UsageError(f"{file}: each step is named once, and later than the one before.")
    return steps
