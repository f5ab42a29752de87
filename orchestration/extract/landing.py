"""The landing: our own typed, sorted, pseudonymised and immutable copy of the source, stored by content, with a record of each intake.

`landing/objects/<sha256>.parquet` holds each table's bytes once; `landing/intakes/<intake>/` shows them as `<table>.parquet` beside
`intake.json`. Extraction adds four columns to a table: landing_row (position in the file), key_rows (landed rows with the same key), and
fault_rule and fault_column (the row rule that only extraction can see to be broken: a cell that does not parse, a null in a dropped
column).
"""

import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb

from orchestration import files, ledger
from orchestration.errors import SourceError, UsageError
from orchestration.extract import folder as source_folder
from orchestration.extract import pseudonyms
from orchestration.extract.casting import Cast, from_text, from_typed, quoted
from orchestration.extract.folder import SourceRelation, literal
from orchestration.extract.registry import SourceColumn, SourceTable, source_tables
from orchestration.periods import CITY_ZONE
from orchestration.settings import Settings

Progress = Callable[[str], None]


@dataclass(frozen=True)
class LandedTable:
    """What the intake ledger says of a table: its rows, bytes and digest as landed, and where it was read."""

    table: str
    source: str
    rows: int
    bytes: int
    sha256: str
    columns: list[str]
    ignored_columns: list[str]
    watermark_from: str | None
    watermark_to: str | None
    seconds: float


@dataclass(frozen=True)
class Intake:
    """One extraction: its folder of landed tables and what the ledger says of them."""

    name: str
    folder: Path
    digest: str
    tables: list[LandedTable]


def extract(settings: Settings, source: str, progress: Progress) -> Intake:
    """Read every table of the source, land it, and record the intake.

    Raises UsageError without a pseudonym key, SourceError where the source breaks its contract as a whole; then nothing is landed.
    """
    key, location = door(settings, source)
    landing = settings.home / "landing"
    started = datetime.now(UTC)
    with files.locked(settings.home), files.fresh_folder(landing / ".incoming") as incoming, duckdb.connect() as connection:
        connection.execute("set enable_progress_bar = false; set timezone = 'UTC'")
        connection.execute("set autoinstall_known_extensions = false; set autoload_known_extensions = false")
        connection.execute(f"set temp_directory = {literal(incoming)}")
        pseudonyms.open_pseudonyms(connection, key)
        landed = []
        for table in source_tables().values():
            relation = source_folder.open_table(connection, location, table)
            landed.append(land_table(connection, relation, table, incoming / f"{table.name}.parquet"))
            progress(f"landed {table.name}: {landed[-1].rows:,} rows")
        digest = files.digest_of({each.table: each.sha256 for each in landed})
        name = f"{started:%Y%m%dT%H%M%SZ}-{digest[:12]}"
        record: dict[str, Any] = {
            "intake": name,
            "extracted_at": started.isoformat(timespec="seconds"),
            "source": source,
            "digest": digest,
            "notice": source_folder.notice(location),
            "pseudonym_key": pseudonyms.key_identifier(key),
            "tables": [asdict(each) for each in landed],
        }
        store(incoming, landing, name, landed, record)
        ledger.append(settings.home, "extraction", intake=name, source=source, digest=digest, rows=sum(each.rows for each in landed))
    return Intake(name, landing / "intakes" / name, digest, landed)


def door(settings: Settings, source: str) -> tuple[bytes, Path]:
    """What extraction needs before anything is touched: the pseudonym key, and the source's folder. Raises UsageError or SourceError."""
    key = pseudonyms.pseudonym_key(settings)
    if "://" in source:
        raise UsageError(f"The source {source.partition('://')[0]}://… is a database; this version reads folders of Parquet or CSV files.")
    if not Path(source).is_dir():
        raise SourceError(f"The source folder {source} does not exist.")
    return key, Path(source)


def store(incoming: Path, landing: Path, name: str, landed: list[LandedTable], record: dict[str, Any]) -> None:
    """Move landed files to their place by content and show them as one intake."""
    objects = landing / "objects"
    objects.mkdir(parents=True, exist_ok=True)
    files.sync_tree(incoming)
    for table in landed:
        (incoming / f"{table.table}.parquet").replace(objects / f"{table.sha256}.parquet")
    files.sync_folder(objects)
    with files.fresh_folder(landing / ".intake") as shown:
        for table in landed:
            (shown / f"{table.table}.parquet").symlink_to(Path("../../objects") / f"{table.sha256}.parquet")
        files.write_atomically(shown / "intake.json", files.to_json(record))
        if not (landing / "intakes" / name).exists():
            files.rename_folder(shown, landing / "intakes" / name)


def land_table(connection: duckdb.DuckDBPyConnection, relation: SourceRelation, table: SourceTable, file: Path) -> LandedTable:
    """Write a table's landing file. Raises SourceError where a column cannot hold its type or the file cannot be read to its end."""
    began = time.perf_counter()
    casts = {column.name: cast_of(column, relation, table) for column in table.columns}
    try:
        connection.execute(f"create or replace temp table handed as {typed_rows(relation, table, casts)}")
    except source_folder.READING_ERRORS as error:
        raise source_folder.reading_error(relation.location, error) from None
    refuse_unfit_columns(connection, relation, table, casts)
    columns = [name for name, *_ in connection.execute("describe handed").fetchall()]
    content = [name for name in columns if not name.startswith("fault_")]
    clustered = [name for name in ("union_id", "enterprise_id") if name in content][:1]
    order = ", ".join(quoted(name) for name in dict.fromkeys([*clustered, *table.key, *columns]))
    key = ", ".join(quoted(name) for name in table.key)
    same_key = " and ".join(f"handed.{quoted(name)} is not distinct from repeated.{quoted(name)}" for name in table.key)
    connection.execute(f"""
        copy (
            with repeated as (select {key}, count(*) as key_rows from handed group by {key} having count(*) > 1),
            numbered as (
                select {", ".join(f"handed.{quoted(name)}" for name in content)},
                    row_number() over (order by {", ".join(f"handed.{part}" for part in order.split(", "))}) as landing_row,
                    coalesce(repeated.key_rows, 1) as key_rows, handed.fault_rule, handed.fault_column
                from handed left join repeated on {same_key}
            )
            select * from numbered order by landing_row
        ) to {literal(file)} (format parquet, compression zstd)
    """)
    watermark = f"min({table.watermark}), max({table.watermark})" if table.watermark else "null, null"
    counted = connection.execute(f"select count(*), {watermark} from handed").fetchone()
    rows, earliest, latest = counted or (0, None, None)
    return LandedTable(
        table=table.name,
        source=relation.location,
        rows=rows,
        bytes=file.stat().st_size,
        sha256=files.sha256_of(file),
        columns=content,
        ignored_columns=[name for name in relation.types if name not in casts],
        watermark_from=earliest.astimezone(CITY_ZONE).isoformat() if earliest else None,
        watermark_to=latest.astimezone(CITY_ZONE).isoformat() if latest else None,
        seconds=round(time.perf_counter() - began, 3),
    )


def cast_of(column: SourceColumn, relation: SourceRelation, table: SourceTable) -> Cast:
    """The cast of a column as it is handed over. Raises SourceError where its type cannot hold the contract's."""
    duckdb_type = relation.types[column.name]
    if relation.is_text:
        return from_text(column.name, column.type, str(CITY_ZONE))
    cast = from_typed(column.name, duckdb_type, column.type, str(CITY_ZONE))
    if cast is None:
        raise SourceError(f"{relation.location}: column {column.name} of {table.name} is {duckdb_type}, which cannot hold {column.type}.")
    return cast


def typed_rows(relation: SourceRelation, table: SourceTable, casts: dict[str, Cast]) -> str:
    """SQL of the rows in the contract's types, persons as pseudonyms, with the first fault of each row."""
    personal = [column for column in table.columns if column.pii and column.pii != "drop"]
    normal = ", ".join(f"normalised({quoted(column.name)}) as {quoted('normal_' + column.name)}" for column in personal)
    selected = [f"{casts[column.name].value} as {quoted(column.name)}" for column in table.columns if not column.pii]
    for column in personal:
        cell = quoted(f"normal_{column.name}")
        stem = column.name.removesuffix("_number")
        selected.append(f"{pseudonyms.pseudonym(cell, column.pii or '')} as {stem}_pseudonym")
        if column.pii == "identity_number":
            selected.append(f"{pseudonyms.identity_number_valid(cell)} as {stem}_valid")
            selected.append(f"{pseudonyms.identity_number_placeholder(cell)} as {stem}_placeholder")
    faults = [("type", name, cast.misfit) for name, cast in casts.items() if cast.misfit != "false"]
    faults += [("null", column.name, f"{quoted(column.name)} is null") for column in table.columns if column.pii and column.required]
    rule = "".join(f" when {condition} then '{rule}'" for rule, _, condition in faults)
    named = "".join(f" when {condition} then '{name}'" for _, name, condition in faults)
    return f"""
        select {", ".join(selected)},
            case when false then ''{rule} end as fault_rule,
            case when false then ''{named} end as fault_column
        from (select *{", " + normal if normal else ""} from {relation.sql})
    """


def refuse_unfit_columns(
    connection: duckdb.DuckDBPyConnection, relation: SourceRelation, table: SourceTable, casts: dict[str, Cast]
) -> None:
    """Raise SourceError for a text column of which more than one cell is filled and none fits its type: it cannot hold the type at all."""
    unfit = connection.execute("select count(*) from handed where fault_rule = 'type'").fetchone()
    if not relation.is_text or not unfit or unfit[0] == 0:
        return
    tested = [column for column in table.columns if casts[column.name].misfit != "false"]
    counts = ", ".join(f"count({quoted(column.name)}), count(case when {casts[column.name].misfit} then 1 end)" for column in tested)
    found = connection.execute(f"select {counts} from {relation.sql}").fetchone() or ()
    for column, filled, misfits in zip(tested, found[::2], found[1::2], strict=True):
        if filled == misfits > 1:
            raise SourceError(f"{relation.location}: no cell of column {column.name} of {table.name} is a {column.type}.")
