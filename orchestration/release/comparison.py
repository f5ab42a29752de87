"""`uhi diff`: two releases side by side, of whatever periods.

It tells what moved the indices, what the methodology changed, and every difference.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb

from orchestration.aligned import aligned
from orchestration.contract.methodology_tables import COLUMNS
from orchestration.release.bundle import verify
from orchestration.release.changes import changes_between
from orchestration.release.decomposition import decompose
from quality.connection import connect
from quality.nouns import counted_noun

DECOMPOSITION = "select * from decomposition order by level <> 'city', level, area_code"
PARTS = ("data", "membership", "method", "rounding")


def compare(before: Path, after: Path) -> dict[str, Any]:
    """Every difference from one release to another, as JSON.

    Raises VerificationError, or UsageError, where one is no sound release.
    """
    period_before = verify(before).manifest.period
    period_after = verify(after).manifest.period
    with connect() as connection:
        decompose(connection, before, after)
        changes = changes_between(before / "internal", after / "internal")
        return {
            "before": period_before,
            "after": period_after,
            "decomposition": rows_of(connection, DECOMPOSITION),
            "methodology": list(changed_methodology(before, after)),
            "changes": rows_of(connection, changes),
        }


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """A query's rows, decimals as text, so that JSON keeps them exactly."""
    found = connection.sql(query)
    rows = []
    for row in found.fetchall():
        cells = [str(cell) if isinstance(cell, Decimal) else cell for cell in row]
        rows.append(dict(zip(found.columns, cells, strict=True)))
    return rows


def changed_methodology(before: Path, after: Path) -> Iterator[dict[str, str]]:
    """The rows of the methodology's tables that only one of the releases has."""
    for table in COLUMNS:
        old = methodology_rows(before, table)
        new = methodology_rows(after, table)
        for row in old:
            if row not in new:
                yield {"table": table, "change": "gone", "row": row}
        for row in new:
            if row not in old:
                yield {"table": table, "change": "appeared", "row": row}


def methodology_rows(release: Path, table: str) -> list[str]:
    """The rows of a table of a release's methodology, their cells divided by commas."""
    file = release / "internal" / "methodology" / f"{table}.csv"
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [",".join(row) for row in csv.reader(lines, strict=True)]


def lines_of(compared: dict[str, Any], *, every: bool) -> list[str]:
    """A comparison for a reader: city and counties, and how many differences each table has.

    Every one of them where asked.
    """
    moved = [row for row in compared["decomposition"] if every or row["level"] != "township"]
    lines = [f"{compared['before']} -> {compared['after']}"]
    lines += decomposition(moved)
    for row in compared["methodology"]:
        lines.append(f"methodology, {row['table']}, {row['change']}: {row['row']}")
    lines += change_lines(compared["changes"], every=every)
    return lines


def change_lines(changes: list[dict[str, Any]], *, every: bool) -> Iterator[str]:
    """How many differences each table has, and those of the counties, or every one."""
    counts = Counter(change["table_name"] for change in changes)
    for table, count in counts.items():
        yield f"{table}: {counted_noun(count, 'difference')}"
    if not changes:
        yield "No figure differs."
    for change in changes:
        if every or change["table_name"] == "county_ranking":
            yield f"  {change_text(change)}"


def decomposition(rows: list[dict[str, Any]]) -> list[str]:
    """What moved the index of each area, as a table."""
    figures = ("before", "after", "change", *PARTS)
    unions = {"stayed": "stayed", "joined": "joined", "left_sample": "left"}
    cells = []
    for row in rows:
        figures_of_row = [row[figure] or "–" for figure in figures]
        counts = [str(row[count]) for count in unions]
        cells.append((row["area_code"], *figures_of_row, *counts))
    head = ("area", *figures, *unions.values())
    return aligned(cells, head=head, right=range(1, len(head)))


def change_text(change: dict[str, Any]) -> str:
    """A difference in a line."""
    row = f"{change['table_name']} {change['key']}"
    if change["change"] != "changed":
        return f"{row}: {change['change']}"
    old = change["before_text"] or figure_text(change["before"])
    new = change["after_text"] or figure_text(change["after"])
    return f"{row} {change['column_name']}: {old} -> {new}"


def figure_text(figure: str | None) -> str:
    """A figure without places that say nothing; a dash where there is none."""
    if not figure:
        return "–"
    return figure.removesuffix(".0000")
