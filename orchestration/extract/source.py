"""What a source is to extraction: it opens each table, by name, as a relation.

DuckDB can read a relation once.
"""

import itertools
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from io import BufferedReader
from pathlib import Path
from typing import Any, Protocol

import duckdb

from orchestration.contract.registry import SourceTable
from orchestration.errors import HealthIndexError, SourceError, StorageError, storage_reason

# The type of a column that is handed over as the source writes it, for a map to convert.
RAW = "raw"
NUMBERS = itertools.count()


@dataclass(frozen=True)
class SourceRelation:
    """A source table as DuckDB can read it.

    location: the file or relation, for people; sql: reads it, of a database once only; types: its
    columns with DuckDB's types, in a text relation VARCHAR but for those that cannot come as text;
    is_text: whether its cells are text in the forms of CSV; explain: what a failure while reading
    means, without any cell; confirm: raises SourceError where the table was not as promised, once
    it has been read (it changed meanwhile, or has other rows than declared or counted); unmapped:
    the columns of which a further one, `unmapped_name`, says whether the map left a cell out.
    """

    location: str
    sql: str
    types: dict[str, str]
    is_text: bool
    explain: Callable[[Exception], HealthIndexError]
    confirm: Callable[[int], None]
    unmapped: tuple[str, ...] = ()


@dataclass(frozen=True)
class FileForm:
    """How a map says that a table's file is to be read.

    name: of the file in its folder; sheet: the one of a workbook that holds the table, None where
    it has no other; encoding: of a CSV file, by Python's name of the codec; delimiter: between its
    cells.
    """

    name: str
    sheet: str | None = None
    encoding: str = "utf-8"
    delimiter: str = ","


@dataclass(frozen=True)
class ForeignTable(SourceTable):
    """A table as a map names it, with the foreign names of its columns.

    select: SQL of the source's own dialect that stands for it; where: the same of whether a row
    counts; expressions: SQL of further columns,
    by the names that they get; form: of its file, in a folder.
    """

    select: str | None = None
    where: str | None = None
    expressions: Mapping[str, str] = field(default_factory=dict)
    form: FileForm | None = None

    @property
    def names(self) -> list[str]:
        """The foreign names of its columns."""
        return [column.name for column in self.columns]


@dataclass(frozen=True)
class SourceFile:
    """A plain file of a folder: its path, for people, and the file, opened once for all readers.

    form: how a map says that it is to be read; None where it is in the contract's own form.
    """

    path: Path
    opened: BufferedReader
    form: FileForm | None = None

    def __str__(self) -> str:
        return str(self.path)

    @property
    def address(self) -> str:
        """A path of the opened file itself, for a library that opens by path."""
        return f"/dev/fd/{self.opened.fileno()}"

    def state(self) -> tuple[int, int, int]:
        """What changes when the file does: inode, size in bytes, and time of change."""
        status = os.fstat(self.opened.fileno())
        return status.st_ino, status.st_size, status.st_mtime_ns


class Source(Protocol):
    """A folder or a database.

    location: its name without credentials.
    """

    location: str

    def reads_changes(self, table: SourceTable) -> bool:
        """Whether it can hand over the changed rows of a table alone."""
        ...

    def notice(self) -> str | None:
        """What the source's owner wants said with every release."""
        ...

    def has_table(self, table: SourceTable) -> bool:
        """Whether there is such a table. Raises SourceError where that cannot be seen."""
        ...

    def open_table(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: SourceTable,
        since: datetime | None = None,
    ) -> SourceRelation:
        """Describe a table.

        With `since`, all rows of the keys of which one row changed then or later.

        Raises SourceError where it is missing or unreadable.
        """
        ...


class ClosableSource(Source, Protocol):
    """A source that is open until it is closed."""

    def close(self) -> None:
        """Close what it holds open."""
        ...


@contextmanager
def refusing(problem: str) -> Iterator[None]:
    """Turn what a reader's library raises into a SourceError with the problem, and without cells.

    Raises StorageError where disk or memory failed instead, which is no fault of the source.
    """
    try:
        yield
    except HealthIndexError:
        raise
    except Exception as failure:  # noqa: BLE001
        raise failure_of(failure, SourceError(problem)) from None


def failure_of(failure: Exception, otherwise: HealthIndexError) -> HealthIndexError:
    """The error to raise for what a reader's library raised.

    StorageError where disk or memory failed, else the other.
    """
    reason = storage_reason(failure)
    return StorageError(reason) if reason else otherwise


def unmapped_name(column: str) -> str:
    """The column that says whether a map does not cover a cell of another."""
    return f"unmapped_{column}"


def registered(connection: duckdb.DuckDBPyConnection, rows: Any) -> str:  # noqa: ANN401
    """Let SQL read rows (of Arrow) by a name that nothing else has; the name."""
    name = f"handed_over_{next(NUMBERS)}"
    connection.register(name, rows)
    return name


def literal(value: str | Path) -> str:
    """An SQL string."""
    return "'" + str(value).replace("'", "''") + "'"
