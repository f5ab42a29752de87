"""A case as pages show it: what its figure must be, what brings it there, steps and history."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from orchestration.alerts.desk.facts import Facts
from orchestration.alerts.desk.history import Event
from orchestration.alerts.naming import named
from orchestration.alerts.records import Case
from orchestration.alerts.wording import say
from orchestration.documents.figures import true_minus
from orchestration.documents.texts import Words

SCORED = ("index", "dimension_rate")
"""The measures that scores of indicators make up."""


@dataclass(frozen=True)
class StepDay:
    """A step of a case: the day on which it starts, and the one on which it was reached, if any.

    is_projected: the day rests on working days that are not official yet.
    """

    name: Words
    starts_on: date
    is_projected: bool
    reached_on: date | None


@dataclass(frozen=True)
class Card:
    """A case as a page shows it; sign: how its figure must compare with the threshold.

    due_working_days: of its rule; None where the rule is gone.
    """

    case: Case
    level: Words
    rule: Words
    dimension: Words | None
    sign: str
    target: Words
    gains: Sequence[Words]
    due_working_days: int | None
    history: Sequence[Event]


def card_of(case: Case, facts: Facts) -> Card:
    """A case as a page shows it."""
    names = facts.names
    sign = names.signs.get(case.rule, "")
    is_scored = case.measure in SCORED
    indicators = facts.gains.most(case.union_id, case.dimension) if is_scored else []
    deadline = facts.deadlines.rules.get(case.rule)
    return Card(
        case=case,
        level=named(names.levels, case.level),
        rule=named(names.rules, case.rule),
        dimension=named(names.dimensions, case.dimension) if case.dimension else None,
        sign=sign,
        target=target_of(case, sign),
        gains=[named(facts.indicators, indicator) for indicator in indicators],
        due_working_days=deadline.due_working_days if deadline else None,
        history=facts.histories[case.number],
    )


def target_of(case: Case, sign: str) -> Words:
    """How far the figure of a case is from what it must be; nothing where no rule says."""
    if not sign:
        return "", ""
    gap = figure(abs(case.threshold - case.observed))
    return say("target", sign, gap=gap, threshold=figure(case.threshold))


def steps_of(card: Card, facts: Facts) -> Iterator[StepDay]:
    """The steps of a case in their order; of a closed one those that were reached."""
    reached = {each.values["step"]: each.day for each in card.history if each.what == "stepped"}
    for step in facts.deadlines.steps:
        if card.case.closed_on is None or step.step in reached:
            starts_on = facts.deadlines.starts_on(step, card.case.due_on)
            is_official = facts.deadlines.working_days.is_official_through(starts_on)
            name = (step.name_zh, step.name_en)
            yield StepDay(name, starts_on, not is_official, reached.get(step.step))


def words_of(event: Event, steps: Mapping[str, Words]) -> Words:
    """What happened, in words."""
    return say("event", event.what, **dict(shown(event.values, steps)))


def shown(values: Mapping[str, Any], steps: Mapping[str, Words]) -> Iterator[tuple[str, Any]]:
    """The values of an event as a reader sees them."""
    for name, value in values.items():
        if name == "step":
            yield name, named(steps, value)
        else:
            yield name, figure(value) if isinstance(value, Decimal) else str(value)


def figure(value: Decimal) -> str:
    """A figure without zeros at its end."""
    return true_minus(f"{value.normalize():f}")
