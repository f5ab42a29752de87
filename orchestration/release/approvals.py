"""Approvals: statements, signed by people, that exactly the prepared bytes are to be published.

They are kept in the ledger and with the release. Each is a file `approvals/<n>.json` with the
fields SIGNED, and its signature `<n>.json.sig` over the bytes of that file. This verifies one:
`ssh-keygen -Y verify -f allowed_signers -I NAME -n union-health-index-release -s 1.json.sig
< 1.json`.

`digest` is the SHA-256 of `SHA256SUMS` and `record` that of `record.json`, so together they bind
every byte of the release but these files. `public` is the SHA-256 of `public/SHA256SUMS`, by which
the public edition verifies alone (releases of format 1 have none). `at` is signed too, so an
approval by a key that ends later still counts.

The files are numbered in the order given, because a person's name may not be a valid file name.
Whoever overrode a check may approve too; whoever prepared the candidate may not.
"""

import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any

from orchestration.errors import VerificationError
from orchestration.home import files
from orchestration.overrides import OWN_CANDIDATE, malformed, same_name
from orchestration.periods import Period
from orchestration.release import signing

NAMESPACE = "union-health-index-release"
FOLDER = "approvals"
SIGNED = ("period", "digest", "record", "public", "by", "at")
SIGNED_IN_FORMAT_1 = ("period", "digest", "record", "by", "at")
FORMS = (set(SIGNED), set(SIGNED_IN_FORMAT_1))
NEEDED = 2

Approval = dict[str, str]


@dataclass(frozen=True)
class Approvable:
    """What is approved: a release by its period, and the SHA-256 of its lists and its record.

    digest: of the list of all its files; record: of the record of its preparation; public: of the
    list of its public edition, None in format 1.
    """

    period: str
    digest: str
    record: str
    public: str | None

    def named(self) -> dict[str, str]:
        """What an approval of it says."""
        every = {name: getattr(self, name) for name in ("period", "digest", "record", "public")}
        return {name: text for name, text in every.items() if text is not None}

    @property
    def signed(self) -> tuple[str, ...]:
        """The fields of an approval of it."""
        return SIGNED_IN_FORMAT_1 if self.public is None else SIGNED


def make_approval(of: Approvable, by: str, key_file: Path) -> Approval:
    """An approval of a release, signed now. Raises UsageError for an unfit key."""
    entry = of.named() | {"by": by, "at": datetime.now(UTC).isoformat(timespec="seconds")}
    return entry | {"signature": signing.sign(signed_bytes(entry), key_file, NAMESPACE)}


def signed_bytes(entry: Approval) -> bytes:
    """What the signature of an approval is over: the bytes of its file."""
    return files.to_json({name: entry[name] for name in SIGNED if name in entry}).encode()


def recorded_approvals(
    entries: list[dict[str, Any]], period: Period, digest: str
) -> list[Approval]:
    """The approvals of the release with that digest, from entries of the ledger, in order.

    Approvals that do not hold are among them.
    """
    return [
        {name: entry[name] for name in (*SIGNED, "signature") if name in entry}
        for entry in entries
        if (entry["event"], entry.get("period"), entry.get("digest"))
        == ("approval", str(period), digest)
    ]


def write_approvals(release: Path, entries: list[Approval]) -> None:
    """Put these approvals in the place of those that a prepared release has.

    A reader sees them all, or none.
    """
    place_approvals(release, entries, release)
    shutil.rmtree(release / "public" / FOLDER, ignore_errors=True)


def place_approvals(folder: Path, entries: list[Approval], release: Path) -> None:
    """Put approvals into a folder of a release, in the place of any there.

    They are written beside the release first, where one that is interrupted leaves nothing in it.
    """
    with files.scratch_folder(release.with_name(f".{release.name}")) as scratch:
        (scratch / FOLDER).mkdir()
        for number, entry in enumerate(entries, start=1):
            (scratch / FOLDER / f"{number}.json").write_bytes(signed_bytes(entry))
            (scratch / FOLDER / f"{number}.json.sig").write_text(
                entry["signature"], encoding="ascii"
            )
        if (folder / FOLDER).exists():
            (folder / FOLDER).rename(scratch / "superseded")
        files.rename_folder(scratch / FOLDER, folder / FOLDER)


def approvals_in(release: Path) -> list[Approval]:
    """The approvals that a release carries, in order.

    Raises VerificationError where their files are not as they are written here.
    """
    folder = release / FOLDER
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    statements = [f"{number}.json" for number in range(1, len(names) // 2 + 1)]
    if names != sorted([*statements, *(f"{name}.sig" for name in statements)]):
        raise VerificationError(
            f"{folder} holds other files than approvals and their signatures, numbered from 1."
        )
    return [read_approval(folder / name) for name in statements]


def read_approval(file: Path) -> Approval:
    """An approval with its signature, from its two files. Raises VerificationError."""
    try:
        content = file.read_bytes()
        entry = json.loads(content)
        signature = file.with_name(f"{file.name}.sig").read_text(encoding="ascii")
        is_written_here = (
            isinstance(entry, dict) and set(entry) in FORMS and signed_bytes(entry) == content
        )
    except ValueError:
        is_written_here = False
    if not is_written_here:
        raise VerificationError(f"{file} and its signature are no approval as it is written.")
    return {**entry, "signature": signature}


def faults(
    of: Approvable,
    prepared_by: str | None,
    entries: list[Approval],
    allowed_signers: Path | None,
    prepared_at: str | None = None,
) -> list[str]:
    """Why approvals do not hold for a release, each in words.

    Without allowed signers the signatures are not verified.

    prepared_by: who prepared its candidate; prepared_at: when the ledger recorded the release,
    before which nobody can have approved it. Raises UsageError where the file of allowed signers is
    unsound.
    """
    objections = {
        number: fault
        for number, entry in enumerate(entries)
        if (fault := malformed(entry, of.signed) or objection(of, prepared_by, entry, prepared_at))
    }
    return faults_of_people(entries, allowed_signers, prepared_by, objections)


def faults_of_people(
    entries: list[Approval],
    allowed_signers: Path | None,
    prepared_by: str | None = None,
    objections: Mapping[int, str] = MappingProxyType({}),
) -> list[str]:
    """Why approvals do not hold, or are not by different people who may approve.

    objections: what has been found against an approval already, by its position.
    """
    found: list[str] = []
    people: list[frozenset[str]] = []
    for number, entry in enumerate(entries):
        names = frozenset({str(entry.get("by"))})
        fault = objections.get(number)
        if not fault and allowed_signers:
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
                fault = str(error)
        if not fault and prepared_by and is_one_of(prepared_by, names):
            fault = OWN_CANDIDATE
        if not fault and any(is_one_of(name, person) for name in names for person in people):
            fault = "the same person has approved already"
        people.append(names)
        if fault:
            found.append(f"the approval by {entry.get('by')} does not hold: {fault}")
    return found


def objection(
    of: Approvable, prepared_by: str | None, entry: Approval, prepared_at: str | None
) -> str | None:
    """Why a release allows no such approval, whoever signed it."""
    is_dated_before = False
    if prepared_at:
        approved_at = datetime.fromisoformat(entry["at"])
        is_dated_before = approved_at < datetime.fromisoformat(prepared_at)
    signed = {name: entry.get(name) for name in ("period", "digest", "record", "public")}
    grounds = {
        "it is for other bytes": signed != vars(of),
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
