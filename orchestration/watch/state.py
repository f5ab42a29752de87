"""How far the watcher of a home is: what `uhi status` says of it."""

from collections.abc import Iterator
from typing import Any

from orchestration.errors import HomeBusyError
from orchestration.home import locks
from orchestration.home.layout import Home
from orchestration.home.records.watch import WatchState

ENDED = "it was ended by force; start it again"


def state_of_watch(home: Home) -> dict[str, Any] | None:
    """What a watcher says of itself, and whether it is at work; None where none is."""
    if not home.watch_state.exists():
        return None
    state = WatchState.read(home.watch_state)
    return {"at_work": is_at_work(home)} | state.model_dump(mode="json")


def is_at_work(home: Home) -> bool:
    """Whether a watcher of a home is at work."""
    try:
        with locks.held(home, locks.WATCH):
            return False
    except HomeBusyError:
        return True


def describe_watch(found: dict[str, Any]) -> Iterator[str]:
    """The same in lines."""
    evaluated = found["evaluated_at"] or "never yet"
    yield f"Watch: {found['source']}, evaluated {evaluated}"
    if not found["at_work"]:
        yield f"  {ENDED}"
    if found["away_since"]:
        yield f"  the source has been away since {found['away_since']}"
    if found["problem"]:
        yield f"  changes wait: {found['problem']}"
