"""The data files of the two editions (contract, Editions of a release).

The internal edition has them as judged, the public one with small areas suppressed.
"""

import shutil
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb

from orchestration.build.warehouse import sql_path
from orchestration.contract.methodology import content_of
from orchestration.home.releases import Beside
from orchestration.release.hidden_counts import hidden_counts
from orchestration.release.hidden_rows import Key, hidden_rows
from orchestration.release.published import hidden_areas, hidden_changes
from orchestration.settings import METHODOLOGY
from quality.connection import connect
from quality.publication import PublishedTable, public_tables, published_tables

BYTE_ORDER_MARK = "\ufeff"
FORMULA = r"^[=+\-@\t\r]"
NONE_BESIDE = Beside()


def write_internal(tables: Path, folder: Path) -> None:
    """All tables: the judged Parquet bytes themselves, and their CSV form."""
    folder.mkdir(parents=True)
    with connect() as connection:
        for table in published_tables().values():
            parquet = folder / f"{table.name}.parquet"
            shutil.copyfile(tables / parquet.name, parquet)
            write_csv(connection, parquet)


def write_public(
    tables: Path,
    folder: Path,
    beside: Beside = NONE_BESIDE,
    predecessor: Path | None = None,
) -> None:
    """Write the published tables without what would reveal small areas and few unions.

    Published are the tables that say so of themselves.

    Of suppressed rows the figures are empty and `suppressed` is true; of others what is told
    against the month before is empty where that would tell what the month before hid, and counts
    are empty where they would tell hidden ones.

    beside: the releases that the public has; predecessor: the tables of the month before, as these
    were built on them.
    """
    folder.mkdir(parents=True)
    hidden = hidden_rows(tables, beside, hidden_areas(tables, beside))
    counts = hidden_counts(tables, beside, hidden)
    unchanging = hidden_changes(predecessor, beside) if predecessor else set[str]()
    with connect() as connection:
        for table in public_tables().values():
            parquet = folder / f"{table.name}.parquet"
            judged = tables / parquet.name
            lists = {"suppressed": hidden[table.name]}
            for group, keys in counts[table.name].items():
                lists |= {mark_of_count(column): keys for column in group}
            store_marks(connection, table, judged, lists, unchanging)
            rows = public_rows(table, judged)
            connection.execute(
                f"copy ({rows}) to '{sql_path(parquet)}' (format parquet, compression zstd)"
            )
            write_csv(connection, parquet)


def public_rows(table: PublishedTable, judged: Path) -> str:
    """SQL of the rows of a public table, from its judged file and the table `marks`."""
    shown = ", ".join(shown_if_allowed(table, column) for column in table.columns)
    key = ", ".join(f"judged.{column}" for column in table.key)
    same_key = " and ".join(f"judged.{column} = marks.{column}" for column in table.key)
    return f"""
        select {shown}, suppressed
        from read_parquet('{sql_path(judged)}') as judged
        inner join marks on {same_key}
        order by {key}
    """


def store_marks(
    connection: duckdb.DuckDBPyConnection,
    table: PublishedTable,
    judged: Path,
    lists: Mapping[str, Collection[Key]],
    unchanging: Collection[str],
) -> None:
    """Make the table `marks`: what of each row of a table is hidden.

    lists: the keys of the rows that have each mark, by its name; unchanging: the areas of which
    nothing is told against the month before.
    """
    key = ", ".join(table.key)
    marks = [f"list_contains(cast(${mark} as varchar[][]), [{key}]) as {mark}" for mark in lists]
    values = {mark: sorted(map(list, keys)) for mark, keys in lists.items()}
    connection.execute(
        f"""
        create or replace table marks as
        select
            {key},
            list_contains(cast($unchanging as varchar[]), area_code) as hides_change,
            {", ".join(marks)}
        from read_parquet('{sql_path(judged)}')
        """,
        {**values, "unchanging": sorted(unchanging)},
    )


def shown_if_allowed(table: PublishedTable, column: str) -> str:
    """A column of a public table, as a query has it."""
    if column in table.identifying:
        return f"judged.{column}"
    hides = "suppressed"
    if column in table.telling("month_before"):
        hides = "suppressed or hides_change"
    if column in table.additive:
        hides = f"suppressed or {mark_of_count(column)}"
    return f"case when not ({hides}) then judged.{column} end as {column}"


def mark_of_count(column: str) -> str:
    """The mark of the rows that lack a count."""
    return f"hides_{column}"


def copy_methodology(tables: Iterable[str], folder: Path) -> None:
    """The methodology's tables as approved, each with one byte order mark before it."""
    folder.mkdir()
    for table in tables:
        content = content_of(METHODOLOGY / f"{table}.csv")
        (folder / f"{table}.csv").write_bytes(BYTE_ORDER_MARK.encode() + content)


def write_csv(connection: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """Write the CSV form of a Parquet file beside it (RFC 4180).

    It has a header and is in UTF-8; nulls are empty and empty text is quoted. A byte order mark
    stands first, so that a spreadsheet shows Chinese. Text that a spreadsheet would take for a
    formula gets a leading apostrophe.
    """
    rows = f"read_parquet('{sql_path(parquet)}')"
    described = connection.execute(f"describe from {rows}").fetchall()
    columns = []
    for number, (name, kind, *_) in enumerate(described):
        cell = name
        if kind == "VARCHAR":
            is_formula = f"regexp_matches({name}, '{FORMULA}')"
            cell = f"case when {is_formula} then '''' || {name} else {name} end"
        mark = "" if number else BYTE_ORDER_MARK
        columns.append(f'{cell} as "{mark}{name}"')
    csv_file = sql_path(parquet.with_suffix(".csv"))
    connection.execute(
        f"copy (select {', '.join(columns)} from {rows}) to '{csv_file}' (format csv, header)"
    )
