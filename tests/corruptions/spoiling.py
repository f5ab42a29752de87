"""How a folder is spoiled: a table by a query over it, a text by another one in the place of the old."""

from collections.abc import Callable
from pathlib import Path

import duckdb


def by_query(table: str, query: str, *, retyped: bool = False) -> Callable[[Path], None]:
    """A way to spoil a folder: the answer of a query over `given` in the place of one of its Parquet files.

    table: its path below the folder, without ending; retyped: whether the answer's own types stay, not those of the table.
    """

    def spoil(folder: Path) -> None:
        file = folder / f"{table}.parquet"
        spoiled = file.with_suffix(".spoiled")
        with duckdb.connect() as connection:
            connection.from_parquet(str(file)).create_view("given")
            types = dict(zip(connection.table("given").columns, connection.table("given").types, strict=True))
            answer = connection.sql(query)
            if not retyped:
                answer = answer.select(", ".join(f"cast({name} as {types[name]}) as {name}" for name in types))
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
