"""What the verdict on a period's candidate allows: a release, or a signed override of a check.

A refused verdict can be released only where a person signed an override of each check that refused
it.
"""

from dataclasses import replace
from pathlib import Path

from orchestration.errors import RefusedError
from orchestration.home import ledger, locks
from orchestration.home.events import Overridden
from orchestration.home.layout import Home
from orchestration.home.records.signed import Override
from orchestration.periods import Period
from orchestration.plain_text import LONGEST_REASON, stated_line
from orchestration.release.rules.judgement import (
    OVERRIDE,
    PREPARATION,
    Judgement,
    invalid_overrides,
)
from orchestration.release.rules.rule import reasons_against
from orchestration.signatures.overrides import make_override


def sound_judgement(home: Home, period: Period) -> Judgement:
    """The verdict of a period's candidate, read again and held against the bytes as they are now.

    Raises RefusedError with the reasons.
    """
    judgement = Judgement.of_candidate(home, period)
    if reasons := reasons_against(PREPARATION, judgement):
        stated = "; ".join(dict.fromkeys(reasons))
        raise RefusedError(f"{period} cannot be released: {stated}.")
    return judgement


def override(
    home: Home,
    period: Period,
    check: str,
    reason: str,
    by: str,
    key_file: Path,
) -> Override:
    """Record a signed override of one check of the period's verdict; returns it.

    Raises UsageError, and RefusedError with the reasons.
    """
    stated = stated_line(reason, "An override needs its reason", LONGEST_REASON)
    with locks.held(home, str(period)):
        judgement = Judgement.of_candidate(home, period)
        if reasons := reasons_against(OVERRIDE, judgement):
            raise RefusedError(f"{period} cannot be overridden: {'; '.join(reasons)}.")
        entry = make_override(
            period,
            check,
            stated,
            by,
            judgement.digest,
            key_file,
            ledger.mark(home),
        )
        overridden = replace(judgement, overrides=[*judgement.overrides, entry])
        if found := invalid_overrides(overridden):
            raise RefusedError(f"{period} cannot be overridden: {found}.")
        ledger.append(home, Overridden(**entry.as_json()))
    return entry
