"""Why a union that was landed is not measured: one union by identifier, or all of an area."""

from collections.abc import Mapping
from typing import Any

from orchestration.audit import refusals
from orchestration.audit.landed import LandedFile, load
from orchestration.audit.published import Published, Row
from orchestration.audit.recount import FRAME_TABLES, define, query_of
from orchestration.build.warehouse import sql_path

REFUSED = "row_refused"
REFUSED_ROWS_OF_A_UNION = """
    source_table in ('union_org', 'enterprise', 'operating_event')
    and (union_id = $1 or list_contains(getvariable('enterprises'), enterprise_id))
"""
OF_THE_FRAME = ("enterprise", *FRAME_TABLES)


def why_not_measured(
    published: Published,
    landed: Mapping[str, LandedFile],
    union: str,
) -> dict[str, Any] | None:
    """Why a union that is not linked is not measured, as JSON.

    None where no landed row has the identifier. landed: the files of OF_THE_FRAME. Every reason
    that holds is given, with its day; of a refused row the rule, the columns and the values, and
    the same of its enterprise's row.
    """
    file = sql_path(landed["union_org"].file)
    rows = published.rows(
        f"select distinct enterprise_id from read_parquet('{file}') "
        "where union_id = $1 order by all",
        union,
    )
    if not rows:
        return None
    enterprises = [row["enterprise_id"] for row in rows]
    define(published)
    published.connection.execute("set variable traced = $1", [union])
    published.connection.execute("set variable enterprises = $1", [enterprises])
    load(published, landed["union_org"], "source.union_id = getvariable('traced')")
    for table in ("enterprise", "operating_event"):
        load(
            published,
            landed[table],
            "list_contains(getvariable('enterprises'), source.enterprise_id)",
        )
    refused = refusals.refusals(published, landed, REFUSED_ROWS_OF_A_UNION, union)
    reasons = []
    if any(is_row_of(row, union) for row in refused):
        reasons.append({"reason": REFUSED, "happened_on": None})
    reasons += [
        {"reason": row["reason"], "happened_on": row["happened_on"]}
        for row in reasons_of(published)
    ]
    return {
        "union_id": union,
        "enterprise_ids": enterprises,
        "reasons": reasons,
        "refused_rows": refused,
    }


def is_row_of(refused: Row, union: str) -> bool:
    """Whether a refused row is that of a union in `union_org`."""
    return (refused["table"], refused["union_id"]) == ("union_org", union)


def reasons_of(published: Published) -> list[Row]:
    """Why the unions in `union_org` that are not measured are not.

    Union, enterprise, name, reason and day (ISO 8601).
    """
    reasons = published.rows(query_of("why/unmeasured"))
    for row in reasons:
        if row["happened_on"]:
            row["happened_on"] = row["happened_on"].isoformat()
    return reasons
