"""What the pages of all counties are made of, beside the cases."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from orchestration.alerts.deadlines import Deadlines
from orchestration.alerts.desk.gains import Gains
from orchestration.alerts.desk.history import Event, histories
from orchestration.alerts.evaluated import evaluated_candidate, present_candidate
from orchestration.alerts.naming import Names, names_in
from orchestration.alerts.quality import Quality, qualities_in
from orchestration.alerts.records import Evaluated
from orchestration.alerts.store import Store
from orchestration.build.candidate import methodology_of
from orchestration.documents.texts import Words, names_of
from orchestration.home.layout import Home
from orchestration.periods import Period


@dataclass(frozen=True)
class Facts:
    """What the pages of all counties are made of, beside the cases, as of the last evaluation."""

    last: Evaluated
    names: Names
    gains: Gains
    indicators: Mapping[str, Words]
    histories: Mapping[int, Sequence[Event]]
    deadlines: Deadlines
    qualities: Mapping[str, Quality]


def facts_of(store: Store, home: Home, last: Evaluated, unions: Collection[str]) -> Facts:
    """What the pages are made of, as of the last evaluation.

    unions: those of which it is told what they can gain. Raises UsageError.
    """
    methodology = methodology_of(Period.parse(last.period))
    candidate = evaluated_candidate(home, last)
    return Facts(
        last=last,
        names=names_in(home, last.period),
        gains=Gains.of(candidate.tables if candidate else None, methodology, unions),
        indicators={row["indicator"]: names_of(row) for row in methodology.tables["indicators"]},
        histories=histories(store.entries()),
        deadlines=Deadlines.read(),
        qualities=qualities_in(present_candidate(home, last)),
    )
