"""The ledger of a home: what was done, one JSON object a line. Append-only.

Each line is bound to the line before by its SHA-256. The releases carry what its last line was when
they were made, and so does each statement that a person signs. It is read, and written on, only
while all of this holds.
"""

import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from orchestration.errors import RefusedError, UnconfirmedError
from orchestration.home import files, locks
from orchestration.home.anchors import check_anchors
from orchestration.home.events import (
    EVENT,
    Approved,
    Event,
    Judged,
    Overridden,
    Prepared,
    Previewed,
    Published,
    Retracted,
    latest,
)
from orchestration.home.layout import Home
from orchestration.home.records.record import first_fault

BEGINNING = "0" * 64

E = TypeVar("E", bound=Event)


@dataclass(frozen=True)
class Mark:
    """How far the ledger was at some moment: its head, and the latest time that its lines stated.

    at: None before the first line.
    """

    head: str
    at: str | None

    def named(self) -> dict[str, str]:
        """What a signed statement says of it; nothing before the first line."""
        return {} if self.at is None else {"ledger_head": self.head, "ledger_at": self.at}

    def after(self, line: bytes, event: Event) -> "Mark":
        """How far it is with one line more. Times that a line sets back do not run back here."""
        times = filter(None, (self.at, event.at))
        return Mark(hashlib.sha256(line).hexdigest(), latest(times))


@dataclass(frozen=True)
class Ledger:
    """The events of a home in order, or a part of them, and the questions that are asked of it."""

    events: Sequence[Event]

    @classmethod
    def of(cls, home: Home) -> "Ledger":
        """The whole ledger of a home.

        Raises RefusedError where a line is none, or not bound to the one before it, or where the
        home's releases were made on another ledger.
        """
        events, marks = events_and_marks(complete_content(home))
        check_anchors(home, marks)
        return cls(events)

    def every(self, kind: type[E], period: str | None = None) -> list[E]:
        """The events of a kind, of one period or of all."""
        found = [event for event in self.events if isinstance(event, kind)]
        return [event for event in found if period in (None, period_of(event))]

    def latest(self, kind: type[E], period: str) -> E | None:
        """The latest event of a kind on a period; None where there is none."""
        return next(iter(reversed(self.every(kind, period))), None)

    def since(self, event: Event) -> "Ledger":
        """The part from an event on, with it."""
        return Ledger(self.events[self.place_of(event) :])

    def until(self, event: Event) -> "Ledger":
        """The part up to an event, with it."""
        return Ledger(self.events[: self.place_of(event) + 1])

    def place_of(self, event: Event) -> int:
        """Where an event of this ledger stands in it; of events that say the same, the last."""
        last = len(self.events) - 1
        return last - list(reversed(self.events)).index(event)

    def time_before(self, event: Event | None) -> str | None:
        """The latest time that the lines before an event state; of all lines for what is no event.

        None before the first line. Whatever a clock said, the event was not before it.
        """
        before = self.events if event is None else self.events[: self.place_of(event)]
        return latest(each.at for each in before) if before else None

    def preparations(self, period: str, digest: str) -> list[Prepared]:
        """The preparations of the release whose list of digests has this SHA-256."""
        return [event for event in self.every(Prepared, period) if event.digest == digest]

    def approvals(self, period: str, digest: str) -> list[Approved]:
        """The approvals of the release with this digest; some may not hold."""
        return [event for event in self.every(Approved, period) if event.digest == digest]

    def previews(self, period: str, digest: str) -> list[Previewed]:
        """Who looked at the release with this digest before its time."""
        return [event for event in self.every(Previewed, period) if event.digest == digest]

    def overrides(self, period: str, verdict: str) -> list[Overridden]:
        """The overrides of a period's verdict since it was given; some may not hold.

        verdict: its SHA-256.
        """
        given = self.latest(Judged, period)
        part = self.since(given) if given else self
        return [event for event in part.every(Overridden, period) if event.verdict == verdict]

    def in_force(self) -> dict[str, Published]:
        """The publication of the release in force of each period, by period."""
        found: dict[str, Published] = {}
        for event in self.events:
            if isinstance(event, Published):
                found[event.period] = event
            elif isinstance(event, Retracted) and is_of(found.get(event.period), event):
                del found[event.period]
        return dict(sorted(found.items()))


def is_of(published: Published | None, retracted: Retracted) -> bool:
    """Whether a publication is that of the release that was retracted."""
    return published is not None and published.release == retracted.release


def period_of(event: Event) -> str | None:
    """The period that an event is of; None of what concerns the whole home."""
    return getattr(event, "period", None)


def complete_lines(home: Home) -> list[bytes]:
    """The ledger's lines; what follows the last line break was never completed, and is none."""
    path = home.ledger
    content = files.read_kept(path, RefusedError, None) if os.path.lexists(path) else b""
    return content[: content.rfind(b"\n") + 1].splitlines()


def complete_content(home: Home) -> bytes:
    """The ledger's lines as one text."""
    return b"".join(line + b"\n" for line in complete_lines(home))


def head(home: Home) -> str:
    """SHA-256 of the ledger's last line; zeros before the first."""
    lines = complete_lines(home)
    return hashlib.sha256(lines[-1]).hexdigest() if lines else BEGINNING


def mark(home: Home) -> Mark:
    """How far a home's ledger is now. Raises RefusedError where it is not as it was written."""
    _, marks = events_and_marks(complete_content(home))
    return list(marks.values())[-1]


@lru_cache(maxsize=2)  # a home's, and that of a watcher's round
def events_and_marks(content: bytes) -> tuple[tuple[Event, ...], Mapping[str, Mark]]:
    """The events of a ledger's lines, and how far it was before and after each, by its head then.

    The lines are verified once for as long as they stay the same. Raises RefusedError where a line
    is no event, not bound to the one before it, or holds what was signed on another ledger.
    """
    events, last = [], Mark(BEGINNING, None)
    marks = {last.head: last}
    for number, line in enumerate(content.splitlines(), start=1):
        event = event_in(line, number, last.head)
        check_signed_on(event, number, marks)
        last = last.after(line, event)
        events.append(event)
        marks[last.head] = last
    return tuple(events), marks


def check_signed_on(
    event: Event,
    number: int,
    marks: Mapping[str, Mark],
) -> None:
    """What a person signed names the ledger as it was before that line.

    marks: how far it was before and after each line above. Raises RefusedError.
    """
    if not isinstance(event, Approved | Overridden) or event.ledger_head is None:
        return
    stated = Mark(event.ledger_head, event.ledger_at)
    if marks.get(event.ledger_head) != stated:
        raise RefusedError(
            f"What {event.by} signed in line {number} of the ledger was signed on other lines than "
            "those above it; the ledger has been edited."
        )


def event_in(line: bytes, number: int, previous: str) -> Event:
    """The event of a line. Raises RefusedError where there is none, or it is not bound."""
    try:
        entry = dict(files.parse_json(line))
        bound_to = entry.pop("previous", None)
        event = EVENT.validate_json(json.dumps(entry), strict=True)
    except (TypeError, ValueError) as error:
        fault = f" ({first_fault(error)})" if isinstance(error, ValidationError) else ""
        raise RefusedError(
            f"Line {number} of the ledger cannot be read{fault}; the ledger has been edited."
        ) from None
    if bound_to != previous:
        raise RefusedError(
            f"Line {number} of the ledger is not bound to the line before it; "
            "the ledger has been edited."
        )
    return event


def append(home: Home, event: Event) -> None:
    """Add an event, while no other process adds one.

    Raises RefusedError where the ledger is not as it was written, UnconfirmedError where the line
    stands but the disk did not confirm it, OSError where it does not stand.
    """
    path = home.ledger
    with locks.writing(home), files.naming(path):
        Ledger.of(home)
        entry: dict[str, Any] = event.as_json() | {"previous": head(home)}
        line = json.dumps(entry, ensure_ascii=False).encode() + b"\n"
        with path.open("ab", buffering=0) as file:
            file.truncate(sum(len(line) + 1 for line in complete_lines(home)))
            files.write_whole(file, line)
            try:
                os.fsync(file.fileno())
            except OSError as error:
                raise UnconfirmedError(f"{error.strerror}: {path}") from None
