"""Approvals: signed statements of people that exactly the bytes prepared are to be published, kept in the ledger and with the release.

Each is a file `approvals/<n>.json`, of the fields SIGNED, and its signature `<n>.json.sig`, which is over the bytes of that file:
`ssh-keygen -Y verify -f allowed_signers -I NAME -n union-health-index-release -s 1.json.sig < 1.json`. `digest` is the SHA-256 of
`SHA256SUMS` and `record` that of `record.json`, hence of every byte of the release but these files; `at` is signed too, so that a key that
ends later still counts. The files are numbered in the order given, for a person's name may be none for a file. Whoever overrode a check may
approve too; whoever prepared the candidate may not.
"""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from orchestration import files
from orchestration.errors import VerificationError
from orchestration.overrides import OWN_CANDIDATE, malformed, same_name
from orchestration.periods import Period
from orchestration.release import signing

NAMESPACE = "union-health-index-release"
FOLDER = "approvals"
SIGNED = ("period", "digest", "record", "by", "at")
NEEDED = 2

Approval = dict[str, str]


def make_approval(period: Period, digest: str, record: str, by: str, key_file: Path) -> Approval:
    """An approval of the release whose list of digests and record have these SHA-256, signed now. Raises UsageError for an unfit key."""
    entry = dict(zip(SIGNED, (str(period), digest, record, by, datetime.now(UTC).isoformat(timespec="seconds")), strict=True))
    return entry | {"signature": signing.sign(signed_bytes(entry), key_file, NAMESPACE)}


def signed_bytes(entry: Approval) -> bytes:
    """What the signature of an approval is over: the bytes of its file."""
    return files.to_json({name: entry[name] for name in SIGNED}).encode()


def recorded_approvals(entries: list[dict[str, Any]], period: Period, digest: str) -> list[Approval]:
    """The approvals of a release with that digest among entries of the ledger, in order, whether they hold or not."""
    return [
        {name: entry[name] for name in (*SIGNED, "signature") if name in entry}
        for entry in entries
        if (entry["event"], entry.get("period"), entry.get("digest")) == ("approval", str(period), digest)
    ]


def write_approvals(release: Path, entries: list[Approval]) -> None:
    """Put these approvals in the place of those that a prepared release has; a reader sees them all, or none."""
    with files.scratch_folder(release.with_name(f".{release.name}")) as scratch:
        (scratch / FOLDER).mkdir()
        for number, entry in enumerate(entries, start=1):
            (scratch / FOLDER / f"{number}.json").write_bytes(signed_bytes(entry))
            (scratch / FOLDER / f"{number}.json.sig").write_text(entry["signature"], encoding="ascii")
        if (release / FOLDER).exists():
            (release / FOLDER).rename(scratch / "superseded")
        files.rename_folder(scratch / FOLDER, release / FOLDER)


def approvals_in(release: Path) -> list[Approval]:
    """The approvals that a release carries, in order. Raises VerificationError where their files are not as they are written here."""
    folder = release / FOLDER
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    statements = [f"{number}.json" for number in range(1, len(names) // 2 + 1)]
    if names != sorted([*statements, *(f"{name}.sig" for name in statements)]):
        raise VerificationError(f"{folder} holds other files than approvals and their signatures, numbered from 1.")
    return [read_approval(folder / name) for name in statements]


def read_approval(file: Path) -> Approval:
    """An approval with its signature, from its two files. Raises VerificationError."""
    try:
        content = file.read_bytes()
        entry = json.loads(content)
        signature = file.with_name(f"{file.name}.sig").read_text(encoding="ascii")
        is_written_here = isinstance(entry, dict) and set(entry) == set(SIGNED) and signed_bytes(entry) == content
    except ValueError:
        is_written_here = False
    if not is_written_here:
        raise VerificationError(f"{file} and its signature are no approval as it is written.")
    return {**entry, "signature": signature}


def faults(
    verdict: dict[str, Any],
    digest: str,
    record: str,
    entries: list[Approval],
    allowed_signers: Path | None,
    prepared_at: str | None = None,
) -> list[str]:
    """Why approvals do not hold for the release of a verdict, each in words; without allowed signers the signatures are not verified.

    digest, record: SHA-256 of the release's list of digests and of its record; prepared_at: when the ledger recorded it, before which
    nobody can have approved it. Raises UsageError where the file of allowed signers is unsound.
    """
    found: list[str] = []
    people: list[frozenset[str]] = []
    for entry in entries:
        names = frozenset({str(entry.get("by"))})
        fault = malformed(entry, SIGNED) or objection((verdict["period"], digest, record), verdict["prepared_by"], entry, prepared_at)
        if not fault and allowed_signers:
            try:
                names = signing.verify_signature(
                    signed_bytes(entry), entry["signature"], entry["by"], allowed_signers, NAMESPACE, datetime.fromisoformat(entry["at"])
                )
            except VerificationError as error:
                fault = str(error)
        if not fault and is_one_of(verdict["prepared_by"], names):
            fault = OWN_CANDIDATE
        if not fault and any(is_one_of(name, person) for name in names for person in people):
            fault = "the same person has approved already"
        people.append(names)
        if fault:
            found.append(f"the approval by {entry.get('by')} does not hold: {fault}")
    return found


def objection(made: tuple[str, str, str], prepared_by: str | None, entry: Approval, prepared_at: str | None) -> str | None:
    """Why a release of that period, list of digests and record allows no such approval, whoever signed it."""
    is_dated_before = prepared_at and datetime.fromisoformat(entry["at"]) < datetime.fromisoformat(prepared_at)
    grounds = {
        "it is for other bytes": (entry["period"], entry["digest"], entry["record"]) != made,
        "it is dated before what it approves was prepared": is_dated_before,
        "the candidate does not say who prepared it; run it again with --as": not prepared_by,
    }
    return next((ground for ground, holds in grounds.items() if holds), None)


def is_one_of(name: str, names: frozenset[str]) -> bool:
    """Whether a name is among those of a person, in whatever case."""
    return any(same_name(name, other) for other in names)


def shortage(entries: list[Approval]) -> list[str]:
    """That approvals are too few, in words that name whose they are; nothing where they suffice."""
    if len(entries) >= NEEDED:
        return []
    whose = f", by {', '.join(entry['by'] for entry in entries)}" if entries else ""
    return [f"it has {len(entries) or 'none'} of the {NEEDED} approvals that it needs{whose}"]
