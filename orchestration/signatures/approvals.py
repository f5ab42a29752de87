"""Approvals: statements, signed by people, that exactly the prepared bytes are to be published.

They are kept in the ledger and with the release. Each is a file `approvals/<n>.json` with its
fields, and its signature `<n>.json.sig` over the bytes of that file. This verifies one:
`ssh-keygen -Y verify -f allowed_signers -I NAME -n union-health-index-release -s 1.json.sig
< 1.json`.

`digest` is the SHA-256 of `SHA256SUMS` and `record` that of `record.json`, so together they bind
every byte of the release but these files. `public` is the SHA-256 of `public/SHA256SUMS`, by which
the public edition verifies alone (releases of format 1 have none). `at` is signed too, so an
approval by a key that ends later still counts.

`ledger_head` and `ledger_at` say how far the ledger was: its head, and the latest time of its
lines. The key must be valid at the latest of `at`, `ledger_at`, the release's preparation and the
approvals before it, so that a clock that is set back does not bring back a key. Where the ledger is
at hand, its own lines count. What no line has told since the key ended, nobody can tell.

The files are numbered in the order given, because a person's name may not be a valid file name.
Whoever overrode a check may approve too; whoever prepared the candidate may not.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

from orchestration.contract.parameters import parameters
from orchestration.errors import VerificationError
from orchestration.home import files
from orchestration.home.events import Approved, latest
from orchestration.home.ledger import Mark
from orchestration.home.records.signed import Approval
from orchestration.signatures.statement import NO_PREPARER, Kind, Signer, is_before

FOLDER = "approvals"


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
        stated = {
            "period": self.period,
            "digest": self.digest,
            "record": self.record,
        }
        if self.public is not None:
            stated["public"] = self.public
        return stated


def bytes_of(stated: dict[str, str]) -> bytes:
    """What a person signs of an approval: its fields as JSON, in the order of the type."""
    return files.to_json(stated).encode()


APPROVAL = Kind("union-health-index-release", Approval, bytes_of)


def make_approval(
    of: Approvable,
    by: str,
    key_file: Path,
    mark: Mark,
) -> Approval:
    """An approval of a release, signed now; mark: how far the ledger is.

    Raises UsageError for an unfit key.
    """
    return APPROVAL.make(of.named(), by, key_file, mark)


def as_approvals(events: Sequence[Approved]) -> list[Approval]:
    """The approvals of such events, as a release carries them."""
    fields = [event.model_dump(exclude={"event"}, exclude_none=True) for event in events]
    return [Approval(**stated) for stated in fields]


def write_approvals(release: Path, entries: Sequence[Approval]) -> None:
    """Put these approvals in the place of those that a prepared release has.

    A reader sees them all, or none.
    """
    place_approvals(release, entries, release)
    shutil.rmtree(release / "public" / FOLDER, ignore_errors=True)


def place_approvals(
    folder: Path,
    entries: Sequence[Approval],
    release: Path,
) -> None:
    """Put approvals into a folder of a release, in the place of any there.

    They are written beside the release first, where one that is interrupted leaves nothing in it.
    """
    place = folder / FOLDER
    with files.scratch_folder(release.with_name(f".{release.name}")) as scratch:
        written = scratch / FOLDER
        written.mkdir()
        for number, entry in enumerate(entries, start=1):
            write_approval(written / f"{number}.json", entry)
        if place.exists():
            place.rename(scratch / "superseded")
        files.rename_folder(written, place)


def write_approval(file: Path, entry: Approval) -> None:
    """Write an approval, and its signature beside it."""
    file.write_bytes(APPROVAL.signed_bytes(entry))
    file.with_name(f"{file.name}.sig").write_text(entry.signature, encoding="ascii")


def approvals_in(release: Path) -> list[Approval]:
    """The approvals that a release carries, in order.

    Raises VerificationError where their files are not as they are written here.
    """
    folder = release / FOLDER
    names = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    count = len(names) // 2
    statements = [f"{number}.json" for number in range(1, count + 1)]
    signatures = [f"{name}.sig" for name in statements]
    if names != sorted([*statements, *signatures]):
        raise VerificationError(
            f"{folder} holds other files than approvals and their signatures, numbered from 1."
        )
    return [read_approval(folder / name) for name in statements]


def read_approval(file: Path) -> Approval:
    """An approval with its signature, from its two files. Raises VerificationError."""
    try:
        content = files.read_kept(file)
        signature = files.read_kept(file.with_name(f"{file.name}.sig")).decode("ascii")
        stated = files.parse_json(content) | {"signature": signature}
        entry = Approval(**stated)
        is_written_here = APPROVAL.signed_bytes(entry) == content
    except (ValueError, TypeError):
        is_written_here = False
    if not is_written_here:
        raise VerificationError(f"{file} and its signature are no approval as it is written.")
    return entry


def times_in_order(
    entries: Sequence[Approval],
    prepared_at: str | None = None,
) -> list[str | None]:
    """For each approval of a release, the latest time that the release tells of before it.

    prepared_at: when it was prepared, where that is known.
    """
    found = []
    reached = prepared_at
    for entry in entries:
        found.append(reached)
        reached = latest(filter(None, (reached, entry.at, entry.ledger_at)))
    return found


def invalid_reasons(
    of: Approvable,
    prepared_by: str | None,
    entries: Sequence[Approval],
    allowed_signers: Path | None,
    times: Sequence[str | None],
    prepared_at: str | None = None,
) -> list[str]:
    """Why approvals do not hold for a release, each in words.

    Without allowed signers the signatures are not verified.

    prepared_by: who prepared its candidate; times: for each approval, a time before which it cannot
    have been signed; prepared_at: when the ledger recorded the release, before which nobody can
    have approved it. Raises UsageError where the file of allowed signers is unsound.
    """
    objections = [rejection_reason(of, prepared_by, entry, prepared_at) for entry in entries]
    return faults_of_people(entries, allowed_signers, times, prepared_by, objections)


def faults_of_people(
    entries: Sequence[Approval],
    allowed_signers: Path | None,
    times: Sequence[str | None],
    prepared_by: str | None = None,
    objections: Sequence[str | None] = (),
) -> list[str]:
    """Why approvals do not hold, or are not by different people who may approve.

    times: for each, a time before which it cannot have been signed; objections: what has been found
    against each already, if anything.
    """
    found: list[str] = []
    earlier: list[Signer] = []
    for entry, time, objection in zip_longest(entries, times, objections):
        signer = APPROVAL.signer(entry, allowed_signers, prepared_by, time)
        fault = objection or signer.fault
        if not fault and any(signer.is_person(other) for other in earlier):
            fault = "the same person has approved already"
        earlier.append(signer)
        if fault:
            found.append(f"the approval by {entry.by} does not hold: {fault}")
    return found


def rejection_reason(
    of: Approvable,
    prepared_by: str | None,
    entry: Approval,
    prepared_at: str | None,
) -> str | None:
    """Why a release allows no such approval, whoever signed it."""
    signed = Approvable(
        entry.period,
        entry.digest,
        entry.record,
        entry.public,
    )
    if signed != of:
        return "it is for other bytes"
    if prepared_at and is_before(entry.at, prepared_at):
        return "it is dated before what it approves was prepared"
    if not prepared_by:
        return NO_PREPARER
    return None


def shortage(entries: Sequence[Approval]) -> list[str]:
    """That approvals are too few, in words that name whose they are; nothing where they suffice."""
    needed = parameters().approvals_needed
    if len(entries) >= needed:
        return []
    if not entries:
        return [f"it has none of the {needed} approvals that it needs"]
    people = ", ".join(entry.by for entry in entries)
    return [f"it has {len(entries)} of the {needed} approvals that it needs, by {people}"]
