"""How a folder is spoiled: a table by a query over it, a text by another one in the place of the old."""

from collections.abc import Callable
from pathlib import Path

import duckdb


def by_query(table: str, query: str, *, retyped: bool = False) -> Callable[[Path], None]:
    """A way to spoil a folder: the answer of a query over `given` in the place of some of its Parquet files.

    table: their path below the folder, without ending, as a pattern; retyped: whether the answer's own types stay, not those of the table.
    """

    def spoil(folder: Path) -> None:
        files = sorted(folder.glob(f"{table}.parquet"))
        assert files
        for file in files:
            spoiled = file.with_suffix(".spoiled")
            with duckdb.connect() as connection:
                given = connection.from_parquet(str(file))
                given.create_view("given")
                answer = connection.sql(query)
                if not retyped:
                    types = zip(given.columns, given.types, strict=True)
                    answer = answer.select(
                        ", ".join(f"cast({name} as {kind}) as {name}" for name, kind in types)
                    )
                answer.write_parquet(str(spoiled))
            spoiled.replace(file)

    return spoil


def by_text(file: str, old: str, new: str) -> Callable[[Path], None]:
    """A way to spoil a folder: the new text in the place of the old one, once, in one of its files."""

    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil
