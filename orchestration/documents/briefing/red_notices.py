"""The alerts of an internal edition: by rule, and the red notices of each county."""

from collections import defaultdict
from collections.abc import Sequence

from orchestration.documents.edition import Edition, Rows
from quality.connection import reading, rows_as_dictionaries

BY_RULE = """
    select rule, count(*) as alerts, count(distinct union_id) as unions, max(months_open) as longest
    from read_parquet($1)
    group by rule
"""
# That alerts persist ($3 are the rules of that measure) is a notice of its own only where no other
# red alert of the union has been open for as many months.
RED = """
    with alerts as (select * from read_parquet($1) where level = 'red'),
    longest as (
        select union_id, max(months_open) as months
        from alerts
        where not list_contains($3, rule)
        group by union_id
    )
    select county_code, union_id, name_zh, rule, dimension, opened_period, months_open
    from alerts
    inner join read_parquet($2) as unions using (union_id)
    left join longest using (union_id)
    where not list_contains($3, rule) or coalesce(longest.months < alerts.threshold, true)
    order by months_open desc, health_index, union_id, rule, dimension
"""
PERSISTS = "months_yellow"


def alerts_by_rule(edition: Edition) -> Rows:
    """The methodology's rules in their order, each with its alerts.

    Of each it has the unions concerned and the longest run, in months.
    """
    counted = query_tables(
        BY_RULE,
        edition,
        ["alert"],
    )
    found = {row["rule"]: row for row in counted}
    none = {"alerts": 0, "unions": 0, "longest": None}
    rules = edition.methodology.tables["alert_rules"]
    return [{**rule, **found.get(rule["rule"], none)} for rule in rules]


def red_notices(edition: Edition) -> dict[str, Rows]:
    """The red alerts of each county, one for each cause; none where unions may not be shown.

    The longest-standing come first, and of those the unions with the lowest index.
    """
    counties: dict[str, Rows] = defaultdict(list)
    if not edition.is_internal:
        return counties
    rules = edition.methodology.tables["alert_rules"]
    persisting = [rule["rule"] for rule in rules if rule["measure"] == PERSISTS]
    found = query_tables(
        RED,
        edition,
        ["alert", "union_index"],
        parameters=[persisting],
    )
    for row in found:
        counties[row["county_code"]].append(row)
    return counties


def query_tables(
    query: str,
    edition: Edition,
    tables: Sequence[str],
    parameters: Sequence[object] = (),
) -> Rows:
    """The rows of a query over tables of an edition, whose files are its first parameters."""
    files = [str(edition.folder / f"{table}.parquet") for table in tables]
    with reading() as connection:
        found = connection.execute(query, [*files, *parameters])
        return rows_as_dictionaries(found)
