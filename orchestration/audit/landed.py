"""The landing that a release names.

Its files are compared with the manifest; of the rows, only those that belong to the unions of some
enterprises are read.
"""

from collections.abc import Container, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from orchestration.audit.published import Published
from orchestration.build.warehouse import sql_path
from orchestration.contract.registry import key_text, source_tables
from orchestration.errors import UsageError, VerificationError
from orchestration.extract.intakes import landed_file
from orchestration.home import files
from orchestration.home.layout import Home
from orchestration.home.records.intake import IntakeRecord
from orchestration.home.records.release import Manifest


@dataclass(frozen=True)
class LandedFile:
    """A landed table that was read: its file, and the SHA-256 that the manifest has of it too."""

    table: str
    file: Path
    sha256: str


def intake_folder(place: Path, manifest: Manifest) -> Path:
    """The folder of the intake of a release with this manifest, in a home or given itself.

    Raises UsageError where it is not there.
    """
    intake = manifest.landing.intake
    folder = place if (place / "intake.json").is_file() else Home(place).intake(intake)
    if not (folder / "intake.json").is_file():
        raise UsageError(
            f"{place} has not landed the intake {intake}, of which the release is made; "
            "give --landing, its home or its folder."
        )
    return folder


def landed_for(
    published: Published,
    landing: Path,
    wanted: Container[str],
) -> dict[str, LandedFile]:
    """The landed files of the wanted tables that a release was made of, by table.

    landing: a home, or an intake's folder. Raises UsageError where the landing is not there,
    VerificationError where it has changed.
    """
    manifest = published.manifest
    tables = [entry.table for entry in manifest.source.tables if entry.table in wanted]
    verified = verified_files(intake_folder(landing, manifest), manifest, tables)
    return {landed.table: landed for landed in verified}


def verified_files(
    folder: Path,
    manifest: Manifest,
    tables: Iterable[str],
) -> list[LandedFile]:
    """The files of these tables in an intake's folder.

    Raises VerificationError where one is not that of which the release was made.
    """
    paths = {table: landed_file(folder, table) for table in tables}
    missing = [
        str(folder / f"{table}.parquet") for table, path in paths.items() if not path.is_file()
    ]
    if missing:
        raise VerificationError(f"Landed files are missing: {', '.join(missing)}.")
    with ThreadPoolExecutor() as pool:
        digests = list(pool.map(files.sha256_of, paths.values()))
    expected = {table.table: table.sha256 for table in manifest.source.tables}
    landed = []
    other = []
    for (table, path), digest in zip(paths.items(), digests, strict=True):
        landed.append(LandedFile(table, path.resolve(), digest))
        if digest != expected[table]:
            other.append(str(folder / f"{table}.parquet"))
    if other:
        erased = erased_since(folder, manifest)
        raise VerificationError(
            f"The release was made of other bytes than those of {', '.join(other)}.{erased}"
        )
    return landed


def erased_since(folder: Path, manifest: Manifest) -> str:
    """That rows of an intake were erased since the release was made; nothing where none were."""
    record = IntakeRecord.read(folder / "intake.json")
    erased = record.erased_since(manifest.landing.sha256)
    if not erased:
        return ""
    return f" Since then rows about persons were erased ({', '.join(erased)})."


def load(published: Published, landed: LandedFile, condition: str) -> None:
    """Make a view of the landed rows that meet a condition and count, each with its `origin`.

    The view has the table's name. Rows that the release's account of refused and merged rows names
    go into `not_counted` instead. Columns about a person are left out.
    """
    table = source_tables()[landed.table]
    columns = [f"source.{column.name}" for column in table.columns if not column.pii]
    name = table.name
    key = key_text(table)
    source = f"read_parquet('{sql_path(landed.file)}') as source"
    refused = f"(from refused_rows where source_table = '{name}') as refused using (landing_row)"
    published.connection.execute(f"""
        create temp view {name} as
        select {", ".join(columns)}, landing_row, key_rows, {key} as key,
            {{'table': '{name}', 'landing_row': landing_row}} as origin
        from {source} anti join {refused} where {condition};
        insert into not_counted
        select '{name}', {key}, refused.rule, refused.detail from {source} join {refused}
        where {condition};
    """)
