"""What changed from one release to another: figures, ranks, codes, and what moved the indices.

It is part of each release that follows another. A revision follows the release in force of its
period; a month's first release follows that of the month before. The tables are described in
`changes.yml`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import duckdb
import yaml

from orchestration.build.warehouse import sql_path
from orchestration.release.decomposition import decompose, movers_of
from orchestration.release.editions import write_csv
from quality.connection import connect
from quality.publication import PublishedTable, published_tables

DESCRIPTION = Path(__file__).with_name("changes.yml")
SMALLEST_GROUP = 10


@dataclass(frozen=True)
class ComparisonTable:
    """A table of differences: its columns as `changes.yml` has them, and its key."""

    name: str
    description: str
    key: tuple[str, ...]
    columns: list[dict[str, Any]]


@cache
def comparison_tables() -> dict[str, ComparisonTable]:
    """The tables of differences by name."""
    listed = yaml.safe_load(DESCRIPTION.read_text(encoding="utf-8"))
    tables = {}
    for name, table in listed.items():
        tables[name] = ComparisonTable(
            name,
            table["description"],
            tuple(table["key"]),
            table["columns"],
        )
    return tables


def write_comparison(before: Path, release: Path) -> None:
    """Write what changed since another release into both editions of this one.

    The tables of this release are written already.

    Of what moved the indices the public edition has the city's row alone, and its parts only where
    none or enough unions moved each: county by county, few unions could be found by difference. Of
    a revision it has them only where one part alone moved the index, for any split of the movement
    is one more sum to take from those of the areas.
    """
    with connect() as connection:
        decompose(connection, before, release)
        decomposition = {
            "internal": "select * from decomposition order by area_code",
            "public": public_decomposition(before, release),
        }
        for edition, moved in decomposition.items():
            folder = release / edition
            changes = changes_between(before / edition, folder)
            store(connection, "decomposition", moved, folder)
            store(connection, "changes", changes, folder)


def store(
    connection: duckdb.DuckDBPyConnection,
    name: str,
    query: str,
    folder: Path,
) -> None:
    """Write a query's rows as a table of differences of an edition, Parquet and CSV."""
    columns = comparison_tables()[name].columns
    cells = [f"cast({each['name']} as {each['type']}) as {each['name']}" for each in columns]
    parquet = folder / f"{name}.parquet"
    connection.execute(f"""
        copy (
            select {", ".join(cells)}
            from ({query})
        ) to '{sql_path(parquet)}' (format parquet, compression zstd)
    """)
    write_csv(connection, parquet)


def changes_between(before: Path, after: Path) -> str:
    """The query of all differences between the tables that two editions both have.

    They are in the order of tables, keys and columns.
    """
    parts: list[str] = []
    for table in published_tables().values():
        file = f"{table.name}.parquet"
        if (before / file).exists() and (after / file).exists():
            parts.append(changes_of(len(parts), table, before / file, after / file))
    return f"""
        select * exclude (table_number, column_number)
        from ({" union all ".join(parts)})
        order by table_number, key, column_number
    """


def changes_of(
    number: int,
    table: PublishedTable,
    before: Path,
    after: Path,
) -> str:
    """The query of the differences of a table in two files; number: its place among the tables."""
    key = [column for column in table.key if column != "period"]
    compared = [column for column in table.columns if column not in (*key, "period")]
    both = joined_rows(key, compared, before, after)
    rows = f"""
        select {number} as table_number, 0 as column_number, '{table.name}' as table_name, key,
            case when old_key is null then 'appeared' else 'gone' end as change,
            null as column_name, null as before, null as after, null as difference,
            null as before_text, null as after_text
        from {both} where old_key is null or new_key is null
    """
    parts = [rows]
    for position, column in enumerate(compared, start=1):
        parts.append(f"""
            select {number} as table_number, {position} as column_number,
                '{table.name}' as table_name, key, 'changed' as change,
                '{column}' as column_name, {cells_of(column, table.columns[column])}
            from {both}
            where
                old_key is not null and new_key is not null
                and old_{column} is distinct from new_{column}
        """)
    return " union all ".join(parts)


def joined_rows(
    key: Sequence[str],
    compared: Sequence[str],
    before: Path,
    after: Path,
) -> str:
    """The rows of two files side by side, by their key, as a part of a query."""
    keyed = " || '/' || ".join(f"coalesce({column}, '')" for column in key)
    pairs = [f"old.{column} as old_{column}, new.{column} as new_{column}" for column in compared]
    old = f"select {keyed} as key, * from read_parquet('{sql_path(before)}')"
    new = f"select {keyed} as key, * from read_parquet('{sql_path(after)}')"
    return f"""(
        from ({old}) as old
        full join ({new}) as new on old.key = new.key
        select coalesce(old.key, new.key) as key, old.key as old_key, new.key as new_key,
            {", ".join(pairs)}
    )"""


def cells_of(column: str, kind: str) -> str:
    """The columns of a difference, by whether the compared column is text or a figure."""
    old = f"old_{column}"
    new = f"new_{column}"
    if kind == "varchar":
        return (
            "null as before, null as after, null as difference, "
            f"{old} as before_text, {new} as after_text"
        )
    old = f"cast({old} as decimal(38, 4))"
    new = f"cast({new} as decimal(38, 4))"
    return (
        f"{old} as before, {new} as after, {new} - {old} as difference, "
        "null as before_text, null as after_text"
    )


def public_decomposition(before: Path, release: Path) -> str:
    """The query of what the public edition tells of what moved the city's index."""
    old = sql_path(before / "public" / "area_index.parquet")
    new = sql_path(release / "public" / "area_index.parquet")
    groups = ("joined", "left_sample", "stayed", "by_data", "by_method")
    tells = " and ".join(f"({count} = 0 or {count} >= {SMALLEST_GROUP})" for count in groups)
    moved = "(by_data > 0)::int + (by_method > 0)::int + (joined + left_sample > 0)::int"
    known = "old.health_index is not null and new.health_index is not null"
    told = f"{known} and {tells} and (old.period <> new.period or {moved} <= 1)"
    columns = (
        "data",
        "membership",
        "method",
        "rounding",
        "stayed",
        "joined",
        "left_sample",
    )
    parts = ", ".join(f"case when {told} then {column} end as {column}" for column in columns)
    return f"""
        select
            whole.period, whole.area_code, level,
            old.health_index as before, new.health_index as after,
            new.health_index - old.health_index as change, {parts}
        from decomposition as whole
        left join ({movers_of(before, release)}) as movers using (area_code)
        inner join (
            select area_code, period, health_index from read_parquet('{old}')
        ) as old using (area_code)
        inner join (
            select area_code, period, health_index from read_parquet('{new}')
        ) as new using (area_code)
        where level = 'city'
    """
