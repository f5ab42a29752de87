"""What a candidate is judged by, as views of one connection.

The views are of its tables, the month before, the landed rows that count, and the methodology.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import pandas as pd
import pyarrow as pa
from duckdb.sqltypes import BOOLEAN, DOUBLE, VARCHAR

from quality.connection import connect
from quality.looks import looks_of
from quality.names import is_chinese_name
from quality.profile import TYPE, ProfiledColumn
from quality.queries import limits

ACCOUNTS = (
    "row_balance",
    "refused_rows",
    "refused_places",
    "refused_values",
    "unmeasured_unions",
)
AREA_UNIONS = """
    create view area_unions as
    select area.area_code, unions.*
    from
        union_index as unions,
        unnest([township_code, county_code, substr(county_code, 1, 4)]) as area (area_code)
"""
SOURCE_DRIFT = """
    create view source_drift as
    select
        measure,
        least(found.rows, earlier.rows) as row_count,
        earlier.figure as earlier,
        found.figure as found,
        found.figure - earlier.figure as change,
        concat_ws(
            ' ', source_table || '.' || column_name, nullif(code, ''),
            earlier.figure, 'to', found.figure
        ) as movement
    from source_profile as found
    inner join before_source_profile as earlier using (source_table, column_name, measure, code)
"""

Connection = duckdb.DuckDBPyConnection


@dataclass(frozen=True)
class BuildContext:
    """What a candidate was built for.

    That is its period, its as-of date, the first and last day of the month, and whether the month
    before is comparable.
    """

    period: str
    as_of: date
    first_day: date
    last_day: date
    provisional: bool
    same_methodology: bool


@dataclass(frozen=True)
class EvidenceFiles:
    """What a candidate was made of and must look like.

    tables, staging: the candidate's folders of tables; before_tables, before_staging: the same of
    the month before, None where it is not stored; landing: folder of one Parquet file
    per source table; methodology, methodology_columns: the rows and columns of its tables; columns:
    name and type of each column of each published table; history: the published tables that are
    read of the month before; profiled: the columns of the landing whose looks are compared;
    person_tables: the source tables whose rows are about one person each.
    """

    tables: Path
    staging: Path
    before_tables: Path | None
    before_staging: Path | None
    landing: Path
    methodology: dict[str, list[dict[str, str]]]
    methodology_columns: Mapping[str, Sequence[str]]
    columns: dict[str, dict[str, str]]
    history: Sequence[str]
    profiled: dict[str, list[ProfiledColumn]]
    person_tables: Sequence[str]


def open_evidence(files: EvidenceFiles, context: BuildContext) -> Connection:
    """Views over what a candidate is judged by.

    `<table>` of the candidate, `before_<table>` of the month before (of its history and accounts;
    without rows where there is none), `landed_<table>` and `accepted_<table>` (less the refused and
    merged rows) of the landing, `landing_rows`, `methodology_<table>`, `build` (one row),
    `published_periods` (the periods of each table), `area_unions` (the linked unions of each area),
    `person_tables`, `source_profile` and `source_drift`, `source_dates`, `expected_columns` and
    `limits`.
    """
    connection = connect()
    open_stored(connection, files)
    store_periods(connection, files.columns)
    open_landing(connection, files.landing)
    for table, rows in files.methodology.items():
        columns = files.methodology_columns[table]
        connection.register(f"methodology_{table}", text_table(rows, columns))
    connection.register("build", pd.DataFrame([vars(context)]))
    connection.register("person_tables", pa.table({"source_table": list(files.person_tables)}))
    connection.register("expected_columns", expected_columns(files.columns))
    connection.register("limits", highest_figures())
    connection.execute(AREA_UNIONS)
    connection.create_function("is_chinese_name", is_chinese_name, [VARCHAR, DOUBLE], BOOLEAN)
    profile, dates = looks_of(connection, files.landing, files.profiled, context.as_of)
    connection.register("source_profile", profile)
    connection.register("source_dates", dates)
    connection.execute(SOURCE_DRIFT)
    return connection


def expected_columns(tables: Mapping[str, Mapping[str, str]]) -> pd.DataFrame:
    """A row for each column of each published table: its table, name, position and type."""
    rows = []
    for table, columns in tables.items():
        for position, (column, data_type) in enumerate(columns.items(), start=1):
            rows.append((table, column, position, data_type.replace(" ", "")))
    names = ["table_name", "column_name", "column_position", "column_type"]
    return pd.DataFrame(rows, columns=names)


def highest_figures() -> pd.DataFrame:
    """A row for each highest figure of a check's limit: the check, of what, and the figure."""
    rows = []
    for name, figures in limits().items():
        for of, figure in figures.get("highest", {}).items():
            rows.append((name, of, figure))
    return pd.DataFrame(rows, columns=["name", "of", "highest"])


def text_table(rows: Sequence[Mapping[str, str]], columns: Sequence[str]) -> pa.Table:
    """Rows of text as a table, which has its columns also without rows."""
    schema = pa.schema([(column, pa.string()) for column in columns])
    return pa.Table.from_pylist(rows, schema)


def open_stored(connection: Connection, files: EvidenceFiles) -> None:
    """Views over the files of the candidate and of the month before.

    What the month before did not store, as an older version made it, has no rows.
    """
    for table in files.columns:
        open_table(connection, files.tables, table)
    for table in ACCOUNTS:
        open_table(connection, files.staging, table)
    for table in files.history:
        open_table_before(connection, files.before_tables, table)
    for table in ACCOUNTS:
        open_table_before(connection, files.before_staging, table)
    if not open_before(connection, files.before_staging, "source_profile"):
        connection.register("before_source_profile", TYPE.empty_table())


def open_table(
    connection: Connection,
    folder: Path,
    table: str,
) -> None:
    """Make the view `<table>` over a file of the candidate."""
    rows = connection.from_parquet(str(folder / f"{table}.parquet"))
    rows.create_view(table)


def open_table_before(
    connection: Connection,
    folder: Path | None,
    table: str,
) -> None:
    """Make the view `before_<table>`, without rows where the month before does not have it."""
    if not open_before(connection, folder, table):
        connection.execute(f"create view before_{table} as select * from {table} where false")


def open_before(
    connection: Connection,
    folder: Path | None,
    view: str,
) -> bool:
    """Make the view `before_<view>` over a file of the month before; return whether it is there."""
    if folder is None:
        return False
    file = folder / f"{view}.parquet"
    if not file.exists():
        return False
    rows = connection.from_parquet(str(file))
    rows.create_view(f"before_{view}")
    return True


def store_periods(connection: Connection, tables: Iterable[str]) -> None:
    """Make the table `published_periods`: the different periods of each published table.

    A table without that column, of which the check of columns tells, is left out.
    """
    connection.execute("create table published_periods (table_name varchar, period varchar)")
    for table in tables:
        if "period" in connection.table(table).columns:
            connection.execute(
                f"insert into published_periods select distinct '{table}', period from {table}"
            )


def open_landing(connection: Connection, landing: Path) -> None:
    """Views over the landed rows, all of them and those that count."""
    counts = []
    for file in sorted(landing.glob("[!.]*.parquet")):
        table = file.stem
        rows = connection.from_parquet(str(file))
        rows.create_view(f"landed_{table}")
        connection.execute(f"""
            create view accepted_{table} as
            select * from landed_{table}
            where
                landing_row not in (
                    select landing_row from refused_rows where source_table = '{table}'
                )
        """)
        counts.append(f"select '{table}' as source_table, count(*) as landed from landed_{table}")
    connection.execute(f"create view landing_rows as {' union all '.join(counts)}")
