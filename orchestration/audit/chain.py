"""`uhi ledger verify`: whether the ledger is as it was written.

Two things are checked: the ledger's own chain, and what the releases say of the ledger. Each line
names the SHA-256 of the line before, so a line that is edited, removed, inserted or moved breaks
the chain. Where the ledger was written anew from some line on, or its end was cut off, a head that
a release or a signed statement names is no longer a line of it, or an entry that a release carries
is not in it. A last entry that no release names or carries could be removed without a trace. Times
that run backwards are no fault, for a clock may have been set right, but are told.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

from orchestration.errors import UsageError
from orchestration.home import files, ledger
from orchestration.home.anchors import heads_in
from orchestration.home.layout import (
    PERIOD,
    PREPARATION_RECORD,
    PUBLICATION_RECORD,
    RELEASE,
    RETRACTED,
    SUMS,
    TOMBSTONE,
    Home,
    period_folders,
    release_folders,
)
from orchestration.home.records.release import Manifest, PublicationRecord
from orchestration.release import bundle
from orchestration.signatures import approvals

Entry = dict[str, Any]


@dataclass(frozen=True)
class Fault:
    """What is wrong: in which line of the ledger, or in which file that contradicts the ledger."""

    line: int | None
    file: str | None
    fault: str

    def __str__(self) -> str:
        place = f"line {self.line}" if self.line else self.file
        return f"{place}: {self.fault}"


def verify(home: Home) -> dict[str, Any]:
    """Check a home's ledger.

    Returns, as JSON, its lines, its head, how many releases it was held against, the faults found,
    and where its times run backwards.

    Raises UsageError where there is nothing to check, VerificationError where a release's approvals
    cannot be read.
    """
    lines = ledger.complete_lines(home)
    entries = [entry_of(line) for line in lines]
    places = places_of(home)
    every_place = (*places.released, *places.prepared)
    if not (lines or every_place):
        raise UsageError(f"{home} has no ledger and no release; set UHI_HOME.")
    faults = [
        *faults_of_lines(home, lines, entries, every_place),
        *(fault for place in every_place for fault in missing_entries(home, place, entries)),
        *missing_retractions(home, places.published, entries),
        *lost_releases(home, entries),
    ]
    return {
        "lines": len(lines),
        "head": ledger.head(home),
        "releases": len(every_place),
        "faults": [asdict(fault) | {"text": str(fault)} for fault in faults],
        "times_backwards": list(times_backwards(entries)),
    }


def times_backwards(entries: list[Entry]) -> Iterator[str]:
    """The lines whose time is before that of the line above; entries: of the lines."""
    times = [time_of(entry) for entry in entries]
    for number, (above, time) in enumerate(pairwise(times), start=2):
        if above and time and time < above:
            yield (
                f"line {number}: its time, {time.isoformat()}, is before that of line "
                f"{number - 1}, {above.isoformat()}"
            )


def time_of(entry: Entry) -> datetime | None:
    """When an entry was written; None where it does not say."""
    try:
        return datetime.fromisoformat(str(entry.get("at"))).astimezone(UTC)
    except ValueError:
        return None


@dataclass(frozen=True)
class Places:
    """The folders of a home's releases.

    published: of those that were published, also where only the tombstone is left; released: of
    those whose files are there, retracted ones too; prepared: of those that are prepared.
    """

    published: list[Path]
    released: list[Path]
    prepared: list[Path]


def places_of(home: Home) -> Places:
    """The folders of a home's releases."""
    published = release_folders(home.releases)
    every = [*published, *release_folders(home.retracted)]
    released = [place for place in every if (place / SUMS).is_file()]
    return Places(published, released, period_folders(home.preparations))


def faults_of_lines(
    home: Home,
    lines: list[bytes],
    entries: list[Entry],
    places: Sequence[Path],
) -> Iterator[Fault]:
    """Where the chain of the lines breaks, and heads that releases name and no line has."""
    hashes = [hashlib.sha256(line).hexdigest() for line in lines]
    heads = {head: file for place in places for file, head in heads_in(place)}
    broken = list(chain_faults(hashes, entries, set(heads)))
    yield from broken or signed_elsewhere(hashes, entries)
    for head, file in heads.items():
        if head not in hashes:
            yield Fault(
                None,
                str(file.relative_to(home.folder)),
                f"the ledger's head was {head} then, which no line has: it was edited or cut since",
            )


def signed_elsewhere(hashes: list[str], entries: list[Entry]) -> Iterator[Fault]:
    """The lines of a whole chain that hold what a person signed on other lines than those above.

    hashes, entries: of the lines.
    """
    reached: datetime | None = None
    times: dict[object, datetime | None] = {}
    for number, (digest, entry) in enumerate(zip(hashes, entries, strict=True), start=1):
        head, stated = entry.get("ledger_head"), time_of({"at": entry.get("ledger_at")})
        if head is not None and (head not in times or times[head] != stated):
            signed = f"what {entry.get('by')} signed in it"
            yield Fault(number, None, f"{signed} was signed on other lines than those above it")
        reached = max(filter(None, (reached, time_of(entry))), default=None)
        times[digest] = reached


def missing_retractions(
    home: Home,
    published: Sequence[Path],
    entries: list[Entry],
) -> Iterator[Fault]:
    """What tombstones say that the ledger does not have."""
    for place in published:
        stone = place / TOMBSTONE
        if stone.is_file():
            yield from missing(home, stone, retracted(stone), entries)


def entry_of(line: bytes) -> Entry:
    """What a line says; nothing where it cannot be read."""
    try:
        entry = files.parse_json(line)
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
    origins = origins_of(before, entries)
    inserted = inserted_lines(origins, hashes, entries)
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


def origins_of(before: list[str], entries: list[Entry]) -> list[int | None]:
    """The number of the line that each line names as the one before it; None where it is not there.

    before: the hash of what comes before each line, and of the last line.
    """
    places: dict[str, int] = {}
    for number, digest in enumerate(before):
        places.setdefault(digest, number)
    origins: list[int | None] = []
    for number, entry in enumerate(entries):
        previous = entry.get("previous")
        is_next = previous == before[number]
        origins.append(number if is_next else places.get(str(previous)))
    return origins


def inserted_lines(
    origins: list[int | None],
    hashes: list[str],
    entries: list[Entry],
) -> set[int]:
    """The lines that no other names, between a line and the one that it was written after."""
    named = {str(entry.get("previous")) for entry in entries}
    inserted = set()
    for number, origin in enumerate(origins, start=1):
        if origin is not None:
            between = range(origin + 1, number)
            inserted |= {line for line in between if hashes[line - 1] not in named}
    return inserted


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


def missing_entries(
    home: Home,
    place: Path,
    entries: list[Entry],
) -> Iterator[Fault]:
    """What a release or a prepared folder carries that the ledger does not have."""
    absent = [name for name in records_due(place) if not (place / name).is_file()]
    if absent:
        for name in absent:
            yield Fault(None, str((place / name).relative_to(home.folder)), "it is missing")
        return
    for name, entry in expected_entries(place):
        yield from missing(home, place / name, entry, entries)


def is_prepared(place: Path) -> bool:
    """Whether a folder is that of a release which is prepared, and not yet published."""
    return place.parent.name == "prepared"


def records_due(place: Path) -> list[str]:
    """The names of the records that a release has, or a prepared one."""
    names = [*bundle.RECORDS, bundle.OVERRIDES]
    return names if is_prepared(place) else [*names, PUBLICATION_RECORD]


def expected_entries(place: Path) -> Iterator[tuple[str, Entry]]:
    """What the ledger must have of a release or a prepared one, each with the file that says so."""
    period = Manifest.read(place / "manifest.json").period
    made = {"period": period, "digest": files.sha256_of(place / SUMS)}
    for event, name in (("verdict", "verdict.json"), ("release_verdict", bundle.RELEASE_VERDICT)):
        digest = files.sha256_of(place / name)
        yield name, {"event": event, "period": period, "digest": digest}
    record = bundle.record_digest(place)
    yield PREPARATION_RECORD, {"event": "prepared", **made, "record": record}
    for override in files.read_json(place / bundle.OVERRIDES, holding=list):
        yield bundle.OVERRIDES, {"event": "override", **override}
    for number, approval in enumerate(approvals.approvals_in(place), 1):
        entry = {"event": "approval", **approval.as_json()}
        yield f"{approvals.FOLDER}/{number}.json", entry
    if not is_prepared(place):
        yield from expected_of_publication(place, made)
    if place.parents[1].name == RETRACTED:
        yield SUMS, {"event": "retraction", **made, "release": place.name}


def expected_of_publication(place: Path, made: Entry) -> Iterator[tuple[str, Entry]]:
    """What the ledger must have of a publication; made: period and digest of the release."""
    file = place / PUBLICATION_RECORD
    publication = {
        "event": "publication",
        **made,
        "release": place.name,
        "record": files.sha256_of(file),
    }
    yield PUBLICATION_RECORD, publication
    for preview in PublicationRecord.read(file).previews:
        yield PUBLICATION_RECORD, {"event": "preview", **made, **preview.as_json()}


def retracted(tombstone: Path) -> Entry:
    """The ledger's entry of which a tombstone was made."""
    return {"event": "retraction", **files.read_json(tombstone)}


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
        if entry.get("event") != "publication":
            continue
        period, name = str(entry.get("period")), str(entry.get("release"))
        if not (PERIOD.fullmatch(period) and RELEASE.fullmatch(name)):
            yield Fault(number, None, "it tells of no release that there can be; it was edited")
            continue
        places = [folder / period / name for folder in (home.releases, home.retracted)]
        if not any(place.is_dir() for place in places):
            yield Fault(
                number,
                None,
                f"the release {period} {name} that it tells of is not there",
            )
