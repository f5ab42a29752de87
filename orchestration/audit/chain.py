"""`uhi ledger verify`: whether the ledger is as it was written.

Two things are checked: the ledger's own chain, and what the releases say of the ledger. Each line
names the SHA-256 of the line before, so a line that is edited, removed, inserted or moved breaks
the chain. Where the ledger was written anew from some line on, or its end was cut off, a head that
a release names is no longer a line of it, or an entry that a release carries is not in it. A last
entry that no release names or carries could be removed without a trace.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from orchestration.errors import UsageError, VerificationError
from orchestration.home import files, ledger
from orchestration.home.layout import RETRACTED, Home, period_folders, release_folders
from orchestration.home.records.release import Manifest, PreparationRecord, PublicationRecord
from orchestration.home.releases import TOMBSTONE
from orchestration.release import bundle
from orchestration.release.context import SUMS
from orchestration.signatures import approvals

Entry = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong: in which line of the ledger, or in which file that contradicts the ledger."""

    line: int | None
    file: str | None
    fault: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.fault}" if self.line else f"{self.file}: {self.fault}"


def verify(home: Home) -> dict[str, Any]:
    """Check a home's ledger.

    Returns, as JSON, its lines, its head, how many releases it was held against, and the faults
    found.

    Raises UsageError where there is nothing to check, VerificationError where a release's approvals
    cannot be read.
    """
    lines = ledger.complete_lines(home)
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    entries = [entry_of(line) for line in lines]
    published = release_folders(home.releases)
    releases = [
        place
        for place in (*published, *release_folders(home.retracted))
        if (place / SUMS).is_file()
    ]
    prepared = period_folders(home.preparations)
    if not (lines or releases or prepared):
        raise UsageError(f"{home} has no ledger and no release; set UHI_HOME.")
    heads = {head: file for place in (*releases, *prepared) for file, head in heads_in(place)}
    faults = [
        *chain_faults(hashes, entries, set(heads)),
        *(
            Fault(
                None,
                str(file.relative_to(home.folder)),
                f"the ledger's head was {head} then, which no line has: it was edited or cut since",
            )
            for head, file in heads.items()
            if head not in hashes
        ),
        *(
            fault
            for place in (*releases, *prepared)
            for fault in missing_entries(home, place, entries)
        ),
        *(
            fault
            for place in published
            if (stone := place / TOMBSTONE).is_file()
            for fault in missing(home, stone, retracted(stone), entries)
        ),
        *lost_releases(home, entries),
    ]
    return {
        "lines": len(lines),
        "head": ledger.head(home),
        "releases": len(releases) + len(prepared),
        "faults": [asdict(fault) | {"text": str(fault)} for fault in faults],
    }


def entry_of(line: bytes) -> Entry:
    """What a line says; nothing where it cannot be read."""
    try:
        entry = json.loads(line)
    except ValueError:
        return {}
    return entry if isinstance(entry, dict) else {}


def chain_faults(
    hashes: list[str],
    entries: list[Entry],
    heads: set[str],
) -> Iterator[Fault]:
    """Where the chain breaks, and by which change. hashes, entries: of the lines.

    heads: those that releases name, hence were lines.
    """
    before = [ledger.BEGINNING, *hashes]
    places = {digest: number for number, digest in reversed(list(enumerate(before)))}
    named = {entry.get("previous") for entry in entries}
    origins = [
        number
        if entry.get("previous") == before[number]
        else places.get(str(entry.get("previous")))
        for number, entry in enumerate(entries)
    ]
    inserted = {
        between
        for number, origin in enumerate(origins, start=1)
        if origin is not None
        for between in range(origin + 1, number)
        if hashes[between - 1] not in named
    }
    for number, origin in enumerate(origins, start=1):
        if number in inserted:
            yield Fault(
                number, None, "it was inserted; the line after it was written when it was not there"
            )
        elif "previous" not in entries[number - 1]:
            yield Fault(number, None, "it cannot be read; it was edited")
        elif origin is None:
            yield from unbound(number, hashes, entries, heads)
        elif origin != number - 1 and not inserted.intersection(range(origin + 1, number)):
            yield Fault(
                number,
                None,
                f"it is out of order; it was written directly after what is line {origin} now",
            )


def unbound(
    number: int,
    hashes: list[str],
    entries: list[Entry],
    heads: set[str],
) -> Iterator[Fault]:
    """Why a line names one before it that is not there."""
    before = number - 1
    if not before:
        yield Fault(
            number, None, "it is not the first that was written; what stood before it was removed"
        )
    elif hashes[before - 1] in heads:
        yield Fault(number, None, f"what stood between it and line {before} was removed")
    elif "previous" in entries[before - 1]:
        yield Fault(
            number,
            None,
            f"it does not follow line {before} as that is now: line {before} was edited, "
            "or what stood between was removed",
        )


def heads_in(place: Path) -> Iterator[tuple[Path, str]]:
    """The heads of the ledger that a release names: at its preparation and at its publication."""
    kinds = ((bundle.RECORD, PreparationRecord), (bundle.PUBLICATION, PublicationRecord))
    for name, kind in kinds:
        if (place / name).is_file():
            yield place / name, kind.read(place / name, VerificationError).ledger_head


def missing_entries(
    home: Home,
    place: Path,
    entries: list[Entry],
) -> Iterator[Fault]:
    """What a release or a prepared folder carries that the ledger does not have."""
    published = place.parent.name != "prepared"
    if absent := [
        name
        for name in (*bundle.RECORDS, bundle.OVERRIDES, *[bundle.PUBLICATION] * published)
        if not (place / name).is_file()
    ]:
        yield from (
            Fault(None, str((place / name).relative_to(home.folder)), "it is missing")
            for name in absent
        )
        return
    period = Manifest.read(place / "manifest.json", VerificationError).period
    sums = files.sha256_of(place / SUMS)
    made = {"period": period, "digest": sums}
    expected: list[tuple[str, Entry]] = [
        (
            "verdict.json",
            {
                "event": "verdict",
                "period": period,
                "digest": files.sha256_of(place / "verdict.json"),
            },
        ),
        (
            bundle.RELEASE_VERDICT,
            {
                "event": "release_verdict",
                "period": period,
                "digest": files.sha256_of(place / bundle.RELEASE_VERDICT),
            },
        ),
        (bundle.RECORD, {"event": "prepared", **made, "record": bundle.record_digest(place)}),
        *(
            (bundle.OVERRIDES, {"event": "override", **entry})
            for entry in files.read_json(place / bundle.OVERRIDES, VerificationError, list)
        ),
        *(
            (f"{approvals.FOLDER}/{number}.json", {"event": "approval", **entry.as_json()})
            for number, entry in enumerate(approvals.approvals_in(place), 1)
        ),
    ]
    if published:
        record = place / bundle.PUBLICATION
        expected.append(
            (
                bundle.PUBLICATION,
                {
                    "event": "publication",
                    **made,
                    "release": place.name,
                    "record": files.sha256_of(record),
                },
            )
        )
        expected += [
            (bundle.PUBLICATION, {"event": "preview", **made, **entry.as_json()})
            for entry in PublicationRecord.read(record, VerificationError).previews
        ]
    if place.parents[1].name == RETRACTED:
        expected.append((SUMS, {"event": "retraction", **made, "release": place.name}))
    for name, entry in expected:
        yield from missing(home, place / name, entry, entries)


def retracted(tombstone: Path) -> Entry:
    """The ledger's entry of which a tombstone was made."""
    return {"event": "retraction", **files.read_json(tombstone, VerificationError)}


def missing(
    home: Home,
    file: Path,
    expected: Entry,
    entries: list[Entry],
) -> Iterator[Fault]:
    """That the ledger has no entry with what a file says."""
    if not any(expected.items() <= entry.items() for entry in entries):
        by = f" by {expected['by']}" if "by" in expected else ""
        yield Fault(
            None,
            str(file.relative_to(home.folder)),
            f"the ledger has no line of this {expected['event']}{by}: it was edited or removed",
        )


def lost_releases(home: Home, entries: list[Entry]) -> Iterator[Fault]:
    """Lines that tell of releases which are not there."""
    for number, entry in enumerate(entries, start=1):
        if entry.get("event") == "publication":
            places = [
                room / str(entry.get("period")) / str(entry.get("release"))
                for room in (home.releases, home.retracted)
            ]
            if not any(place.is_dir() for place in places):
                yield Fault(
                    number,
                    None,
                    f"the release {entry.get('period')} {entry.get('release')} that it tells of "
                    "is not there",
                )
