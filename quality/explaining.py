"""What an expectation of a table that does not hold has found, in words.

The words say what is due, how many rows fail, and which. Rows are named by their key, which never
says who a person is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from quality.nouns import counted_noun

if TYPE_CHECKING:
    import pandas as pd

    from quality.publication import PublishedTable

SHOWN = 5


def explained(
    name: str,
    table: PublishedTable,
    frame: pd.DataFrame,
) -> str:
    """What the check `<table>.<column>.<kind>` found in a table that does not meet it."""
    _, column, kind = name.split(".")
    rows = len(frame)
    if kind == "floor":
        found = counted_noun(rows, "row")
        return f"{table.name} has {found}; at least {table.least_rows:,} are due"
    if kind == "due":
        filled = int(frame[column].count())
        least = f"{table.least_shares[column]:.0%}"
        found = f"{filled:,} of {counted_noun(rows, 'row')}"
        return f"{column} is filled in {found}; it is due in at least {least}"
    due = what_is_due(column, kind, table)
    failing = frame[is_failing(column, kind, table, frame)]
    of_rows = counted_noun(rows, "row")
    return f"{due}; {len(failing):,} of {of_rows} fail: {keys(failing, table)}"


def what_is_due(
    column: str,
    kind: str,
    table: PublishedTable,
) -> str:
    """What is due of a column, or of the key."""
    if kind == "unique":
        key = ", ".join(["period", *table.key])
        return f"one row is due for each {key}"
    if kind == "filled":
        return f"{column} is due in every row"
    if kind == "codes":
        known = ", ".join(table.codes[column])
        return f"{column} is due as {known}"
    lowest, highest = table.bounds[column]
    if highest is None:
        return f"{column} is due from {lowest}"
    return f"{column} is due from {lowest} to {highest}"


def is_failing(
    column: str,
    kind: str,
    table: PublishedTable,
    frame: pd.DataFrame,
) -> pd.Series[bool]:
    """Of each row, whether it fails what is due of a column, or of the key."""
    if kind == "unique":
        return frame.duplicated(["period", *table.key], keep=False)
    cells = frame[column]
    if kind == "filled":
        return cells.isna()
    if kind == "codes":
        return cells.notna() & ~cells.isin(table.codes[column])
    lowest, highest = table.bounds[column]
    least = float("-inf") if lowest is None else lowest
    most = float("inf") if highest is None else highest
    return cells.notna() & ~cells.between(least, most)


def keys(failing: pd.DataFrame, table: PublishedTable) -> str:
    """The keys of the first failing rows."""
    first = failing[list(table.key)].head(SHOWN)
    rows = first.itertuples(index=False)
    named = ["/".join(map(str, key)) for key in rows]
    more = " …" if len(failing) > SHOWN else ""
    return f"{', '.join(named)}{more}"
