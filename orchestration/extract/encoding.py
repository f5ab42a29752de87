"""Sources of which the names are no names in Chinese are refused before they land.

Text that was decoded with the wrong table of characters before it was handed over is valid, and
would be ranked and published.
"""

import duckdb

from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.errors import SourceError
from orchestration.extract.casting import quoted
from quality.names import is_chinese_name
from quality.queries import limits

SAMPLE = 2_000
SHOWN_KEYS = 5


def refuse_garbled_names(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    location: str,
    table: SourceTable,
) -> None:
    """Raise SourceError where too many cells of a column of names are not names in Chinese.

    The registry says how many are allowed.
    """
    for column in table.columns:
        if column.garbled_share is not None:
            refuse_garbled_column(
                connection, relation, location, table, column, column.garbled_share
            )


def refuse_garbled_column(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    location: str,
    table: SourceTable,
    column: SourceColumn,
    allowed_share: float,
) -> None:
    """The same for one column, of which a sample is looked at."""
    name = quoted(column.name)
    key = " || '/' || ".join(f"coalesce(cast({quoted(part)} as varchar), '')" for part in table.key)
    sample = connection.execute(f"""
        select min({key}), {name} from {relation}
        where {name} is not null
        group by {name}
        order by hash({name})
        limit {SAMPLE}
    """).fetchall()
    least_share = limits()["plausibility.enterprise_names"]["threshold"]
    garbled = sorted(row_key for row_key, cell in sample if not is_chinese_name(cell, least_share))
    if len(garbled) > allowed_share * len(sample):
        keys = ", ".join(garbled[:SHOWN_KEYS]) + (" …" if len(garbled) > SHOWN_KEYS else "")
        raise SourceError(
            f"{location}: {len(garbled):,} of {len(sample):,} names looked at in column "
            f"{column.name} of {table.name} are not Chinese ({'/'.join(table.key)} {keys}). "
            "They were probably decoded with a wrong table of characters before they were "
            "handed over; hand them over in UTF-8."
        )
