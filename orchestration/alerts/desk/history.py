"""What became of each case, as the log has it: events in their order."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from orchestration.alerts.records import (
    Acted,
    AnyEntry,
    Evaluated,
    Notified,
    Opened,
    Silenced,
)
from orchestration.contract.clock import city_date

Happened = tuple[int, "Event"]


@dataclass(frozen=True)
class Event:
    """Something that happened to a case: the day, and what, with its values."""

    day: date
    what: str
    values: Mapping[str, Any]


def histories(entries: Iterable[AnyEntry]) -> dict[int, list[Event]]:
    """The events of all cases, by number."""
    found: dict[int, list[Event]] = defaultdict(list)
    for entry in entries:
        for number, event in happened(entry):
            found[number].append(event)
    return found


def condensed(events: Iterable[Event]) -> list[Event]:
    """The same events, but of figures that moved in a row the last."""
    found: list[Event] = []
    for event in events:
        if found and event.what == found[-1].what == "moved":
            found.pop()
        found.append(event)
    return found


def happened(entry: AnyEntry) -> Iterator[Happened]:
    """What an entry of the log did to which cases."""
    if isinstance(entry, Evaluated):
        yield from evaluated(entry)
        return
    day = city_date(datetime.fromisoformat(entry.at))
    if isinstance(entry, Acted):
        values = {"on": entry.on, "evidence": entry.evidence}
        yield entry.case, Event(day, entry.action, values)
    if isinstance(entry, Silenced):
        yield entry.case, Event(day, "silenced", {"on": entry.until})
    if isinstance(entry, Notified):
        for number in entry.cases:
            yield number, Event(day, "notified", {})


def evaluated(entry: Evaluated) -> Iterator[Happened]:
    """What an evaluation did to cases."""
    day = entry.as_of
    for opened in entry.opened:
        yield opened.case, opening(opened, day)
    for moved in entry.moved:
        yield moved.case, Event(day, "moved", {"observed": moved.observed})
    for dated in entry.rescheduled:
        yield dated.case, Event(day, "rescheduled", {"on": dated.due.day})
    for stepped in entry.stepped:
        yield stepped.case, Event(day, "stepped", {"step": stepped.step})
    for number in entry.unconfirmed:
        yield number, Event(day, "unconfirmed", {})
    for closed in entry.closed:
        yield closed.case, Event(day, f"closed_{closed.reason}", {})


def opening(opened: Opened, day: date) -> Event:
    """That a case opened, perhaps again."""
    values = {"observed": opened.finding.observed, "case": opened.reopens}
    return Event(day, "reopened" if opened.reopens else "opened", values)
