"""Why a row was refused, and what it holds there: of a release's accounts, or of a landed row.

No value is told of a row that is about one person, of a column made of a personal one, or that
reads like something personal.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from orchestration.contract.registry import SourceTable, person_columns, source_tables
from quality.connection import reading, rows_as_dictionaries

MERGED = "merged"
NULL = "null"
PERSONAL = "personal"
ACCOUNTS = ("refused_rows", "refused_places", "refused_values")
QUERY = """
    with cells as (
        select
            source_table,
            landing_row,
            map_from_entries(
                list((column_name, landed_value)) filter (where looks_personal is not true)
            ) as cells
        from read_parquet($refused_values)
        group by source_table, landing_row
    )
    select refused.*, places.* exclude (source_table, landing_row), cells.cells
    from read_parquet($refused_rows) as refused
    inner join read_parquet($refused_places) as places using (source_table, landing_row)
    left join cells using (source_table, landing_row)
    order by source_table, landing_row
"""

Row = dict[str, Any]


def refused_rows(staging: Path) -> list[Row]:
    """The refused rows of a release or candidate, by table in the registry's order and by row.

    staging: the folder of its accounts.
    """
    files = {name: str(staging / f"{name}.parquet") for name in ACCOUNTS}
    with reading() as connection:
        found = rows_as_dictionaries(connection.execute(QUERY, files))
    tables = source_tables()
    order = list(tables)
    found.sort(key=lambda row: order.index(row["source_table"]))
    return [refusal_of_account(tables[row["source_table"]], row) for row in found]


def refusal_of_account(table: SourceTable, row: Row) -> Row:
    """A refused row as the accounts have it.

    Of a row without a value where one is due that is all it holds.
    """
    cells = row["cells"] or {}
    if row["rule"] == NULL:
        empty = columns_in(table, row["detail"] or "")
        cells = dict.fromkeys(empty)
    stated = {**row, "key": row["source_key"], "cells": cells}
    found = refusal(table, stated)
    found["enterprise_id"] = row["enterprise_id"]
    return found


def refusal(table: SourceTable, row: Mapping[str, Any]) -> Row:
    """A refused row: where, by which rule, in which columns, and the values that may be told.

    row: its rule, detail, key, landing_row, union_id and region_code, and in `cells` what it holds.
    """
    cells: Mapping[str, Any] = row["cells"] or {}
    concerned = columns_in(table, row["detail"] or "")
    told = [] if row["rule"] == PERSONAL else told_columns(table)
    if row["rule"] != "type":
        told = [name for name in told if name in cells]
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
        "values": {name: cells.get(name) for name in concerned if name in told},
    }


def told_columns(table: SourceTable) -> list[str]:
    """The landed columns whose values may be told: none of a table with rows about one person."""
    if table.name in person_columns():
        return []
    return [column.name for column in table.landed if column.derived_from is None]


def columns_in(table: SourceTable, detail: str) -> list[str]:
    """The table's columns that the detail of a rule names: one, a key, or those of a condition."""
    columns = {column.name for column in table.columns}
    columns |= {column.name for column in table.landed}
    words = re.findall(r"\w+", detail)
    named = [word for word in words if word in columns]
    return list(dict.fromkeys(named))
