"""Two ways to spoil a folder: change a table by a query, or replace a text by another one."""

from collections.abc import Callable
from pathlib import Path

import duckdb


def by_query(table: str, query: str, *, retyped: bool = False) -> Callable[[Path], None]:
    """A way to spoil a folder: replace some of its Parquet files by the result of a query.

    The query reads `given`, the file as it was.

    table: their path below the folder, without suffix, as a pattern; retyped: whether to keep the
    result's own types instead of those of the table.
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
    """A way to spoil a folder: replace the old text by the new one, once, in one of its files."""

    def spoil(folder: Path) -> None:
        text = (folder / file).read_text(encoding="utf-8")
        assert old in text
        (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    return spoil
