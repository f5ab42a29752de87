"""What the log of alerts holds, each entry as one frozen type, and what a case is.

A case is one unbroken run of a rule (with its dimension) for a union, over all evaluations. It is
numbered in the order in which cases opened.
"""

from datetime import date
from decimal import Decimal
from typing import Annotated, Literal

from pydantic import Field, TypeAdapter

from orchestration.home.events import now
from orchestration.home.records.record import Digest, Moment, Month, Part, Stated

Level = Literal["yellow", "red"]
Reason = Literal["corrected", "not_measured", "rule_withdrawn"]
Action = Literal["acknowledged", "planned", "corrected", "remarked"]
Door = Literal["command", "sheet", "platform"]
State = Literal[
    "open", "reopened", "notified", "acknowledged", "corrected", "unconfirmed", "closed"
]
Key = tuple[str, str, str]
"""What a run is of: union, rule, and dimension or an empty text."""


class Finding(Part):
    """A rule that holds for a union: a row of `alert`, with what notices say of the union.

    dimension: null but for rules by dimension; observed, threshold: 4 decimals, in the unit of the
    measure.
    """

    union_id: str
    union_name: str
    county_code: str
    rule: str
    dimension: str | None = None
    level: Level
    measure: str
    observed: Decimal
    threshold: Decimal

    @property
    def key(self) -> Key:
        """What its run is of."""
        return self.union_id, self.rule, self.dimension or ""


class Due(Part):
    """The day by which a case is due; is_projected: a day before it is not official yet."""

    day: date
    is_projected: bool


class Opened(Part):
    """A case opens; reopens: the case of the same run that closed not long before."""

    case: int
    finding: Finding
    due: Due
    reopens: int | None = None


class Moved(Part):
    """The figures of an open case are others than at the last evaluation."""

    case: int
    observed: Decimal
    threshold: Decimal


class Closed(Part):
    """A case closes: its rule holds no longer, its union is not measured, or the rule is gone."""

    case: int
    reason: Reason


class Stepped(Part):
    """A step of the deadlines is reached (`steps.csv`)."""

    case: int
    step: str


class Rescheduled(Part):
    """A case is due on another day, or its day rests on official days now."""

    case: int
    due: Due


class KeptOut(Part):
    """A row of the platform's table that is not taken: its id, and why."""

    row: str
    reason: str


class Entry(Part):
    """Something that happened, and when."""

    at: Moment = Field(default_factory=now)


class Evaluated(Entry):
    """A sound candidate was evaluated.

    as_of: the day of its figures; verdict: SHA-256 of its verdict; the rest: what it changed;
    unconfirmed: the cases reported corrected of which it says otherwise; kept_out: the platform's
    rows that were not taken before it, but those that were told before.
    """

    entry: Literal["evaluation"] = "evaluation"
    period: Month
    as_of: date
    is_provisional: bool
    verdict: Digest
    opened: tuple[Opened, ...] = ()
    moved: tuple[Moved, ...] = ()
    closed: tuple[Closed, ...] = ()
    stepped: tuple[Stepped, ...] = ()
    rescheduled: tuple[Rescheduled, ...] = ()
    unconfirmed: tuple[int, ...] = ()
    kept_out: tuple[KeptOut, ...] = ()

    @property
    def has_changes(self) -> bool:
        """Whether it changed any case."""
        return any(
            (
                self.opened,
                self.moved,
                self.closed,
                self.stepped,
                self.rescheduled,
                self.unconfirmed,
            )
        )


class PassedOver(Entry):
    """A candidate was not evaluated, for a reason; it changes no case and sends nothing."""

    entry: Literal["passed_over"] = "passed_over"
    period: Month
    as_of: date
    reason: str


class Acted(Entry):
    """What somebody did about a case.

    by: who; on: the day for which it is planned, or on which it was corrected; evidence: the number
    of what shows it; door: how it was handed in; origin: the id of the platform's row, None of
    other doors.
    """

    entry: Literal["action"] = "action"
    case: int
    action: Action
    by: Stated
    door: Door
    origin: str | None = None
    on: date | None = None
    evidence: str | None = None
    remark: str | None = None


class Silenced(Entry):
    """A case sends nothing until the end of a day; it stays in all statistics."""

    entry: Literal["silence"] = "silence"
    case: int
    until: date
    reason: Stated
    by: Stated


class Notified(Entry):
    """A notice of some cases was sent; notice: its id."""

    entry: Literal["notice"] = "notice"
    notice: str
    cases: tuple[int, ...]


class HandedIn(Entry):
    """Rows of a county's sheet were taken; what was new in them are the actions before this entry.

    sheet: SHA-256 of its file; cases: whose rows they are; by: who handed it in.
    """

    entry: Literal["sheet"] = "sheet"
    sheet: Digest
    cases: tuple[int, ...]
    by: Stated


AnyEntry = Annotated[
    Evaluated | PassedOver | Acted | Silenced | Notified | HandedIn, Field(discriminator="entry")
]
ENTRIES: TypeAdapter[AnyEntry] = TypeAdapter(AnyEntry)


class Case(Finding):
    """A case as the log has it so far: what was found last, and what became of it.

    number: in the order in which cases opened; opened_on, closed_on: the as-of dates of the first
    evaluation in which the rule held, and of the first in which it did not; due_on: the last day
    for correction; step: the last step reached; corrected_on: the day that was reported;
    is_unconfirmed: an evaluation as of that day or later said otherwise; evidence, remark: the last
    that were stated.
    """

    number: int
    opened_on: date
    due_on: date
    due_is_projected: bool
    reopens: int | None = None
    step: str | None = None
    notified_at: Moment | None = None
    acknowledged_at: Moment | None = None
    planned_on: date | None = None
    corrected_on: date | None = None
    evidence: str | None = None
    remark: str | None = None
    is_unconfirmed: bool = False
    silenced_until: date | None = None
    closed_on: date | None = None
    closed_reason: Reason | None = None

    @property
    def state(self) -> State:
        """How far the case is."""
        if self.closed_on:
            return "closed"
        if self.corrected_on:
            return "unconfirmed" if self.is_unconfirmed else "corrected"
        if self.acknowledged_at:
            return "acknowledged"
        if self.notified_at:
            return "notified"
        return "reopened" if self.reopens else "open"
