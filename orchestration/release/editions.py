"""The data files of the two editions (contract, Editions of a release).

The internal edition has them as judged. Of the public one some rows are suppressed, and of others
some columns are hidden, for several reasons: counts (`hidden_counts.py`), ranks
(`hidden_ranks.py`), and what is told against the month before.
"""

import shutil
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import duckdb

from orchestration.build.warehouse import sql_path
from orchestration.contract.methodology import content_of
from orchestration.home.releases import Beside
from orchestration.release.hidden_counts import hidden_counts
from orchestration.release.hidden_ranks import hidden_ranks
from orchestration.release.hidden_rows import Hidden, Key, hidden_rows, keys_of
from orchestration.release.published import hidden_areas, hidden_changes
from orchestration.settings import METHODOLOGY
from quality.connection import connect
from quality.publication import SUPPRESSED, PublishedTable, public_tables, published_tables

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

    Of suppressed rows the figures are empty and `suppressed` is true; of others the columns that
    would tell what is hidden there, then, or elsewhere.

    beside: the releases that the public has; predecessor: the tables of the month before, as these
    were built on them.
    """
    folder.mkdir(parents=True)
    hidden = hidden_rows(tables, beside, hidden_areas(tables, beside))
    unchanging = hidden_changes(predecessor, beside) if predecessor else set[str]()
    reasons = [
        hidden_counts(tables, beside, hidden),
        hidden_ranks(tables, hidden, predecessor, unchanging),
        told_against_month_before(tables, unchanging),
    ]
    with connect() as connection:
        for table in public_tables().values():
            parquet = folder / f"{table.name}.parquet"
            judged = tables / parquet.name
            marks = marks_by_column(table, reasons)
            store_marks(connection, table, judged, {SUPPRESSED: hidden[table.name], **marks})
            rows = public_rows(table, judged, marks)
            connection.execute(
                f"copy ({rows}) to '{sql_path(parquet)}' (format parquet, compression zstd)"
            )
            write_csv(connection, parquet)


def told_against_month_before(tables: Path, unchanging: Collection[str]) -> Hidden:
    """Of each public table the keys of the rows without what is told against the month before.

    unchanging: the areas of which nothing is told against it.
    """
    found: Hidden = {}
    for table in public_tables().values():
        keys = {key for key in keys_of(table, tables) if key[0] in unchanging}
        found[table.name] = {table.telling("month_before"): keys}
    return found


def marks_by_column(table: PublishedTable, reasons: Iterable[Hidden]) -> dict[str, set[Key]]:
    """The keys of the rows of a table that lack a column for any reason, by the column's mark."""
    found: defaultdict[str, set[Key]] = defaultdict(set)
    for reason in reasons:
        for columns, keys in reason.get(table.name, {}).items():
            for column in columns:
                found[mark_of(column)] |= keys
    return found


def public_rows(
    table: PublishedTable,
    judged: Path,
    marks: Collection[str],
) -> str:
    """SQL of the rows of a public table, from its judged file and the table `marks`."""
    shown = ", ".join(shown_if_allowed(table, column, marks) for column in table.columns)
    key = ", ".join(f"judged.{column}" for column in table.key)
    same_key = " and ".join(f"judged.{column} = marks.{column}" for column in table.key)
    return f"""
        select {shown}, {SUPPRESSED}
        from read_parquet('{sql_path(judged)}') as judged
        inner join marks on {same_key}
        order by {key}
    """


def store_marks(
    connection: duckdb.DuckDBPyConnection,
    table: PublishedTable,
    judged: Path,
    marks: Mapping[str, Collection[Key]],
) -> None:
    """Make the table `marks`: what of each row of a table is hidden.

    marks: the keys of the rows that have each mark, by its name.
    """
    key = ", ".join(table.key)
    has_marks = [
        f"list_contains(cast(${mark} as varchar[][]), [{key}]) as {mark}" for mark in marks
    ]
    connection.execute(
        f"""
        create or replace table marks as
        select {key}, {", ".join(has_marks)}
        from read_parquet('{sql_path(judged)}')
        """,
        {mark: sorted(map(list, keys)) for mark, keys in marks.items()},
    )


def shown_if_allowed(
    table: PublishedTable,
    column: str,
    marks: Collection[str],
) -> str:
    """A column of a public table, as a query has it; marks: of the columns that some rows lack."""
    if column in table.identifying:
        return f"judged.{column}"
    mark = mark_of(column)
    hides = f"{SUPPRESSED} or {mark}" if mark in marks else SUPPRESSED
    return f"case when not ({hides}) then judged.{column} end as {column}"


def mark_of(column: str) -> str:
    """The mark of the rows that lack a column."""
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
