"""Why unions are not measured, by the release's own account."""

from pathlib import Path
from typing import Any

from quality.connection import reading

# The order in which the reasons of a union are told.
REASONS = (
    "row_refused",
    "no_enterprise",
    "enterprise_established_later",
    "union_established_later",
    "enterprise_closed",
    "enterprise_merged",
    "never_linked",
    "linked_later",
)

Row = dict[str, Any]


def unmeasured_unions(staging: Path) -> list[Row]:
    """Unions that are not measured, by id, each with its `reasons`.

    A reason is a pair of a code and a day (ISO 8601 or None).

    staging: the folder of the accounts of a release or candidate.
    """
    query = "from read_parquet($1) order by union_id, list_position($2, reason)"
    found: dict[str, Row] = {}
    with reading() as connection:
        rows = connection.execute(
            query, [str(staging / "unmeasured_unions.parquet"), list(REASONS)]
        )
        for union, enterprise, name, township, reason, day in rows.fetchall():
            row = found.setdefault(
                union,
                {
                    "union_id": union,
                    "enterprise_id": enterprise,
                    "name_zh": name,
                    "township_code": township,
                    "reasons": [],
                },
            )
            row["reasons"].append((reason, day and day.isoformat()))
    return list(found.values())
