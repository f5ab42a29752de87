"""The rows of a landing that another landing says otherwise, as of a day."""

from collections.abc import Container
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb

from orchestration.build.warehouse import sql_path
from orchestration.contract.parameters import parameters
from orchestration.contract.registry import SourceTable, key_text, person_columns
from orchestration.revisions.as_of import compared_columns, has_begun, rows_as_of

TABLE = """
    create table revised_rows (
        period varchar, release varchar, source_table varchar, county_code varchar,
        change varchar, announced boolean, source_key varchar, columns varchar
    )
"""
ORDER = "period, source_table, county_code nulls first, change, source_key, columns, announced"
THEN, NOW = "published", "landed"


@dataclass(frozen=True)
class Comparison:
    """The landed files of a table that are compared for a release.

    as_of: the day of the release; read_at: when its landing was read; then: the file of that; now:
    that of the new landing.
    """

    period: str
    release: str
    as_of: date
    read_at: str
    then: Path
    now: Path


def open_places(
    connection: duckdb.DuckDBPyConnection, side: str, enterprises: Path, unions: Path
) -> None:
    """Make tables of where the enterprises and the unions of a landing are; side: THEN or NOW."""
    connection.execute(f"""
        create or replace table {side}_enterprise_id as
        select enterprise_id, min(region_code) as region_code
        from read_parquet('{sql_path(enterprises)}')
        group by enterprise_id;
        create or replace table {side}_union_id as
        select union_id, min(region_code) as region_code
        from read_parquet('{sql_path(unions)}') left join {side}_enterprise_id using (enterprise_id)
        group by union_id;
    """)


def add_revised_rows(
    connection: duckdb.DuckDBPyConnection,
    compared: Comparison,
    table: SourceTable,
    without: Container[str] = (),
) -> None:
    """Add to `revised_rows` the rows of a table that differ, each added, changed or gone.

    It is announced where it says that it was changed after the published landing was read. One
    about a person has no key. without: columns that are not compared.
    """
    then, now, as_of = compared.then, compared.now, compared.as_of
    connection.execute(
        f"""
        insert into revised_rows
        with was as ({rows_as_of(table, then, as_of, without)}),
        stands as ({rows_as_of(table, now, as_of, without)}),
        differing as (
            (from was except from stands) union all (from stands except from was)
        ),
        revised as (
            select row_key, {differing_columns(table, without)} as columns
            from differing group by row_key
        ),
        before as ({facts_of(table, then, as_of, THEN)}),
        after as ({facts_of(table, now, as_of, NOW)}),
        placed as (
            select row_key, columns, after.changed_at,
                coalesce(after.region_code, before.region_code) as region_code,
                case
                    when after.rows is null then 'gone'
                    when before.rows is null then 'added'
                    else 'changed'
                end as change
            from revised left join before using (row_key) left join after using (row_key)
        )
        select
            $period, $release, '{table.name}', {county_of("region_code")}, change,
            coalesce(changed_at > cast($read_at as timestamptz), false),
            {"null" if table.name in person_columns() else "row_key"},
            case when change = 'changed' then columns end
        from placed
        """,
        {
            "period": compared.period,
            "release": compared.release,
            "read_at": compared.read_at,
        },
    )


def county_of(code: str) -> str:
    """SQL of the county of an area's code; null of an area that is larger."""
    length = parameters().county_code_length
    return f"case when length({code}) >= {length} then substr({code}, 1, {length}) end"


def differing_columns(table: SourceTable, without: Container[str]) -> str:
    """SQL of the columns, divided by commas, in which some rows of one key differ."""
    names = [column.name for column in compared_columns(table, without)]
    differs = [
        f"case when count({name}) not in (0, count(*)) or min({name}) is distinct from max({name}) "
        f"then '{name}' end"
        for name in names
    ]
    return f"concat_ws(', ', {', '.join(differs)})"


def facts_of(table: SourceTable, file: Path, as_of: date, side: str) -> str:
    """SQL of the rows of each revised key in a landed file: how many, where, and changed when."""
    changed_at = table.watermark or "cast(null as timestamptz)"
    return f"""
        select row_key, count(*) as rows, min(region_code) as region_code,
            max({changed_at}) as changed_at
        from (
            select *, {key_text(table)} as row_key
            from read_parquet('{sql_path(file)}') where {has_begun(table, as_of)}
        ) semi join revised using (row_key) {place_of(table, side)}
        group by row_key
    """


def place_of(table: SourceTable, side: str) -> str:
    """SQL that joins the area of a row: its own, that of its enterprise, or of its union."""
    names = {column.name for column in table.columns}
    if "region_code" in names:
        return ""
    place = "enterprise_id" if "enterprise_id" in names else "union_id"
    return f"left join {side}_{place} using ({place})"
