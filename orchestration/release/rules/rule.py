"""What a rule is, and how a list of rules is asked."""

from collections.abc import Callable, Sequence
from typing import TypeVar

S = TypeVar("S")
Rule = Callable[[S], str | None]


def reasons_against(rules: Sequence[Rule[S]], state: S) -> list[str]:
    """The reasons of those rules that speak against a state, in their order."""
    reasons = [rule(state) for rule in rules]
    return list(filter(None, reasons))


def reason_of(error: Exception) -> str:
    """What an error says, as a reason that stands within a sentence."""
    return str(error).rstrip(".")


def joined(reasons: Sequence[str]) -> str | None:
    """Several reasons of one rule as one; None without any."""
    return "; ".join(reasons) or None
