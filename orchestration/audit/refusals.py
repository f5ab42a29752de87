"""Which landed rows were refused, by which rule, in which column and with which value, of an area or of a union.

The release's account has the rule of each; the landed rows have where they belong and what they
hold. No value is told of a row that is about one person, or of a column made of a personal one.
"""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from orchestration.audit.landed import LandedFile
from orchestration.audit.published import Published, Row
from orchestration.extract.registry import SourceTable, person_columns, source_tables
from orchestration.warehouse import sql_path

MERGED = "merged"
PLACE_TABLES = ("enterprise", "union_org")


def tables_with_refusals(published: Published) -> list[str]:
    """The tables that have refused rows, and those that say where these belong."""
    found = published.rows(f"select distinct source_table from refused_rows where rule <> '{MERGED}' order by all")
    return list(dict.fromkeys([*PLACE_TABLES, *(row["source_table"] for row in found)]))


def refusals(published: Published, landed: Mapping[str, LandedFile], condition: str, *parameters: str) -> list[Row]:
    """Refused rows that meet a condition on `region_code`, `enterprise_id` and `union_id`, by table and row.

    landed: the files of tables_with_refusals. A row belongs where a landed row of its union or
    enterprise says, be that refused too; one that belongs nowhere has no region.
    """
    found = []
    for name in source_tables():
        if name in landed and (query := query_of_table(source_tables()[name], landed)):
            rows = published.rows(f"from ({query}) where {condition} order by landing_row", *parameters)
            found += [refusal(source_tables()[name], row) for row in rows]
    return found


def query_of_table(table: SourceTable, landed: Mapping[str, LandedFile]) -> str:
    """The query of a table's refused rows: rule, detail, key, where each belongs, and its values as text."""
    names = {column.name for column in table.landed}
    shown = ", ".join(f"cast(source.{name} as varchar) as {name}" for name in told_columns(table))
    values = f"(select cells from (select {shown}) as cells)" if shown else "null"
    region, enterprise, union = belonging(names)
    return f"""
        select
            '{table.name}' as source_table, refused.rule, refused.detail, refused.source_key as key, refused.landing_row,
            {union} as union_id, {enterprise} as enterprise_id, {region} as region_code, {values} as cells
        from read_parquet('{sql_path(landed[table.name].file)}') as source
        inner join refused_rows as refused
            on refused.source_table = '{table.name}' and refused.landing_row = source.landing_row and refused.rule <> '{MERGED}'
        left join {places(landed["union_org"].file, "union_id", "enterprise_id")} as unions
            on unions.code = {"source.union_id" if "union_id" in names else "null"}
        left join {places(landed["enterprise"].file, "enterprise_id", "region_code")} as enterprises
            on enterprises.code = {"source.enterprise_id" if "enterprise_id" in names else "unions.place"}
    """


def belonging(names: Iterable[str]) -> tuple[str, str, str]:
    """SQL of the region, enterprise and union of a row with columns of these names."""
    union = "source.union_id" if "union_id" in names else "cast(null as varchar)"
    enterprise = "source.enterprise_id" if "enterprise_id" in names else "unions.place"
    region = "source.region_code" if "region_code" in names else "enterprises.place"
    return region, enterprise, union


def places(file: Path, key: str, place: str) -> str:
    """SQL of where each key of a landed table belongs; of rows that disagree the least one counts."""
    return f"(select {key} as code, min({place}) as place from read_parquet('{sql_path(file)}') group by {key})"


def told_columns(table: SourceTable) -> list[str]:
    """The landed columns whose values may be told: none of a table whose rows are about one person each."""
    if table.name in person_columns():
        return []
    return [column.name for column in table.landed if column.derived_from is None]


def refusal(table: SourceTable, row: Row) -> Row:
    """A refused row: where, by which rule, in which columns, and their values where these may be told."""
    concerned = columns_in(table, row["detail"] or "")
    told = told_columns(table)
    cells: Mapping[str, Any] = row["cells"] or {}
    return {
        "table": table.name,
        "name_zh": table.name_zh,
        "key": row["key"],
        "landing_row": row["landing_row"],
        "rule": row["rule"],
        "detail": row["detail"],
        "union_id": row["union_id"],
        "region_code": row["region_code"],
        "columns": concerned,
        "personal": any(name not in told for name in concerned),
        "values": {name: cells[name] for name in concerned if name in told},
    }


def columns_in(table: SourceTable, detail: str) -> list[str]:
    """The table's columns that the detail of a rule names: one, a key, or those of a condition."""
    names = {column.name for column in table.columns} | {column.name for column in table.landed}
    words = re.findall(r"\w+", detail)
    return list(dict.fromkeys(word for word in words if word in names))
