"""Checks, their results, and the verdict on what was judged.

The executed checks are compared with the required ones. The verdict is bound to the digests of what
was judged.

A required check that is missing, or did not execute, counts as not passed.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from quality.check_entries import ListedSeverity, entries_judged_by, hold_against_entries
from quality.edited_files import Day, Digest, EditedFileError, Entry, Line, read_yaml

Severity = Literal["stop", "warn"]
REQUIRED = Path(__file__).with_name("required_checks.yml")
APPROVED = Path(__file__).with_name("approved_methodologies.yml")


class RequiredChecks(Entry):
    """The names of the required checks, by what a failure of theirs does."""

    stop: list[Line] = Field(min_length=1)
    stop_unless_overridden: list[Line]
    warn: list[Line]


class Approval(Entry):
    """The approval of a version of the methodology: its name, its day, and who approved it."""

    methodology: Line
    approved_on: Day
    approved_by: Line


REQUIRED_CHECKS = TypeAdapter(RequiredChecks)
APPROVALS = TypeAdapter(dict[Digest, Approval])


@dataclass(frozen=True)
class CheckResult:
    """What a check found: whether it executed and passed, and what it observed.

    That is in plain words or figures, never a row's personal values.
    """

    name: str
    passed: bool
    observed: str
    executed: bool = True


class Check(BaseModel):
    """A check as a verdict lists it.

    executed: whether it ran; override: whether a person can answer for an exception.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    passed: bool
    observed: str
    executed: bool
    required: bool
    severity: Severity
    override: Literal["allowed", "none"]

    @property
    def succeeded(self) -> bool:
        """Whether it ran and passed."""
        return self.passed and self.executed


def required_checks() -> dict[str, Severity]:
    """The reviewed list of required checks with their severities."""
    lists = required_lists()
    severities: dict[str, Severity] = {}
    severities |= dict.fromkeys(lists["warn"], "warn")
    severities |= dict.fromkeys(lists["stop"], "stop")
    severities |= dict.fromkeys(lists["stop_unless_overridden"], "stop")
    return severities


def overridable_checks() -> set[str]:
    """The required checks that stop a release unless a person answers for an exception."""
    return set(required_lists()["stop_unless_overridden"])


def required_lists() -> dict[ListedSeverity, list[str]]:
    """The file's three lists of names.

    Raises EditedFileError, also where a check is on them twice, or where its entry in `checks.yml`
    has another severity.
    """
    listed = read_yaml(REQUIRED, REQUIRED_CHECKS)
    lists: dict[ListedSeverity, list[str]] = {
        "stop": listed.stop,
        "stop_unless_overridden": listed.stop_unless_overridden,
        "warn": listed.warn,
    }
    severities: dict[str, ListedSeverity] = {}
    for severity, names in lists.items():
        for name in names:
            if name in severities:
                raise EditedFileError(f"{REQUIRED}: {name} is listed more than once.")
            severities[name] = severity
    entries = entries_judged_by("query") | entries_judged_by("gate")
    hold_against_entries(severities, entries, REQUIRED)
    return lists


def approvals() -> dict[str, Approval]:
    """The approvals of versions of the methodology, by the digest of each.

    Raises EditedFileError.
    """
    return read_yaml(APPROVED, APPROVALS)


def approval_of(digest: str) -> tuple[bool, str]:
    """Whether the digest of a version of the methodology is approved, and by which approval.

    The approval is told in words.
    """
    approval = approvals().get(digest)
    if approval is None:
        return False, f"the digest {digest} is not in {APPROVED.name}"
    named = f"{approval.methodology}, approved on {approval.approved_on} by {approval.approved_by}"
    return True, named


def decide(
    results: Iterable[CheckResult],
    required: dict[str, Severity],
    overridable: Collection[str] = (),
) -> tuple[bool, tuple[Check, ...]]:
    """Whether the candidate passes, and every check as the verdict lists it, by name.

    A check that is not on the list stops; one that is on it twice is a defect of the gate
    (ValueError).
    """
    found: dict[str, CheckResult] = {}
    for result in results:
        if result.name in found:
            message = f"The check {result.name} reported twice."
            raise ValueError(message)
        found[result.name] = result
    for name in required.keys() - found.keys():
        found[name] = CheckResult(
            name,
            passed=False,
            observed="did not report",
            executed=False,
        )
    checks = [check_of(found[name], required, overridable) for name in sorted(found)]
    passes = bool(required) and not stopping(checks)
    return passes, tuple(checks)


def check_of(
    result: CheckResult,
    required: dict[str, Severity],
    overridable: Collection[str],
) -> Check:
    """A result as the verdict lists it."""
    return Check(
        name=result.name,
        passed=result.passed,
        observed=result.observed,
        executed=result.executed,
        required=result.name in required,
        severity=required.get(result.name, "stop"),
        override="allowed" if result.name in overridable else "none",
    )


def stopping(checks: Iterable[Check]) -> list[Check]:
    """The checks that stop a release."""
    return [check for check in checks if check.severity == "stop" and not check.succeeded]
