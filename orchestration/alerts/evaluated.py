"""The candidate that desks and sheets are of: the one evaluated last, as long as it is there."""

from orchestration.alerts.records import Evaluated
from orchestration.build.candidate import StoredMonth, candidate_month
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.periods import Period


def evaluated_candidate(home: Home, last: Evaluated) -> StoredMonth | None:
    """The candidate of an evaluation; None where another took its place since."""
    for place in (home, home.watched):
        stored = candidate_month(place, Period.parse(last.period))
        if stored and files.sha256_of(stored.verdict) == last.verdict:
            return stored
    return None


def present_candidate(home: Home, last: Evaluated) -> StoredMonth | None:
    """The candidate of an evaluation, else the one that took its place; None without either."""
    period = Period.parse(last.period)
    evaluated = evaluated_candidate(home, last)
    return evaluated or candidate_month(home, period) or candidate_month(home.watched, period)
