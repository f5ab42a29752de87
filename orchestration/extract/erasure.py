"""Erasing one person from the landing, on their request under the law (PIPL, article 47).

The person is found by the pseudonym of the identity number among the members of every intake, and
by the memberships found so in every intake of the same source. What is left of a table is written
as extraction would have landed it had the person never been in it. Neither the person nor the
number nor the pseudonym is kept, logged or told.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration import files
from orchestration.errors import RefusedError, UsageError
from orchestration.extract import pseudonyms
from orchestration.extract.intakes import intake_records
from orchestration.extract.landing import working_connection, write_landed
from orchestration.extract.person import LandedRows, Person, Record, pseudonym_of
from orchestration.extract.replacement import decide, decided, finish_erasure, remove_unfinished
from orchestration.retention import made_of_intakes
from orchestration.screen import Progress
from orchestration.settings import Settings
from quality.connection import connect

REFUSED_ROWS = "refused_rows.parquet"


@dataclass(frozen=True)
class Erasure:
    """What an erasure takes out of the landing, or would.

    memberships: how many the person has; intakes: of each that changes its name, its digest before
    and after (None of a dry run), and the rows taken out by table; finished: the same of an erasure
    that was interrupted before, and is finished; made_of: folders of the home that are made of
    these intakes; accounts: of those whose account of refused and merged rows names rows of the
    person by their key, how many; other_key: intakes that could not be searched, their pseudonyms
    being made with another key.
    """

    dry_run: bool
    memberships: int
    intakes: list[Record]
    finished: list[Record]
    made_of: list[str]
    accounts: dict[str, int]
    other_key: list[str]


def erase(
    settings: Settings, number: str, by: str, reason: str, progress: Progress, *, dry_run: bool
) -> Erasure:
    """Take every row about the person with an identity number out of the landing.

    With `dry_run`, only say what it would be.

    An erasure that was interrupted is finished first. Raises UsageError for a number that is none,
    that nobody has, or that the reason has in it.
    """
    key = pseudonyms.pseudonym_key(settings)
    pseudonym = pseudonym_of(number, key)
    stated = {"by": " ".join(by.split()), "reason": " ".join(reason.split())}
    if not all(text and text.isprintable() for text in stated.values()):
        raise UsageError("An erasure needs a name and a reason, in plain text.")
    if any(number.strip() in text for text in stated.values()):
        raise UsageError(
            "The ledger keeps the reason, which therefore must not have the identity number in it."
        )
    home = settings.home
    with files.locked(home):
        if dry_run and decided(home).exists():
            raise RefusedError(
                "An erasure was interrupted; give the command without --dry-run, which finishes that one first."
            )
        finished = [] if dry_run else finished_before(home)
        records = intake_records(home)
        searched = [
            record
            for record in records
            if record["pseudonym_key"] == pseudonyms.key_identifier(key)
        ]
        other_key = [record["intake"] for record in records if record not in searched]
        with (
            files.scratch_folder(home / "landing" / ".erasing") as work,
            working_connection(work, key) as connection,
        ):
            person = Person(connection, home / "landing", searched, pseudonym)
            found = person.rows(records)
            if not found and not finished:
                others = (
                    f"; {len(other_key):,} others, made with another key, could not be searched"
                    if other_key
                    else ""
                )
                raise UsageError(
                    f"Nobody with this number is in the {len(searched):,} intakes of {home} that were searched{others}."
                )
            keys = [(landed.table.name, key) for landed in found for key in person.keys(landed)]
            memberships = {
                name
                for tables in person.memberships.values()
                for names in tables.values()
                for name in names
            }
            renewed = (
                []
                if dry_run
                else renewed_records(connection, person, found, records, work, progress)
            )
        changed = list(changes(records, found, renewed))
        if renewed:
            decide(home, stated | {"intakes": changed}, renewed)
            finish_erasure(home)
    named = {intake["intake"] for intake in (*changed, *finished)}
    made_of = [
        place
        for intake, places in made_of_intakes(home).items()
        if intake in named
        for place in places
    ]
    return Erasure(
        dry_run=dry_run,
        memberships=len(memberships),
        intakes=changed,
        finished=finished,
        made_of=sorted(shown(home, place) for place in made_of),
        accounts={
            shown(home, place): rows
            for place in sorted(made_of)
            if (rows := rows_accounted(place, keys))
        },
        other_key=other_key,
    )


def finished_before(home: Path) -> list[Record]:
    """Finish an erasure that was interrupted, and remove what other interrupted steps left.

    Returns the intakes that it changed.
    """
    entry = finish_erasure(home)
    remove_unfinished(home)
    return entry["intakes"] if entry else []


def renewed_records(
    connection: duckdb.DuckDBPyConnection,
    person: Person,
    found: list[LandedRows],
    records: list[Record],
    work: Path,
    progress: Progress,
) -> list[Record]:
    """Write the landed files without the person's rows to their place, and return the intakes' records that are to show them."""
    written = {}
    for landed in found:
        progress(f"writing {landed.table.name} anew")
        person.hand_others(landed)
        made = work / f"{landed.table.name}.parquet"
        written[landed.source, landed.file.stem] = facts = write_landed(
            connection, landed.table, made
        )
        files.sync_tree(work)
        made.replace(landed.file.with_stem(facts["sha256"]))
    renewed = []
    moment = datetime.now(UTC).isoformat(timespec="milliseconds")
    for record in records:
        tables = [
            entry | written.get((record["source"], entry["sha256"]), {})
            for entry in record["tables"]
        ]
        if rows := rows_taken(record, found):
            erasures = [
                *record.get("erasures", []),
                {"at": moment, "digest_before": record["digest"], "rows": rows},
            ]
            digest = files.digest_of({entry["table"]: entry["sha256"] for entry in tables})
            renewed.append(record | {"digest": digest, "tables": tables, "erasures": erasures})
    if found:
        files.sync_folder(found[0].file.parent)
    return renewed


def rows_taken(record: Record, found: list[LandedRows]) -> dict[str, int]:
    """How many rows of each table of an intake are about the person."""
    rows = {(landed.source, landed.file.stem): landed.rows for landed in found}
    taken = {
        entry["table"]: rows.get((record["source"], entry["sha256"]), 0)
        for entry in record["tables"]
    }
    return {table: taken for table, taken in taken.items() if taken}


def changes(
    records: list[Record], found: list[LandedRows], renewed: list[Record]
) -> Iterator[Record]:
    """What changes in each intake that has rows about the person: digests before and after, and rows by table."""
    after = {record["intake"]: record["digest"] for record in renewed}
    for record in records:
        if rows := rows_taken(record, found):
            name = record["intake"]
            yield {
                "intake": name,
                "digest_before": record["digest"],
                "digest": after.get(name),
                "rows": rows,
            }


def rows_accounted(place: Path, keys: list[tuple[str, str]]) -> int:
    """How many rows of these tables and keys a folder's accounts of refused and merged rows name."""
    query, named = "select source_table, source_key from read_parquet($1)", 0
    with connect() as connection:
        for file in place.rglob(REFUSED_ROWS):
            named += sum(row in keys for row in connection.execute(query, [str(file)]).fetchall())
    return named


def shown(home: Path, place: Path) -> str:
    """A folder of the home, by its path within."""
    return place.relative_to(home).as_posix()


def lines_of(erasure: Erasure) -> list[str]:
    """An erasure for a reader, with what it means for all that was made of the intakes, and for the next reading."""
    lines = (
        ["Finished an erasure that was interrupted:", *rows_told(erasure.finished)]
        if erasure.finished
        else []
    )
    if erasure.intakes:
        verb = "Would take" if erasure.dry_run else "Took"
        lines += [
            f"{verb} one person out of the landing, memberships: {erasure.memberships:,}, intakes: {len(erasure.intakes):,}",
            *rows_told(erasure.intakes),
        ]
    else:
        lines.append("Nobody with this number is left in the landing.")
    if kept := [
        place
        for place in erasure.made_of
        if place.startswith(("releases/", "retracted/", "prepared/"))
    ]:
        lines += [
            f"Made of these intakes: {', '.join(kept)}.",
            "  Their files are untouched and verify as before. They can be rebuilt byte for byte no more: what reads the landing that they",
            "  name (uhi rebuild, uhi trace) refuses, and says when rows were erased.",
        ]
    if stale := [
        place for place in erasure.made_of if place.startswith("candidates/") and "/." not in place
    ]:
        lines.append(f"Stale, to be run again before they are prepared: {', '.join(stale)}.")
    if caches := [place for place in erasure.made_of if place.startswith("warehouse/")]:
        lines.append(f"Emptied too, being caches of these rows: {', '.join(caches)}.")
    lines += [
        f"The account of refused and merged rows in {place} names {rows:,} rows of the person by their key; it has nothing else of them."
        for place, rows in erasure.accounts.items()
    ]
    if erasure.other_key:
        lines.append(
            f"Not searched, made with another key: {', '.join(erasure.other_key)}. Give the command again with that key."
        )
    return [
        *lines,
        "The source must erase the person too: the next whole read brings back what it has, and a read of changes what changed since, or",
        "up to UHI_LATE_DAYS before the last one.",
    ]


def rows_told(intakes: list[Record]) -> Iterator[str]:
    """How many rows of each table are taken out of each intake."""
    for intake in intakes:
        yield f"  {intake['intake']}: " + ", ".join(
            f"{rows:,} {table}" for table, rows in intake["rows"].items()
        )
