"""`uhi diff`: two releases side by side, of whatever periods.

It tells what moved the indices, what the methodology changed, and every difference.
"""

import csv
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

PARTS = ("data", "membership", "method", "rounding")


def compare(before: Path, after: Path) -> dict[str, Any]:
    """Every difference from one release to another, as JSON.

    Raises VerificationError, or UsageError, where one is no sound release.
    """
    names = {
        which: verify(folder).manifest.period
        for which, folder in (("before", before), ("after", after))
    }
    with connect() as connection:
        decompose(connection, before, after)
        return {
            **names,
            "decomposition": rows_of(
                connection, "select * from decomposition order by level <> 'city', level, area_code"
            ),
            "methodology": changed_methodology(before, after),
            "changes": rows_of(
                connection, changes_between(before / "internal", after / "internal")
            ),
        }


def rows_of(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    """A query's rows, decimals as text, so that JSON keeps them exactly."""
    found = connection.sql(query)
    return [
        {
            name: str(cell) if isinstance(cell, Decimal) else cell
            for name, cell in zip(found.columns, row, strict=True)
        }
        for row in found.fetchall()
    ]


def changed_methodology(before: Path, after: Path) -> list[dict[str, str]]:
    """The rows of the methodology's tables that only one of the releases has."""
    changed = []
    for table in COLUMNS:
        old, new = (
            methodology_rows(release / "internal" / "methodology" / f"{table}.csv")
            for release in (before, after)
        )
        changed += [{"table": table, "change": "gone", "row": row} for row in old if row not in new]
        changed += [
            {"table": table, "change": "appeared", "row": row} for row in new if row not in old
        ]
    return changed


def methodology_rows(file: Path) -> list[str]:
    """The rows of a table of the methodology, their cells divided by commas."""
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [",".join(row) for row in csv.reader(lines, strict=True)]


def lines_of(compared: dict[str, Any], *, every: bool) -> list[str]:
    """A comparison for a reader: city and counties, and how many differences each table has.

    Every one of them where asked.
    """
    moved = [row for row in compared["decomposition"] if row["level"] != "township" or every]
    lines = [f"{compared['before']} -> {compared['after']}", *decomposition(moved)]
    lines += [
        f"methodology, {each['table']}, {each['change']}: {each['row']}"
        for each in compared["methodology"]
    ]
    counts: dict[str, int] = {}
    for change in compared["changes"]:
        counts[change["table_name"]] = counts.get(change["table_name"], 0) + 1
    lines += [f"{table}: {count:,} differences" for table, count in counts.items()] or [
        "No figure differs."
    ]
    shown = [
        each for each in compared["changes"] if every or each["table_name"] == "county_ranking"
    ]
    return lines + [f"  {told(each)}" for each in shown]


def decomposition(rows: list[dict[str, Any]]) -> list[str]:
    """What moved the index of each area, as a table."""
    figures = ("before", "after", "change", *PARTS)
    unions = {"stayed": "stayed", "joined": "joined", "left_sample": "left"}
    cells = [
        (
            row["area_code"],
            *(row[figure] or "–" for figure in figures),
            *(str(row[count]) for count in unions),
        )
        for row in rows
    ]
    head = ("area", *figures, *unions.values())
    return aligned(cells, head=head, right=range(1, len(head)))


def told(change: dict[str, Any]) -> str:
    """A difference in a line."""
    if change["change"] != "changed":
        return f"{change['table_name']} {change['key']}: {change['change']}"
    old, new = (
        change[f"{which}_text"] or (change[which] or "–").removesuffix(".0000")
        for which in ("before", "after")
    )
    return f"{change['table_name']} {change['key']} {change['column_name']}: {old} -> {new}"
