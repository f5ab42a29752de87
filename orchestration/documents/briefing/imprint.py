"""Who publishes a release, when, under which licence, and when the next one is due."""

from datetime import datetime

from orchestration.documents.briefing.wording import Text, month, say
from orchestration.documents.edition import Edition
from orchestration.documents.texts import one_line

STATED = ("publisher", "contact", "licence")


def imprint(edition: Edition) -> list[tuple[Text, str]]:
    """The facts that are known, each with its label; what is not stated is left out."""
    known = edition.imprint
    facts = []
    for name in STATED:
        value = getattr(known, name)
        if value:
            label = say(f"imprint_{name}")
            facts.append((label, one_line(value)))
    if known.release_time:
        label = say("imprint_release")
        facts.append((label, clock_time(known.release_time)))
    if known.next_period and known.next_release_time:
        label = say("imprint_next", month=month(known.next_period))
        facts.append((label, clock_time(known.next_release_time)))
    return facts


def clock_time(moment: str) -> str:
    """A moment in ISO 8601 as people read it, in its own offset."""
    return f"{datetime.fromisoformat(moment):%Y-%m-%d %H:%M}"
