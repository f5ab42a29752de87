"""Statistics of cases, by county and by rule: how many, how fast, whether in time and for good.

They follow from the log alone, as of an evaluation: of what came after it nothing is known. They
are internal and enter no index.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile
from typing import Self

from orchestration.alerts.fold import cases_of
from orchestration.alerts.records import AnyEntry, Case, Evaluated
from orchestration.alerts.survival import days_until, survival_curve
from orchestration.errors import RefusedError
from orchestration.home.records.record import Part

PLACES = Decimal("0.0001")
SHARES = (0.5, 0.9)


class CaseStatistics(Part):
    """What became of some cases; rates are in percent, with 4 decimals, and null over nothing.

    opened: how many there are; open_now, closed: of these; corrected: of the closed, those whose
    rule held no longer; median_days, p90_days: the days from opening by which half and nine tenths
    are corrected, null where that is not known yet; due: those corrected or past their due day;
    on_time: of these, those corrected by it; reopened: of the corrected, those that another case
    reopens; judged: those reported corrected of which an evaluation said whether they are;
    unconfirmed: of these, those of which one said otherwise, whatever came later.
    """

    opened: int
    open_now: int
    closed: int
    corrected: int
    median_days: int | None
    p90_days: int | None
    due: int
    on_time: int
    on_time_rate: Decimal | None
    reopened: int
    reopened_rate: Decimal | None
    judged: int
    unconfirmed: int
    unconfirmed_rate: Decimal | None


class Statistics(Part):
    """The statistics as of an evaluation: by the codes of counties, by rule, and of all cases."""

    as_of: date
    by_county: dict[str, CaseStatistics]
    by_rule: dict[str, CaseStatistics]
    all: CaseStatistics


@dataclass(frozen=True)
class History:
    """What a log says as of its last evaluation.

    contradicted: the numbers of the cases of which an evaluation said that they still hold, though
    they were reported corrected; reopened: of those that another case reopens.
    """

    as_of: date
    cases: Sequence[Case]
    contradicted: frozenset[int]
    reopened: frozenset[int]

    @classmethod
    def read(cls, entries: Iterable[AnyEntry], day: date | None = None) -> Self:
        """The history up to the last evaluation as of a day or earlier; None: up to the last.

        Raises RefusedError where nothing was evaluated until then.
        """
        known = list(takewhile(lambda entry: not is_after(entry, day), entries))
        evaluations = [entry for entry in known if isinstance(entry, Evaluated)]
        if not evaluations:
            until = f"as of {day} or earlier" if day else "yet"
            raise RefusedError(f"No alerts were evaluated {until}; run a month first.")
        cases = list(cases_of(known).values())
        return cls(
            as_of=evaluations[-1].as_of,
            cases=cases,
            contradicted=frozenset(number for each in evaluations for number in each.unconfirmed),
            reopened=frozenset(case.reopens for case in cases if case.reopens),
        )


def is_after(entry: AnyEntry, day: date | None) -> bool:
    """Whether an entry is an evaluation as of a later day."""
    return day is not None and isinstance(entry, Evaluated) and entry.as_of > day


@dataclass(frozen=True)
class Outcome:
    """What became of a case.

    days: from its opening to its closing, or for as long as it was watched; is_overdue: it was open
    after its due day; is_contradicted: it was reported corrected, and an evaluation said otherwise;
    is_judged: or that it is.
    """

    county_code: str
    rule: str
    days: int
    is_closed: bool
    is_corrected: bool
    is_overdue: bool
    is_reopened: bool
    is_judged: bool
    is_contradicted: bool


def outcome_of(case: Case, history: History) -> Outcome:
    """What became of a case of a history."""
    end = case.closed_on or history.as_of
    is_corrected = case.closed_reason == "corrected"
    is_contradicted = case.number in history.contradicted
    return Outcome(
        county_code=case.county_code,
        rule=case.rule,
        days=(end - case.opened_on).days,
        is_closed=case.closed_on is not None,
        is_corrected=is_corrected,
        is_overdue=case.due_on < end,
        is_reopened=is_corrected and case.number in history.reopened,
        is_judged=is_contradicted or (is_corrected and case.corrected_on is not None),
        is_contradicted=is_contradicted,
    )


def statistics_of(history: History) -> Statistics:
    """The statistics of a history."""
    outcomes = outcomes_of(history)
    return Statistics(
        as_of=history.as_of,
        by_county=grouped(outcomes, lambda outcome: outcome.county_code),
        by_rule=grouped(outcomes, lambda outcome: outcome.rule),
        all=summary(outcomes),
    )


def correction_curve(history: History) -> list[tuple[int, Decimal]]:
    """The days after opening on which cases of a history are corrected.

    Each with the share, in percent with 4 decimals, that is not corrected after it.
    """
    curve = survival_curve(*times_of(outcomes_of(history)))
    return [(day, rounded(Decimal(100 * share))) for day, share in curve]


def outcomes_of(history: History) -> list[Outcome]:
    """What became of the cases of a history."""
    return [outcome_of(case, history) for case in history.cases]


def times_of(outcomes: Sequence[Outcome]) -> tuple[list[int], list[int]]:
    """After how many days cases were corrected, and for how many the others were watched."""
    corrected = [outcome.days for outcome in outcomes if outcome.is_corrected]
    watched = [outcome.days for outcome in outcomes if not outcome.is_corrected]
    return corrected, watched


def grouped(
    outcomes: Iterable[Outcome], key_of: Callable[[Outcome], str]
) -> dict[str, CaseStatistics]:
    """The statistics of outcomes by a key, in its order."""
    groups = defaultdict(list)
    for outcome in outcomes:
        groups[key_of(outcome)].append(outcome)
    return {key: summary(groups[key]) for key in sorted(groups)}


def summary(outcomes: Sequence[Outcome]) -> CaseStatistics:
    """The statistics of outcomes."""
    closed = count(outcome.is_closed for outcome in outcomes)
    corrected = [outcome for outcome in outcomes if outcome.is_corrected]
    median, p90 = days_until(SHARES, *times_of(outcomes))
    due = count(outcome.is_corrected or outcome.is_overdue for outcome in outcomes)
    on_time = count(not outcome.is_overdue for outcome in corrected)
    reopened = count(outcome.is_reopened for outcome in outcomes)
    judged = count(outcome.is_judged for outcome in outcomes)
    unconfirmed = count(outcome.is_contradicted for outcome in outcomes)
    return CaseStatistics(
        opened=len(outcomes),
        open_now=len(outcomes) - closed,
        closed=closed,
        corrected=len(corrected),
        median_days=median,
        p90_days=p90,
        due=due,
        on_time=on_time,
        on_time_rate=rate(on_time, due),
        reopened=reopened,
        reopened_rate=rate(reopened, len(corrected)),
        judged=judged,
        unconfirmed=unconfirmed,
        unconfirmed_rate=rate(unconfirmed, judged),
    )


def count(facts: Iterable[bool]) -> int:
    """How many facts hold."""
    return sum(facts)


def rate(part: int, whole: int) -> Decimal | None:
    """A part of a whole in percent, rounded half away from zero; None of nothing."""
    if not whole:
        return None
    return rounded(Decimal(100 * part) / whole)


def rounded(exact: Decimal) -> Decimal:
    """A rate with 4 decimals, rounded half away from zero."""
    return exact.quantize(PLACES, ROUND_HALF_UP)
