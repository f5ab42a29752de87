"""The landing: a typed, sorted, pseudonymised and immutable copy of the source.

It is stored by content, with a record of each intake. `landing/objects/<sha256>.parquet` holds each
table's bytes once; `landing/intakes/<intake>/` shows them as `<table>.parquet` beside
`intake.json`.

How one table is landed, `landed_tables.py` says.
"""

import os
from collections.abc import Container, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from orchestration.contract.registry import (
    REGISTRY,
    SourceTable,
    further_tables,
    source_tables,
)
from orchestration.errors import SourceError
from orchestration.extract import personal_cells, pseudonyms
from orchestration.extract.baseline import Baseline, SourceIdentity
from orchestration.extract.intakes import show_intake
from orchestration.extract.kinds import open_source
from orchestration.extract.landed_tables import land_table
from orchestration.extract.opening import OpenedTable, collected, open_tables
from orchestration.extract.source import Source, literal
from orchestration.home import files, ledger, locks
from orchestration.home.events import Extracted
from orchestration.home.layout import Home
from orchestration.home.records.intake import IntakeRecord, LandedTable
from orchestration.screen import Progress
from orchestration.settings import Settings
from quality.connection import connect
from quality.nouns import counted_noun


@dataclass(frozen=True)
class Intake:
    """One extraction: its folder of landed tables, and its record."""

    folder: Path
    record: IntakeRecord


@dataclass(frozen=True)
class KeyedSource:
    """An open source, and the key that turns its persons into pseudonyms."""

    source: Source
    key: bytes


@contextmanager
def open_keyed_source(settings: Settings, source: str) -> Iterator[KeyedSource]:
    """What extraction needs, before anything is touched.

    Raises UsageError without a key, SourceError where the source is not there.
    """
    key = pseudonyms.pseudonym_key(settings)
    with open_source(settings, source) as opened:
        yield KeyedSource(opened, key)


def extract(
    settings: Settings,
    source: str,
    progress: Progress,
    *,
    whole: bool = False,
    unmoved: Container[str] = (),
) -> Intake:
    """Read every table of the source, land it, and record the intake.

    whole: read everything, even what an earlier intake has; unmoved: tables that are known to be as
    the last intake has them, which are not read unless everything is. Raises UsageError without a
    pseudonym key, SourceError where the source breaks its contract as a whole; then nothing is
    landed.
    """
    home = settings.home
    started = datetime.now(UTC)
    with (
        open_keyed_source(settings, source) as keyed,
        locks.held(home, locks.LANDING),
        files.scratch_folder(home.landing / ".incoming") as incoming,
    ):
        identity = SourceIdentity(
            keyed.source.location,
            pseudonyms.key_identifier(keyed.key),
            files.sha256_of(REGISTRY),
            files.sha256_of(settings.source_map) if settings.source_map else None,
        )
        notice = keyed.source.notice()
        baseline = Baseline.find(home, identity)
        kept = None if whole else kept_baseline(settings, baseline, started)
        landed = read_and_land(settings, keyed, incoming, baseline, kept, unmoved, progress)
        record = record_of(identity, notice, landed, baseline, started)
        store(incoming, home, record)
        append_to_ledger(home, record)
    return Intake(home.intake(record.intake), record)


def kept_baseline(
    settings: Settings, baseline: Baseline | None, started: datetime
) -> Baseline | None:
    """The baseline whose unchanged rows are kept; None where a whole read is due."""
    if baseline is None or baseline.due_whole(settings, started):
        return None
    return baseline


def read_and_land(
    settings: Settings,
    keyed: KeyedSource,
    incoming: Path,
    baseline: Baseline | None,
    kept: Baseline | None,
    unmoved: Container[str],
    progress: Progress,
) -> list[LandedTable]:
    """Open all tables of the source, then write their landing files.

    kept: the baseline, where tables are read from its watermarks on; None for a whole read. Raises
    SourceError with all that is wrong.
    """
    with working_connection(incoming, keyed.key) as connection:
        opened = open_tables(connection, keyed.source, settings, kept, unmoved)
        landed = land_tables(connection, keyed.source, opened, incoming, baseline, progress)
    by_name = {each.table: each for each in landed}
    own = [
        by_name.get(table.name) or land_again(table, incoming, kept)
        for table in source_tables().values()
    ]
    return own + [by_name[name] for name in further_tables() if name in by_name]


def land_again(table: SourceTable, incoming: Path, kept: Baseline | None) -> LandedTable:
    """Land a table as the baseline has it, of which no row was read. Raises SourceError."""
    if kept is None:
        raise SourceError(f"The table {table.name} was not read.")
    os.link(kept.file(table).resolve(), incoming / f"{table.name}.parquet")
    entry = kept.entry(table)
    unread = {"since": entry.watermark_to, "rows_read": 0, "keys_gone": None, "seconds": 0.0}
    return entry.model_copy(update=unread)


def record_of(
    identity: SourceIdentity,
    notice: str | None,
    landed: list[LandedTable],
    baseline: Baseline | None,
    started: datetime,
) -> IntakeRecord:
    """The record of an intake: from where and when, by what it was read, and each table.

    baseline: the intake that it was compared with; it was read whole when that was, where changes
    alone were read.
    """
    further = tuple(each for each in landed if each.table in further_tables())
    tables = tuple(each for each in landed if each not in further)
    digest = files.digest_of({each.table: each.sha256 for each in tables})
    extracted_at = started.isoformat(timespec="milliseconds")
    earlier = baseline if any(each.since for each in landed) else None
    record = IntakeRecord(
        extracted_at=extracted_at,
        source=identity.source,
        notice=notice,
        pseudonym_key=identity.pseudonym_key,
        registry=identity.registry,
        source_map=identity.source_map,
        intake=name_of(started, digest),
        digest=digest,
        whole_read_at=earlier.record.whole_read_at if earlier else extracted_at,
        tables=tables,
    )
    return record.model_copy(update={"further": further}) if further else record


def name_of(started: datetime, digest: str) -> str:
    """The name of an intake: when it began in UTC, to the millisecond, and what was landed."""
    milliseconds = started.microsecond // 1000
    return f"{started:%Y%m%dT%H%M%S}{milliseconds:03d}Z-{digest[:12]}"


def append_to_ledger(home: Home, record: IntakeRecord) -> None:
    """Add the intake to the ledger."""
    event = Extracted(
        intake=record.intake,
        source=record.source,
        digest=record.digest,
        rows=record.rows,
        record=record.sha256,
    )
    ledger.append(home, event)


@contextmanager
def working_connection(incoming: Path, key: bytes) -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB as extraction works with it.

    Only `handed` rows, persons being pseudonyms by then, are ever held long enough to be spilled.
    """
    with connect() as connection:
        connection.execute("set timezone = 'UTC'")
        connection.execute(
            "set autoinstall_known_extensions = false; set autoload_known_extensions = false"
        )
        connection.execute(f"set temp_directory = {literal(incoming)}")
        pseudonyms.open_pseudonyms(connection, key)
        personal_cells.open_personal_cells(connection)
        yield connection


def store(incoming: Path, home: Home, record: IntakeRecord) -> None:
    """Move landed files to their place by content and show them as one intake."""
    objects = home.objects
    objects.mkdir(parents=True, exist_ok=True)
    files.sync_tree(incoming)
    for table in (*record.tables, *record.further):
        (incoming / f"{table.table}.parquet").replace(objects / f"{table.sha256}.parquet")
    files.sync_folder(objects)
    with files.scratch_folder(home.landing / ".intake") as shown:
        show_intake(shown, record)
        files.replace_folder(shown, home.intake(record.intake))


def land_tables(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    opened: list[OpenedTable],
    incoming: Path,
    baseline: Baseline | None,
    progress: Progress,
) -> list[LandedTable]:
    """Write every table's landing file.

    Raises SourceError with all that is wrong with their rows.
    """
    landed = []
    problems: list[str] = []
    for each in opened:
        file = incoming / f"{each.table.name}.parquet"
        with collected(problems):
            compared = None if each.table.name in further_tables() else baseline
            landed.append(land_table(connection, source, each, file, compared))
            progress(f"landed {each.table.name}: {counted_noun(landed[-1].rows, 'row')}")
    if problems:
        raise SourceError(*problems)
    return landed
