"""How one table is landed: all of its rows, typed, sorted and numbered, in one file.

Extraction adds four columns to a table:

- landing_row: position in the landed file
- key_rows: landed rows with the same key
- fault_rule and fault_column: the broken row rule, of those that only extraction can see to be
  broken (a value that a map does not cover, a personal value where none belongs, a cell that does
  not parse, a null in a dropped column)
"""

import time
from pathlib import Path
from typing import Any

import duckdb

from orchestration.contract.clock import city_zone
from orchestration.contract.registry import SourceTable
from orchestration.errors import SourceError
from orchestration.extract.baseline import Baseline
from orchestration.extract.casting import quoted
from orchestration.extract.encoding import refuse_garbled_names
from orchestration.extract.opening import OpenedTable
from orchestration.extract.reading import read_rows
from orchestration.extract.source import Source, literal
from orchestration.home import files
from orchestration.home.records.intake import LandedTable
from quality.nouns import counted_noun


def land_table(
    connection: duckdb.DuckDBPyConnection,
    source: Source,
    opened: OpenedTable,
    file: Path,
    baseline: Baseline | None,
) -> LandedTable:
    """Write a table's landing file: all of its rows.

    Where only changes were read, the other rows come from the baseline. Raises SourceError where
    the table breaks its contract as a whole.
    """
    began = time.perf_counter()
    table, relation, since = opened.table, opened.relation, opened.since
    read_rows(connection, source, relation, table)
    rows_read = count(connection, "handed")
    relation.confirm(rows_read)
    if baseline and since:
        keep_unchanged_rows(connection, table, baseline)
    rows = count(connection, "handed")
    had_rows = bool(baseline and baseline.entry(table).rows)
    is_emptied = rows == 0 and had_rows
    if rows < table.least_rows or is_emptied:
        raise SourceError(
            f"{relation.location}: the table has {counted_noun(rows, 'row')}, "
            "which a source that is whole cannot have."
        )
    refuse_garbled_names(connection, "handed", relation.location, table)
    written = write_landed(connection, table, file)
    known = {column.name for column in table.columns}
    keys_gone = None
    if baseline and not since:
        keys_gone = count(connection, gone_keys(table, baseline))
    return LandedTable(
        table=table.name,
        source=relation.location,
        **written,
        ignored_columns=tuple(name for name in relation.types if name not in known),
        since=since.isoformat() if since else None,
        rows_read=rows_read,
        keys_gone=keys_gone,
        seconds=round(time.perf_counter() - began, 3),
    )


def write_landed(
    connection: duckdb.DuckDBPyConnection, table: SourceTable, file: Path
) -> dict[str, Any]:
    """Write the handed rows as a landing file; returns what an intake says of it.

    The entries are those of LandedTable.
    """
    columns = [name for name, *_ in connection.execute("describe handed").fetchall()]
    content = [name for name in columns if not name.startswith("fault_")]
    write_sorted(connection, table, columns, content, file)
    watermark = table.watermark or "null"
    span = connection.execute(f"select min({watermark}), max({watermark}) from handed")
    [(earliest, latest)] = span.fetchall()
    return {
        "rows": count(connection, "handed"),
        "bytes": file.stat().st_size,
        "sha256": files.sha256_of(file),
        "columns": tuple(content),
        "watermark_from": earliest.astimezone(city_zone()).isoformat() if earliest else None,
        "watermark_to": latest.astimezone(city_zone()).isoformat() if latest else None,
    }


def write_sorted(
    connection: duckdb.DuckDBPyConnection,
    table: SourceTable,
    columns: list[str],
    content: list[str],
    file: Path,
) -> None:
    """Write the handed rows, sorted and numbered, with how many rows share each row's key.

    They are sorted by union (else enterprise), key and all columns.
    """
    clustered = [name for name in ("union_id", "enterprise_id") if name in content][:1]
    order = ", ".join(
        f"handed.{quoted(name)}" for name in dict.fromkeys([*clustered, *table.key, *columns])
    )
    key = ", ".join(quoted(name) for name in table.key)
    connection.execute(f"""
        copy (
            with repeated as (
                select {key}, count(*) as key_rows from handed group by {key} having count(*) > 1
            ),
            sorted as (
                select {", ".join(f"handed.{quoted(name)}" for name in content)},
                    coalesce(repeated.key_rows, 1) as key_rows,
                    handed.fault_rule, handed.fault_column
                from handed left join repeated on {same_key(table, "handed", "repeated")}
                order by {order}
            )
            select {", ".join(quoted(name) for name in content)},
                row_number() over () as landing_row, key_rows, fault_rule, fault_column
            from sorted
        ) to {literal(file)} (format parquet, compression zstd)
    """)


def keep_unchanged_rows(
    connection: duckdb.DuckDBPyConnection, table: SourceTable, baseline: Baseline
) -> None:
    """Add the baseline's rows of keys that were not read; rows without a whole key always are."""
    whole_key = " and ".join(f"earlier.{quoted(name)} is not null" for name in table.key)
    connection.execute(f"""
        insert into handed by name
        select * exclude (landing_row, key_rows)
        from read_parquet({literal(baseline.file(table))}) as earlier
        where {whole_key}
            and not exists (select 1 from handed where {same_key(table, "handed", "earlier")})
    """)


def gone_keys(table: SourceTable, baseline: Baseline) -> str:
    """SQL of the baseline's keys that no handed row has."""
    key = ", ".join(quoted(name) for name in table.key)
    earlier = f"read_parquet({literal(baseline.file(table))})"
    return f"(select {key} from {earlier} except select {key} from handed)"


def same_key(table: SourceTable, left: str, right: str) -> str:
    """SQL of whether two rows have the same key, nulls being equal."""
    return " and ".join(
        f"{left}.{quoted(name)} is not distinct from {right}.{quoted(name)}" for name in table.key
    )


def count(connection: duckdb.DuckDBPyConnection, relation: str) -> int:
    """Rows of a relation."""
    [(counted,)] = connection.execute(f"select count(*) from {relation}").fetchall()
    return int(counted)
