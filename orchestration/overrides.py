"""Overrides: a person's signed exception, with its reason, for one check of one verdict.

They are kept in the ledger and shown in the release. What is signed is the JSON object of the
fields SIGNED, keys in order, without spaces, in UTF-8: `jq -cjS 'del(.signature)'`.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration.errors import VerificationError
from orchestration.periods import Period
from orchestration.release import signing

NAMESPACE = "union-health-index-override"
SIGNED = ("period", "check", "reason", "by", "at", "verdict")
OWN_CANDIDATE = "it is by the person who prepared the candidate"

Override = dict[str, str]


def make_override(
    period: Period, check: str, reason: str, by: str, verdict_digest: str, key_file: Path
) -> Override:
    """An override of a check of the verdict with that SHA-256, signed now.

    Raises UsageError where the key cannot be used.
    """
    at = datetime.now(UTC).isoformat(timespec="seconds")
    entry = dict(zip(SIGNED, (str(period), check, reason, by, at, verdict_digest), strict=True))
    return entry | {"signature": signing.sign(signed_bytes(entry), key_file, NAMESPACE)}


def signed_bytes(entry: Override) -> bytes:
    """What the signature of an override is over."""
    signed = {name: entry[name] for name in SIGNED}
    return json.dumps(signed, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def recorded_overrides(
    entries: list[dict[str, Any]], period: str, verdict_digest: str
) -> list[Override]:
    """The overrides of a period's verdict that the ledger has had since it was given, in order.

    Overrides that do not hold are among them.
    """
    found: list[Override] = []
    for entry in entries:
        if entry.get("period") != period:
            continue
        if entry["event"] == "verdict":
            found = []
        elif (entry["event"], entry.get("verdict")) == ("override", verdict_digest):
            found.append({name: entry[name] for name in (*SIGNED, "signature") if name in entry})
    return found


def stopping(verdict: dict[str, Any]) -> list[dict[str, Any]]:
    """The checks of a verdict that stop a release."""
    return [
        check
        for check in verdict["checks"]
        if check["severity"] == "stop" and not (check["passed"] and check["executed"])
    ]


def not_overridden(verdict: dict[str, Any], entries: list[Override]) -> list[dict[str, Any]]:
    """The checks of a verdict that stop a release and of which there is no override."""
    return [
        check
        for check in stopping(verdict)
        if check["name"] not in [entry.get("check") for entry in entries]
    ]


def releasable(verdict: dict[str, Any], entries: list[Override]) -> bool:
    """Whether a verdict passed, or is refused for nothing but checks that are overridden."""
    return bool(verdict["passed"] or (stopping(verdict) and not not_overridden(verdict, entries)))


def faults(
    verdict: dict[str, Any],
    verdict_digest: str,
    entries: list[Override],
    allowed_signers: Path | None,
    judged_at: str | None = None,
) -> list[str]:
    """Why overrides do not hold for a verdict, each in words.

    Without allowed signers the signatures are not verified.

    judged_at: when the ledger recorded the verdict, before which nobody can have overridden it.
    Raises UsageError where the file of allowed signers is unsound.
    """
    found = []
    for number, entry in enumerate(entries):
        fault = malformed(entry, SIGNED) or objection(verdict, verdict_digest, entry)
        if (
            not fault
            and judged_at
            and datetime.fromisoformat(entry["at"]) < datetime.fromisoformat(judged_at)
        ):
            fault = "it is dated before the verdict that it is for"
        if not fault and entry["check"] in [earlier.get("check") for earlier in entries[:number]]:
            fault = "the check is overridden already"
        if not fault and allowed_signers:
            fault = signature_fault(verdict, entry, allowed_signers)
        if fault:
            found.append(
                f"the override of {entry.get('check')} by {entry.get('by')} does not hold: {fault}"
            )
    return found


def malformed(entry: dict[str, str], signed: tuple[str, ...]) -> str | None:
    """What is missing in what a person signed: a signature, a field, a time with its zone."""
    if not entry.get("signature"):
        return "it is not signed"
    if not all(
        isinstance(entry.get(name), str) and entry[name].strip() for name in (*signed, "signature")
    ):
        return "it is incomplete"
    try:
        zone = datetime.fromisoformat(entry["at"]).tzinfo
    except ValueError:
        zone = None
    return None if zone else "its time cannot be read"


def objection(verdict: dict[str, Any], verdict_digest: str, entry: Override) -> str | None:
    """Why this verdict allows no such override, whoever signed it."""
    checks = [check for check in verdict["checks"] if check["name"] == entry["check"]]
    if (entry["period"], entry["verdict"]) != (verdict["period"], verdict_digest):
        return "it is for another verdict"
    if not checks:
        return "the verdict has no such check"
    grounds = {
        "the check did not run, so there is nothing to answer for": not checks[0]["executed"],
        "the check passed": checks[0]["passed"],
        "the check only warns": checks[0]["severity"] == "warn",
        "the check allows no override": checks[0].get("override") != "allowed",
        "the candidate does not say who prepared it; run it again with --as": not verdict[
            "prepared_by"
        ],
        OWN_CANDIDATE: same_name(verdict["prepared_by"] or "", entry["by"]),
    }
    return next((ground for ground, holds in grounds.items() if holds), None)


def same_name(name: str, other: str) -> bool:
    """Whether two names are one, in whatever case."""
    return name.strip().casefold() == other.casefold()


def signature_fault(verdict: dict[str, Any], entry: Override, allowed_signers: Path) -> str | None:
    """Why the signature of an override does not count.

    One reason is that its key is also that of the person who prepared the candidate.
    """
    try:
        names = signing.verify_signature(
            signed_bytes(entry),
            entry["signature"],
            entry["by"],
            allowed_signers,
            NAMESPACE,
            datetime.fromisoformat(entry["at"]),
        )
    except VerificationError as error:
        return str(error)
    return OWN_CANDIDATE if any(same_name(verdict["prepared_by"], name) for name in names) else None
