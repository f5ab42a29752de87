"""What people or the calendar must still give before a candidate can be prepared."""

from collections.abc import Sequence
from dataclasses import dataclass

from orchestration.home.releases import releases_of
from orchestration.release.release_calendar import read_calendar
from orchestration.release.rules.judgement import Judgement
from orchestration.release.rules.rule import Rule


@dataclass(frozen=True)
class RequestedRelease:
    """The judgement of a candidate to prepare, and the kind that is stated of its release."""

    judgement: Judgement
    kind: str | None


def month_not_over(state: RequestedRelease) -> str | None:
    """Only a month that is over is released."""
    is_provisional = state.judgement.verdict.provisional
    return "the month is not over: its candidate is provisional" if is_provisional else None


def not_in_calendar(state: RequestedRelease) -> str | None:
    """No release time is announced."""
    calendar = state.judgement.home.calendar
    is_planned = str(state.judgement.period) in read_calendar(calendar)
    return None if is_planned else f"a row in {calendar} that says when it is released"


def unstated_kind(state: RequestedRelease) -> str | None:
    """The period has been released, so what the next release is must be stated."""
    if state.kind or not releases_of(state.judgement.home, state.judgement.period):
        return None
    return "the kind and reason of a further release, with the job `preparation`"


TO_BE_GIVEN: Sequence[Rule[RequestedRelease]] = (
    month_not_over,
    not_in_calendar,
    unstated_kind,
)
