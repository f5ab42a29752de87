"""How far the alerts of a home are: what is open, and which notices wait or cannot be sent."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from orchestration.alerts.listing import STATES
from orchestration.alerts.outbox import Unsent, counts, dead
from orchestration.alerts.store import opened
from orchestration.settings import Settings
from quality.nouns import counted_noun


def state_of_alerts(settings: Settings) -> dict[str, Any]:
    """The number of open cases by state, of notices by state, and those that cannot be sent.

    Raises AlertsError.
    """
    with opened(settings) as store:
        last = store.last_evaluated()
        cases = Counter(case.state for case in store.open_cases())
        return {
            "evaluated": str(last.as_of) if last else None,
            "open": {state: cases[state] for state in STATES if cases[state]},
            "notices": counts(store),
            "dead": [unsent.as_json() for unsent in dead(store)],
        }


def describe_alerts(found: dict[str, Any]) -> Iterator[str]:
    """The same in lines."""
    named = ", ".join(f"{number:,} {STATES[state]}" for state, number in found["open"].items())
    yield f"Alerts: as of {found['evaluated']}, open cases: {named or 'none'}"
    for each in found["dead"]:
        unsent = Unsent(**each)
        yield f"  a notice cannot be sent: {unsent.id}: {unsent.error}"
    if waiting := found["notices"].get("waiting"):
        notices = counted_noun(waiting, "notice waits", "notices wait")
        yield f"  {notices}; uhi alert send sends what is due"
