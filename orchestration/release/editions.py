"""The data files of the two editions (contract, Editions of a release): internal as judged, public with small areas suppressed."""

import shutil
from pathlib import Path

import duckdb

from orchestration.warehouse import published_tables, sql_path

SMALLEST_AREA = 10
IDENTIFYING = ("period", "area_code", "level", "name_zh", "name_en", "dimension", "indicator")


def write_internal(tables: Path, folder: Path) -> None:
    """All tables: the judged Parquet bytes themselves, and their CSV form."""
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        for table in published_tables().values():
            parquet = folder / f"{table.name}.parquet"
            shutil.copyfile(tables / parquet.name, parquet)
            write_csv(connection, f"select * from read_parquet('{sql_path(parquet)}')", folder / f"{table.name}.csv")


def write_public(tables: Path, folder: Path) -> None:
    """The tables that say so of themselves; of areas with fewer than 10 linked unions the figures are empty and `suppressed` is true."""
    folder.mkdir(parents=True)
    with duckdb.connect() as connection:
        connection.execute(f"""
            create table small_areas as
            select area_code, linked < {SMALLEST_AREA} as suppressed from read_parquet('{sql_path(tables / "area_index.parquet")}')
        """)
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
                inner join small_areas on judged.area_code = small_areas.area_code
                order by {", ".join(f"judged.{column}" for column in table.key)}
            """
            connection.execute(f"copy ({rows}) to '{sql_path(folder / f'{table.name}.parquet')}' (format parquet, compression zstd)")
            write_csv(connection, rows, folder / f"{table.name}.csv")


def write_csv(connection: duckdb.DuckDBPyConnection, rows: str, file: Path) -> None:
    """CSV with header in UTF-8, nulls empty and empty text quoted (RFC 4180)."""
    connection.execute(f"copy ({rows}) to '{sql_path(file)}' (format csv, header)")
