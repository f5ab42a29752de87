"""Overrides: a person's signed exception, with its reason, for one check of one verdict.

They are kept in the ledger and shown in the release. What is signed is the JSON object of the
fields but the signature, keys in order, without spaces, in UTF-8: `jq -cjS 'del(.signature)'`.
"""

import json
from collections.abc import Iterable, Sequence
from itertools import zip_longest
from pathlib import Path

from orchestration.home.events import Overridden
from orchestration.home.ledger import Mark
from orchestration.home.records.signed import Override
from orchestration.home.records.verdict import Verdict
from orchestration.periods import Period
from orchestration.signatures import people
from orchestration.signatures.statement import (
    NO_PREPARER,
    OWN_CANDIDATE,
    Kind,
    is_before,
)
from quality.verdict import Check, stopping


def bytes_of(stated: dict[str, str]) -> bytes:
    """What a person signs of an override: its fields as JSON, in the order of their names."""
    text = json.dumps(
        stated,
        ensure_ascii=False,
        sort_keys=True,
        separators=(",", ":"),
    )
    return text.encode()


OVERRIDE = Kind("union-health-index-override", Override, bytes_of)


def make_override(
    period: Period,
    check: str,
    reason: str,
    by: str,
    verdict_digest: str,
    key_file: Path,
    mark: Mark,
) -> Override:
    """An override of a check of the verdict with that SHA-256, signed now.

    mark: how far the ledger is. Raises UsageError where the key cannot be used.
    """
    stated = {
        "period": str(period),
        "check": check,
        "reason": reason,
        "verdict": verdict_digest,
    }
    return OVERRIDE.make(stated, by, key_file, mark)


def as_overrides(events: Iterable[Overridden]) -> list[Override]:
    """The overrides of such events, as a release carries them."""
    fields = [event.model_dump(exclude={"event"}, exclude_none=True) for event in events]
    return [Override(**stated) for stated in fields]


def not_overridden(verdict: Verdict, entries: Sequence[Override]) -> list[Check]:
    """The checks of a verdict that stop a release and of which there is no override."""
    overridden = {entry.check for entry in entries}
    return [check for check in stopping(verdict.checks) if check.name not in overridden]


def releasable(verdict: Verdict, entries: Sequence[Override]) -> bool:
    """Whether a verdict passed, or is refused for nothing but checks that are overridden."""
    if verdict.passed:
        return True
    is_overridden = not not_overridden(verdict, entries)
    return is_overridden and bool(stopping(verdict.checks))


def invalid_reasons(
    verdict: Verdict,
    verdict_digest: str,
    entries: Sequence[Override],
    allowed_signers: Path | None,
    times: Sequence[str | None] = (),
    judged_at: str | None = None,
) -> list[str]:
    """Why overrides do not hold for a verdict, each in words.

    Without allowed signers the signatures are not verified.

    times: for each, a time before which it cannot have been signed, where that is known; judged_at:
    when the ledger recorded the verdict, before which nobody can have overridden it.
    Raises UsageError where the file of allowed signers is unsound.
    """
    found = []
    overridden = set[str]()
    for entry, time in zip_longest(entries, times):
        fault = rejection_reason(verdict, verdict_digest, entry)
        if not fault and judged_at and is_before(entry.at, judged_at):
            fault = "it is dated before the verdict that it is for"
        if not fault and entry.check in overridden:
            fault = "the check is overridden already"
        if not fault:
            fault = OVERRIDE.signer(entry, allowed_signers, verdict.prepared_by, time).fault
        if fault:
            found.append(f"the override of {entry.check} by {entry.by} does not hold: {fault}")
        overridden.add(entry.check)
    return found


def rejection_reason(
    verdict: Verdict,
    verdict_digest: str,
    entry: Override,
) -> str | None:
    """Why this verdict allows no such override, whoever signed it."""
    check = verdict.check(entry.check)
    if (entry.period, entry.verdict) != (verdict.period, verdict_digest):
        return "it is for another verdict"
    if check is None:
        return "the verdict has no such check"
    preparers = frozenset(filter(None, [verdict.prepared_by]))
    is_own = people.share_a_name(preparers, frozenset({entry.by}))
    grounds = {
        "the check did not run, so there is nothing to answer for": not check.executed,
        "the check passed": check.passed,
        "the check only warns": check.severity == "warn",
        "the check allows no override": check.override != "allowed",
        NO_PREPARER: not verdict.prepared_by,
        OWN_CANDIDATE: is_own,
    }
    reasons = [ground for ground, holds in grounds.items() if holds]
    return reasons[0] if reasons else None
