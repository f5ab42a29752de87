"""What the accepted rows of each landed table look like: their profile, and their dates.

A watcher judges a running month again and again, of which few tables changed in between: what was
found of the same rows is remembered.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from pathlib import Path

import duckdb
import pyarrow as pa

from quality.dates import PossibleDays, date_columns
from quality.profile import ProfiledColumn, profile
from quality.queries import limits

REFUSED = """
    select source_table, list(landing_row order by landing_row)
    from refused_rows
    group by source_table
"""
REMEMBERED = 64  # tables


@dataclass(frozen=True)
class AcceptedRows:
    """The rows of a landed table that count, which a connection has as `accepted_<table>`.

    They are the same where the file is the same, not written since, and the same rows are refused.

    file: where it lies, links followed; inode, written_at (ns): by which another file of this path
    is told from it; refused: numbers of landed rows.
    """

    table: str
    file: Path
    inode: int
    written_at: int
    refused: tuple[int, ...]
    connection: duckdb.DuckDBPyConnection = field(compare=False, repr=False)


def looks_of(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    columns: Mapping[str, Sequence[ProfiledColumn]],
    as_of: date,
) -> tuple[pa.Table, pa.Table]:
    """The profile of all tables and what their dates look like, as `profile` and `date_columns`.

    landing: the folder of landed files; as_of: the day by which dates are possible.
    """
    refused = dict(connection.execute(REFUSED).fetchall())
    possible = PossibleDays.of(limits()["plausibility.source_dates"], as_of)
    looks = []
    for table, profiled in columns.items():
        rows = accepted_rows(connection, landing, table, refused.get(table, ()))
        looks.append(looks_of_table(rows, tuple(profiled), possible))
    profiles, dates = zip(*looks, strict=True)
    return pa.concat_tables(profiles).combine_chunks(), pa.concat_tables(dates).combine_chunks()


def accepted_rows(
    connection: duckdb.DuckDBPyConnection,
    landing: Path,
    table: str,
    refused: Sequence[int],
) -> AcceptedRows:
    """The accepted rows of a table in a folder of landed files; refused: numbers of its rows."""
    file = (landing / f"{table}.parquet").resolve()
    found = file.stat()
    return AcceptedRows(
        table,
        file,
        found.st_ino,
        found.st_mtime_ns,
        tuple(refused),
        connection,
    )


@lru_cache(maxsize=REMEMBERED)
def looks_of_table(
    rows: AcceptedRows, columns: tuple[ProfiledColumn, ...], possible: PossibleDays
) -> tuple[pa.Table, pa.Table]:
    """The profile of a table and what its dates look like."""
    of_table = {rows.table: columns}
    return profile(rows.connection, of_table), date_columns(rows.connection, of_table, possible)
