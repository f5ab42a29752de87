"""The data files of the two editions (contract, Editions of a release): internal as judged, public with small areas suppressed."""

import shutil
from collections.abc import Iterable
from pathlib import Path

import duckdb

from orchestration.methodology import content_of
from orchestration.release.suppression import suppressed_areas
from orchestration.settings import METHODOLOGY
from orchestration.warehouse import published_tables, sql_path
from quality.connection import connect

BYTE_ORDER_MARK = "\ufeff"
IDENTIFYING = ("period", "area_code", "level", "name_zh", "name_en", "dimension", "indicator")
FORMULA = r"^[=+\-@\t\r]"


def write_internal(tables: Path, folder: Path) -> None:
    """All tables: the judged Parquet bytes themselves, and their CSV form."""
    folder.mkdir(parents=True)
    with connect() as connection:
        for table in published_tables().values():
            parquet = folder / f"{table.name}.parquet"
            shutil.copyfile(tables / parquet.name, parquet)
            write_csv(connection, parquet)


def write_public(tables: Path, folder: Path, earlier: Iterable[Path] = ()) -> None:
    """The tables that say so of themselves; of suppressed areas the figures are empty and `suppressed` is true.

    earlier: the releases that there are of the period.
    """
    folder.mkdir(parents=True)
    with connect() as connection:
        linked = dict(connection.execute("select area_code, linked from read_parquet($1)", [str(tables / "area_index.parquet")]).fetchall())
        hidden = suppressed_areas(linked, [hidden_by(connection, release) for release in earlier])
        connection.execute("create table areas as select unnest($1) as area_code, unnest($2) as suppressed", [
            list(linked), [code in hidden for code in linked],
        ])  # fmt: skip
        for table in published_tables().values():
            if table.edition != "public":
                continue
            columns = [
                f"judged.{column}" if column in IDENTIFYING else f"case when not suppressed then judged.{column} end as {column}"
                for column in table.columns
            ]
            rows = f"""
                select {", ".join(columns)}, suppressed
                from read_parquet('{sql_path(tables / f"{table.name}.parquet")}') as judged
                inner join areas on judged.area_code = areas.area_code
                order by {", ".join(f"judged.{column}" for column in table.key)}
            """
            parquet = folder / f"{table.name}.parquet"
            connection.execute(f"copy ({rows}) to '{sql_path(parquet)}' (format parquet, compression zstd)")
            write_csv(connection, parquet)


def copy_methodology(tables: Iterable[str], folder: Path) -> None:
    """The methodology's tables as approved, each with one byte order mark before it."""
    folder.mkdir()
    for table in tables:
        content = content_of(METHODOLOGY / f"{table}.csv")
        (folder / f"{table}.csv").write_bytes(BYTE_ORDER_MARK.encode() + content)


def hidden_by(connection: duckdb.DuckDBPyConnection, release: Path) -> set[str]:
    """Codes of the areas that a release suppresses."""
    areas = str(release / "public" / "area_index.parquet")
    return {code for (code,) in connection.execute("select area_code from read_parquet($1) where suppressed", [areas]).fetchall()}


def write_csv(connection: duckdb.DuckDBPyConnection, parquet: Path) -> None:
    """The CSV form of a Parquet file beside it: header, UTF-8, nulls empty and empty text quoted (RFC 4180).

    A byte order mark stands first, so that a spreadsheet shows Chinese; text that it would take for a formula gets a leading apostrophe.
    """
    rows = f"read_parquet('{sql_path(parquet)}')"
    columns = [
        (f"case when regexp_matches({name}, '{FORMULA}') then '''' || {name} else {name} end" if kind == "VARCHAR" else name)
        + f' as "{"" if number else BYTE_ORDER_MARK}{name}"'
        for number, (name, kind, *_) in enumerate(connection.execute(f"describe from {rows}").fetchall())
    ]
    connection.execute(f"copy (select {', '.join(columns)} from {rows}) to '{sql_path(parquet.with_suffix('.csv'))}' (format csv, header)")
