"""Where two files of one name first differ: row and column, line, or byte."""

from itertools import zip_longest
from pathlib import Path

import pyarrow.parquet as pq

LONGEST = 200
NOTHING = "nothing"
TEXTS = {"", ".csv", ".css", ".html", ".js", ".json", ".ndjson", ".svg", ".txt"}


def difference_between(released: Path, rebuilt: Path) -> str:
    """The first difference of two files, either of which may not be there."""
    name = released.name
    if not (released.exists() and rebuilt.exists()):
        return (
            f"{name} is only in the release"
            if released.exists()
            else f"{name} is not in the release"
        )
    if released.suffix == ".parquet" and (found := other_cell(released, rebuilt)):
        return f"{name}, {found}"
    if released.suffix in TEXTS:
        return f"{name}, {other_line(released, rebuilt)}"
    return f"{name}, {other_byte(released, rebuilt)}"


def other_cell(released: Path, rebuilt: Path) -> str | None:
    """The first column, or row and column, in which two tables differ.

    None where only their encoding differs.
    """
    one, other = pq.read_table(released), pq.read_table(rebuilt)
    if one.schema.names != other.schema.names:
        one_columns, other_columns = ", ".join(one.schema.names), ", ".join(other.schema.names)
        return f"columns: released {one_columns}, computed again {other_columns}"
    if one.num_rows != other.num_rows:
        return f"rows: released {one.num_rows}, computed again {other.num_rows}"
    for number, (row, again) in enumerate(
        zip(one.to_pylist(), other.to_pylist(), strict=True), start=1
    ):
        for column, cell in row.items():
            if cell != again[column]:
                return f"row {number}, {column}: released {cell}, computed again {again[column]}"
    return None


def other_line(released: Path, rebuilt: Path) -> str:
    """The first line in which two texts differ."""
    lines = (file.read_text(encoding="utf-8").split("\n") for file in (released, rebuilt))
    numbered = enumerate(zip_longest(*lines, fillvalue=NOTHING), start=1)
    number, (line, again) = next((number, pair) for number, pair in numbered if pair[0] != pair[1])
    return f"line {number}: released {around(line, again)}, computed again {around(again, line)}"


def around(line: str, other: str) -> str:
    """A line from shortly before where it differs from another."""
    same = next(
        (place for place, (one, two) in enumerate(zip(line, other, strict=False)) if one != two),
        min(len(line), len(other)),
    )
    start = max(0, same - LONGEST // 4)
    return (
        ("…" if start else "")
        + line[start : start + LONGEST]
        + ("…" if len(line) > start + LONGEST else "")
    )


def other_byte(released: Path, rebuilt: Path) -> str:
    """The first byte in which two files differ."""
    pairs = enumerate(zip_longest(released.read_bytes(), rebuilt.read_bytes()))
    return f"byte {next(place for place, (one, other) in pairs if one != other)}"
