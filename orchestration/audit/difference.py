"""Where two files of one name first differ: row and column, line, or byte."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow.parquet as pq

LONGEST = 200
NOTHING = "nothing"
TEXTS = {"", ".csv", ".css", ".html", ".js", ".json", ".ndjson", ".svg", ".txt"}


def difference_between(released: Path, rebuilt: Path) -> str:
    """The first difference of two files, either of which may not be there."""
    name = released.name
    if not released.exists():
        return f"{name} is not in the release"
    if not rebuilt.exists():
        return f"{name} is only in the release"
    return f"{name}, {difference_inside(released, rebuilt)}"


def difference_inside(released: Path, rebuilt: Path) -> str:
    """The first cell, line or byte in which two files differ."""
    if released.suffix == ".parquet":
        cell = other_cell(released, rebuilt)
        if cell:
            return cell
    if released.suffix in TEXTS:
        return other_line(released, rebuilt)
    return other_byte(released, rebuilt)


def other_cell(released: Path, rebuilt: Path) -> str | None:
    """The first column, or row and column, in which two tables differ.

    None where only their encoding differs.
    """
    one = pq.read_table(released)
    other = pq.read_table(rebuilt)
    columns = one.schema.names
    if columns != other.schema.names:
        return "columns: " + both(", ".join(columns), ", ".join(other.schema.names))
    if one.num_rows != other.num_rows:
        return "rows: " + both(one.num_rows, other.num_rows)
    pairs = zip(one.to_pylist(), other.to_pylist(), strict=True)
    for number, (row, again) in enumerate(pairs, start=1):
        for column in columns:
            if row[column] != again[column]:
                return f"row {number}, {column}: {both(row[column], again[column])}"
    return None


def both(released: object, again: object) -> str:
    """What stands in the release, and what was computed again."""
    return f"released {released}, computed again {again}"


def other_line(released: Path, rebuilt: Path) -> str:
    """The first line in which two texts differ."""
    lines = released.read_text(encoding="utf-8").split("\n")
    lines_again = rebuilt.read_text(encoding="utf-8").split("\n")
    place = first_difference(lines, lines_again)
    line = item_at(lines, place)
    again = item_at(lines_again, place)
    return f"line {place + 1}: {both(around(line, again), around(again, line))}"


def other_byte(released: Path, rebuilt: Path) -> str:
    """The first byte in which two files differ."""
    place = first_difference(released.read_bytes(), rebuilt.read_bytes())
    return f"byte {place}"


def first_difference(one: Sequence[object], other: Sequence[object]) -> int:
    """The first place, from 0, where two sequences differ; where one begins the other, its end."""
    for place, (item, again) in enumerate(zip(one, other, strict=False)):
        if item != again:
            return place
    return min(len(one), len(other))


def item_at(lines: Sequence[str], place: int) -> str:
    """The line at a place, or that there is none."""
    return lines[place] if place < len(lines) else NOTHING


def around(line: str, other: str) -> str:
    """A line from shortly before where it differs from another."""
    start = max(0, first_difference(line, other) - LONGEST // 4)
    end = start + LONGEST
    before = "…" if start else ""
    after = "…" if len(line) > end else ""
    return before + line[start:end] + after
