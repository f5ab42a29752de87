"""The alerts of an internal edition: by rule, and the red notices of each county."""

from collections import defaultdict
from typing import Any

from orchestration.release.documents.edition import Edition, Rows
from quality.connection import reading

BY_RULE = """
    select rule, count(*) as alerts, count(distinct union_id) as unions, max(months_open) as longest
    from read_parquet($1)
    group by rule
"""
RED = """
    select county_code, union_id, name_zh, rule, dimension, opened_period, months_open
    from read_parquet($1) as alerts
    inner join read_parquet($2) as unions using (union_id)
    where level = 'red'
    order by months_open desc, union_id, rule, dimension
"""


def alerts_by_rule(edition: Edition) -> Rows:
    """The methodology's rules in their order, each with its alerts, the unions concerned and the longest run in months."""
    found = {row["rule"]: row for row in queried(BY_RULE, edition, "alert")}
    none = {"alerts": 0, "unions": 0, "longest": None}
    return [{**rule, **found.get(rule["rule"], none)} for rule in edition.methodology.tables["alert_rules"]]


def red_notices(edition: Edition) -> dict[str, Rows]:
    """The red alerts of each county, the longest-standing first; none where unions may not be shown."""
    counties: dict[str, Rows] = defaultdict(list)
    if edition.is_internal:
        for row in queried(RED, edition, "alert", "union_index"):
            counties[row["county_code"]].append(row)
    return counties


def queried(query: str, edition: Edition, *tables: str) -> Rows:
    """The rows of a query over tables of an edition."""
    with reading() as connection:
        found = connection.execute(query, [str(edition.folder / f"{table}.parquet") for table in tables])
        names = [column[0] for column in found.description or ()]
        rows: list[dict[str, Any]] = [dict(zip(names, row, strict=True)) for row in found.fetchall()]
    return rows
