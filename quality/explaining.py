"""What an expectation of a table that does not hold has found, in words.

The words say what is due, how many rows fail, and which. Rows are named by their key, which never
says who a person is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from quality.publication import PublishedTable

SHOWN = 5


def explained(name: str, table: PublishedTable, frame: pd.DataFrame) -> str:
    """What the check `<table>.<column>.<kind>` found in a table that does not meet it."""
    _, column, kind = name.split(".")
    rows = len(frame)
    if kind == "floor":
        return f"{table.name} has {rows:,} rows; at least {table.least_rows:,} are due"
    if kind == "due":
        filled = int(frame[column].notna().sum())
        least = f"{table.least_shares[column]:.0%}"
        return f"{column} is filled in {filled:,} of {rows:,} rows; it is due in at least {least}"
    due, failing = failing_rows(column, kind, table, frame)
    return f"{due}; {int(failing.sum()):,} of {rows:,} rows fail: {keys(frame[failing], table)}"


def failing_rows(
    column: str, kind: str, table: PublishedTable, frame: pd.DataFrame
) -> tuple[str, pd.Series[bool]]:
    """What is due of a column, or of the key, and which rows fail it."""
    if kind == "unique":
        key = ["period", *table.key]
        return f"one row is due for each {', '.join(key)}", frame.duplicated(key, keep=False)
    cells = frame[column]
    if kind == "filled":
        return f"{column} is due in every row", cells.isna()
    if kind == "codes":
        known = table.codes[column]
        return f"{column} is due as {', '.join(known)}", cells.notna() & ~cells.isin(known)
    lowest, highest = table.bounds[column]
    least = float("-inf") if lowest is None else lowest
    most = float("inf") if highest is None else highest
    due = f"{column} is due from {lowest}" + ("" if highest is None else f" to {highest}")
    return due, cells.notna() & ~cells.between(least, most)


def keys(failing: pd.DataFrame, table: PublishedTable) -> str:
    """The keys of the first failing rows."""
    first = failing[list(table.key)].head(SHOWN)
    named = ["/".join(map(str, key)) for key in first.itertuples(index=False)]
    more = " …" if len(failing) > SHOWN else ""
    return f"{', '.join(named)}{more}"
