"""Cases and evaluations as lines for a reader."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import get_args

from orchestration.alerts.records import Case, Evaluated, KeptOut, PassedOver, State
from orchestration.errors import UsageError
from quality.nouns import counted_noun

MOST_LINES = 100
STATES: dict[State, str] = {
    "open": "open",
    "reopened": "reopened",
    "notified": "notified",
    "acknowledged": "acknowledged",
    "corrected": "reported corrected",
    "unconfirmed": "unconfirmed",
    "closed": "closed",
}


@dataclass(frozen=True)
class Wanted:
    """Which cases are asked for.

    county: its code, None for all; states: empty for all; with_closed: closed ones too, where no
    state is named.
    """

    county: str | None = None
    states: frozenset[str] = frozenset()
    with_closed: bool = False

    def holds(self, case: Case) -> bool:
        """Whether a case is asked for."""
        if self.county and case.county_code != self.county:
            return False
        if self.states:
            return case.state in self.states
        return self.with_closed or case.closed_on is None


def listed(cases: Iterable[Case], wanted: Wanted) -> list[Case]:
    """The cases that are asked for, by their deadline. Raises UsageError for an unknown state."""
    known = get_args(State)
    if unknown := sorted(wanted.states - set(known)):
        raise UsageError(f"There is no state {unknown[0]}; the states are {', '.join(known)}.")
    found = [case for case in cases if wanted.holds(case)]
    return sorted(found, key=lambda case: (case.due_on, case.number))


def format_cases(cases: Sequence[Case]) -> list[str]:
    """Cases for a reader, a line each, up to so many."""
    if not cases:
        return ["No such case."]
    lines = [format_case(case) for case in cases[:MOST_LINES]]
    if len(cases) > MOST_LINES:
        lines.append(
            f"… and {len(cases) - MOST_LINES:,} more; --county and --state ask for fewer, "
            "--json shows all"
        )
    return lines


def format_case(case: Case) -> str:
    """A case for a reader, in one line."""
    subject = f"{case.rule} {case.dimension}" if case.dimension else case.rule
    due = f"{case.due_on} (projected)" if case.due_is_projected else f"{case.due_on}"
    until = f"closed {case.closed_on}" if case.closed_on else f"due {due}"
    step = f", {case.step}" if case.step and not case.closed_on else ""
    figures = f"{case.observed.normalize():f} against {case.threshold.normalize():f}"
    return (
        f"{case.number:>6}  {case.level:<6}  {case.county_code}  {case.union_id}  {subject}: "
        f"{figures}, {STATES[case.state]}, opened {case.opened_on}, {until}{step}{ahead_of(case)}"
    )


def ahead_of(case: Case) -> str:
    """What was said of the days ahead of an open case, as the end of its line."""
    if case.closed_on:
        return ""
    planned = f", planned for {case.planned_on}" if case.planned_on else ""
    silenced = f", silenced until {case.silenced_until}" if case.silenced_until else ""
    return planned + silenced


def format_evaluation(entry: Evaluated | PassedOver) -> list[str]:
    """What became of an evaluation, for a reader."""
    if isinstance(entry, PassedOver):
        return [f"{entry.period} as of {entry.as_of} changes no case: {entry.reason}."]
    opened = counted_noun(len(entry.opened), "case")
    counts = f"{opened} opened, {len(entry.closed):,} closed"
    lines = [f"{entry.period} as of {entry.as_of}: {counts}"]
    if entry.unconfirmed:
        held = counted_noun(
            len(entry.unconfirmed),
            "case reported as corrected still holds",
            "cases reported as corrected still hold",
        )
        lines.append(f"  {held}")
    if entry.rescheduled:
        moved = counted_noun(len(entry.rescheduled), "case is", "cases are")
        lines.append(f"  {moved} due on another day, or it is official now")
    return lines + format_kept_out(entry.kept_out)


def format_kept_out(rows: Sequence[KeptOut]) -> list[str]:
    """The platform's rows that an evaluation kept out, for a reader, a line each, up to so many."""
    lines = [f"  row {each.row} is kept out: {each.reason}" for each in rows[:MOST_LINES]]
    if len(rows) > MOST_LINES:
        lines.append(f"  … and {counted_noun(len(rows) - MOST_LINES, 'more row')}")
    return lines
