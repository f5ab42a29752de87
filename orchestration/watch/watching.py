"""Watching without end: look, wait, look again, whatever becomes of the source meanwhile."""

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event

from orchestration.alerts.records import PassedOver
from orchestration.errors import RefusedError, SourceLostError
from orchestration.home import locks
from orchestration.home.events import now
from orchestration.home.records.watch import WatchState
from orchestration.screen import Progress
from orchestration.watch.sender import Sender
from orchestration.watch.watcher import MAY_PASS, Round, Watcher

LONGEST_PAUSE = 60.0
SEND_AGAIN_SECONDS = 60.0
PATIENCE = timedelta(minutes=5)


@dataclass(frozen=True)
class Manner:
    """How a watcher goes on.

    every: seconds between two looks; patience: how long a source is away before it is told; line:
    what takes a line of a round; warning: what takes a line of what is wrong.
    """

    every: float
    line: Progress
    warning: Progress
    patience: timedelta = PATIENCE


def watch(watcher: Watcher, manner: Manner, stop: Event) -> int:
    """Watch until `stop` is set; the round and the notice that are going on then are ended first.

    Returns how often it evaluated. Raises HomeBusyError where another watcher is at work in
    the home, RefusedError where an erasure was interrupted, UsageError.
    """
    home = watcher.settings.home
    with locks.held(home, locks.WATCH):
        if home.erasure.exists():
            raise RefusedError(
                "An erasure was interrupted; run uhi erase again, which finishes it."
            )
        watching = Watching(watcher, manner)
        try:
            while not stop.is_set():
                stop.wait(watching.step())
        finally:
            watching.sender.end()
        home.watch_state.unlink(missing_ok=True)
        return watching.evaluations


class Watching:
    """The steps of a watcher, and what it says of itself in between."""

    def __init__(self, watcher: Watcher, manner: Manner) -> None:
        self.watcher, self.manner = watcher, manner
        self.home = watcher.settings.home
        self.evaluations = 0
        self.failures = 0
        self.is_told = False
        self.sender = Sender(watcher.settings, manner.line, manner.warning)
        self.woken_at = -SEND_AGAIN_SECONDS
        self.state = WatchState(
            source=watcher.location,
            started_at=now(),
            evaluated_at=None,
            away_since=None,
            problem=None,
        )
        self.state.write(self.home.watch_state)

    def step(self) -> float:
        """Look once, and let what waits be sent; returns the seconds to wait before the next step.

        Nothing here waits for a notice to be sent.
        """
        self.sender.tell()
        pause = self.look()
        if time.monotonic() - self.woken_at > SEND_AGAIN_SECONDS:
            self.wake_sender()
        return pause

    def wake_sender(self) -> None:
        """Let what waits be sent."""
        self.woken_at = time.monotonic()
        self.sender.wake()

    def look(self) -> float:
        """Look once, and tell what came of it; returns the seconds to wait before the next time."""
        try:
            found = self.watcher.look()
        except SourceLostError as error:
            self.miss_source(error)
            return self.pause()
        except MAY_PASS as error:
            self.tell_problem(str(error))
            return self.pause()
        self.welcome_source()
        if found:
            self.tell_round(found)
            self.wake_sender()
        self.show()
        self.failures = 0
        return self.manner.every

    def pause(self) -> float:
        """How long to wait after one failure more: twice as long each time."""
        self.failures += 1
        return min(self.manner.every * float(2**self.failures), LONGEST_PAUSE)

    def tell_round(self, found: Round) -> None:
        """Tell what came of the changes."""
        self.evaluations += 1
        self.manner.line(found.line(datetime.now(UTC)))
        problem = found.entry.reason if isinstance(found.entry, PassedOver) else None
        self.say(evaluated_at=now(), problem=problem)

    def show(self) -> None:
        """Write what shows the last round, now that it is on record and told."""
        try:
            self.watcher.show()
        except MAY_PASS as error:
            self.manner.warning(f"The pages of cases are written with the next look: {error}")

    def miss_source(self, error: SourceLostError) -> None:
        """Note that the source is away, and tell it once it has been for long."""
        away_since = self.state.away_since or now()
        self.say(away_since=away_since)
        gone = datetime.now(UTC) - datetime.fromisoformat(away_since)
        if gone >= self.manner.patience and not self.is_told:
            self.is_told = True
            self.manner.warning(f"The source has been away since {away_since}: {error}")

    def welcome_source(self) -> None:
        """Note that the source is there."""
        if self.is_told:
            self.manner.warning(f"The source is back; it was away since {self.state.away_since}.")
        self.is_told = False
        self.say(away_since=None)

    def tell_problem(self, problem: str) -> None:
        """Tell why changes could not be evaluated; the same is told once."""
        if problem != self.state.problem:
            self.manner.warning(f"No case was changed: {problem}")
        self.say(away_since=None, problem=problem)

    def say(self, **changes: str | None) -> None:
        """Put on file what has changed of the state."""
        state = self.state.model_copy(update=changes)
        if state != self.state:
            self.state = state
            state.write(self.home.watch_state)
