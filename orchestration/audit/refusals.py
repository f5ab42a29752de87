"""Which landed rows of an area or union were refused: by which rule, column and value.

The release's account has the rule of each; the landed rows have where they belong and what they
hold. No value is told of a row that is about one person, or of a column made of a personal one.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

from orchestration.audit.landed import LandedFile
from orchestration.audit.published import Published, Row
from orchestration.build.warehouse import sql_path
from orchestration.contract.registry import SourceTable, source_tables
from orchestration.why.refused import MERGED, refusal, told_columns

PLACE_TABLES = ("enterprise", "union_org")


def tables_with_refusals(published: Published) -> list[str]:
    """The tables that have refused rows, and those that say where these belong."""
    found = published.rows(
        f"select distinct source_table from refused_rows where rule <> '{MERGED}' order by all"
    )
    refused = [row["source_table"] for row in found]
    return list(dict.fromkeys([*PLACE_TABLES, *refused]))


def refusals(
    published: Published,
    landed: Mapping[str, LandedFile],
    condition: str,
    *parameters: str,
) -> list[Row]:
    """The refused rows that meet a condition, by table and row.

    The condition is on `region_code`, `enterprise_id` and `union_id`.

    landed: the files of tables_with_refusals. A row belongs where a landed row of its union or
    enterprise says, be that refused too; one that belongs nowhere has no region.
    """
    found = []
    for name, table in source_tables().items():
        if name in landed:
            query = f"from ({query_of_table(table, landed)}) where {condition} order by landing_row"
            found += [refusal(table, row) for row in published.rows(query, *parameters)]
    return found


def query_of_table(table: SourceTable, landed: Mapping[str, LandedFile]) -> str:
    """SQL of a table's refused rows: rule, detail, key, where each belongs, its values as text."""
    names = {column.name for column in table.landed}
    shown = ", ".join(f"cast(source.{name} as varchar) as {name}" for name in told_columns(table))
    values = f"(select cells from (select {shown}) as cells)" if shown else "null"
    region, enterprise, union = belonging(names)
    union_code = "source.union_id" if "union_id" in names else "null"
    enterprise_code = "source.enterprise_id" if "enterprise_id" in names else "unions.place"
    source = f"read_parquet('{sql_path(landed[table.name].file)}')"
    unions = places(landed["union_org"].file, "union_id", "enterprise_id")
    enterprises = places(landed["enterprise"].file, "enterprise_id", "region_code")
    return f"""
        select
            '{table.name}' as source_table, refused.rule, refused.detail,
            refused.source_key as key, refused.landing_row,
            {union} as union_id, {enterprise} as enterprise_id, {region} as region_code,
            {values} as cells
        from {source} as source
        inner join refused_rows as refused
            on refused.source_table = '{table.name}'
            and refused.landing_row = source.landing_row and refused.rule <> '{MERGED}'
        left join {unions} as unions on unions.code = {union_code}
        left join {enterprises} as enterprises on enterprises.code = {enterprise_code}
    """


def belonging(names: Iterable[str]) -> tuple[str, str, str]:
    """SQL of the region, enterprise and union of a row with columns of these names."""
    union = "source.union_id" if "union_id" in names else "cast(null as varchar)"
    enterprise = "source.enterprise_id" if "enterprise_id" in names else "unions.place"
    region = "source.region_code" if "region_code" in names else "enterprises.place"
    return region, enterprise, union


def places(file: Path, key: str, place: str) -> str:
    """SQL of where each key of a landed table belongs; where its rows disagree, the least place."""
    rows = f"read_parquet('{sql_path(file)}')"
    return f"(select {key} as code, min({place}) as place from {rows} group by {key})"
