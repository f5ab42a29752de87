"""What a source is to extraction: something with a name that opens each table as a relation DuckDB can read once."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

import duckdb

from orchestration.errors import SourceError
from orchestration.extract.registry import SourceTable


@dataclass(frozen=True)
class SourceRelation:
    """A source table as DuckDB can read it.

    location: the file or relation, for people; sql: reads it, of a database once only; types: its
    columns with DuckDB's types, in a text relation VARCHAR but for those that cannot come as text;
    is_text: whether its cells are text in the forms of CSV; explain: what a failure while reading
    means, without any cell; confirm: raises SourceError where the table was not as promised, once
    it has been read (it changed meanwhile, or has other rows than declared or counted).
    """

    location: str
    sql: str
    types: dict[str, str]
    is_text: bool
    explain: Callable[[duckdb.Error], SourceError]
    confirm: Callable[[int], None]


class Source(Protocol):
    """A folder or a database. location: its name without credentials; reads_changes: whether it can hand over changed rows alone."""

    location: str
    reads_changes: bool

    def notice(self) -> str | None:
        """What the source's owner wants said with every release."""
        ...

    def open_table(self, connection: duckdb.DuckDBPyConnection, table: SourceTable, since: datetime | None = None) -> SourceRelation:
        """Describe a table; with `since`, all rows of the keys of which one row changed then or later.

        Raises SourceError where it is missing or unreadable.
        """
        ...


def literal(value: str | Path) -> str:
    """An SQL string."""
    return "'" + str(value).replace("'", "''") + "'"
