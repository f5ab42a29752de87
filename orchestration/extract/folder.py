"""A folder as source: one Parquet, CSV or Excel file per table.

The files are read with the registry's columns and types, which are never guessed. `notice.txt` may
lie beside the tables, and is shown with every release; so may `manifest.csv` (table, rows, sha256),
to which the tables are held. Each file is a plain one: no link is followed, no pipe or device is
opened.
"""

import hashlib
import os
from collections.abc import Callable, Collection
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Annotated

import duckdb
from pydantic import AfterValidator

from orchestration import guarded
from orchestration.contract.registry import SourceTable, further_tables, source_tables
from orchestration.contract.tables import Row, Text, Whole, read_table
from orchestration.errors import SourceError
from orchestration.extract.csv_file import open_csv
from orchestration.extract.parquet_file import open_parquet
from orchestration.extract.source import ForeignTable, SourceFile, SourceRelation
from orchestration.extract.workbook import open_workbook
from orchestration.plain_text import LINES_AND_TABS, LONGEST_NOTICE, problem_of
from orchestration.settings import Settings
from quality.nouns import counted_noun

OPENERS = {".parquet": open_parquet, ".csv": open_csv, ".xlsx": open_workbook}
NOTICE_BYTES = 2**16
SHEET_ROWS = (65_536, 1_048_576)
DIGEST_LETTERS = frozenset("0123456789abcdef")


def digest(text: str) -> str:
    """A SHA-256 in lower case. Raises ValueError."""
    lowered = text.lower()
    if len(lowered) != hashlib.sha256().digest_size * 2 or not set(lowered) <= DIGEST_LETTERS:
        raise ValueError("a SHA-256 of 64 hexadecimal digits is due")
    return lowered


class Declared(Row):
    """A row of `manifest.csv`: what the source's owner says of a table's file."""

    table: Text
    rows: Whole
    sha256: Annotated[Text, AfterValidator(digest)]


class FolderSource:
    """The folder's tables; opened once, checked to be the same before and after reading.

    names: of the tables' files, without their endings.
    """

    def __init__(self, folder: Path, names: Collection[str] | None = None) -> None:
        """Raise SourceError where there is no such folder, or its manifest cannot be read."""
        if not folder.is_dir():
            raise SourceError(f"The source folder {folder} does not exist.")
        self.folder = folder
        self.location = str(folder)
        self.declared = read_manifest(folder / "manifest.csv", names or source_tables())
        self.opened = ExitStack()

    def close(self) -> None:
        """Close the files."""
        self.opened.close()

    def reads_changes(self, table: SourceTable) -> bool:
        """Whether it can hand over changed rows alone: no file says which they are."""
        del table
        return False

    def notice(self) -> str | None:
        """Text of `notice.txt`; None without one.

        It is published, so it must be no other file under this name. Raises SourceError where it is
        no plain, short text.
        """
        file = self.folder / "notice.txt"
        if not os.path.lexists(file):
            return None
        text = guarded.read_text(file, SourceError, NOTICE_BYTES, alone=True).strip()
        if problem := problem_of(text, LONGEST_NOTICE, LINES_AND_TABS):
            raise SourceError(f"{file} cannot be shown: {problem}.")
        return text

    def has_table(self, table: SourceTable) -> bool:
        """Whether there is a file of a table."""
        return bool(files_of(self.folder, table))

    def open_table(
        self,
        connection: duckdb.DuckDBPyConnection,
        table: SourceTable,
        since: datetime | None = None,
    ) -> SourceRelation:
        """Describe a table of the folder, always whole.

        Raises SourceError where its file is unreadable.
        """
        del since
        form = table.form if isinstance(table, ForeignTable) else None
        path = self.folder / form.name if form else find_table(self.folder, table)
        opened = guarded.open_plain(path, SourceError)
        file = SourceFile(path, self.opened.enter_context(opened), form)
        confirm = self.confirmation(file)
        return OPENERS[path.suffix](connection, file, table, confirm)

    def confirmation(self, file: SourceFile) -> Callable[[int], None]:
        """Hold a file against the manifest; returns what is to be held once its rows are read."""
        before = file.state()
        declared = self.declared.get(file.path.stem)
        if declared and digest_of(file) != declared.sha256:
            raise SourceError(
                f"{file} is not the file that manifest.csv declares: its SHA-256 differs."
            )

        def confirm(read: int) -> None:
            if file.state() != before:
                raise SourceError(f"{file} was changed while it was read.")
            if declared and read != declared.rows:
                raise SourceError(
                    f"{file} has {counted_noun(read, 'row')}; "
                    f"manifest.csv declares {declared.rows:,}."
                )
            if not declared and read + 1 in SHEET_ROWS:
                raise SourceError(
                    f"{file} has {read:,} rows and ends exactly where a spreadsheet does, so that"
                    " rows may be cut; if it is whole, say so in manifest.csv (table,rows,sha256)."
                )

        return confirm


def open_source(source: str, settings: Settings) -> FolderSource:
    """The folder of a path. Raises SourceError where it cannot be opened."""
    del settings
    return FolderSource(Path(source))


def find_table(folder: Path, table: SourceTable) -> Path:
    """The path of a table's one file. Raises SourceError where there is none, or more than one."""
    found = files_of(folder, table)
    if not found:
        expected = ", ".join(f"{table.name}{ending}" for ending in OPENERS)
        raise SourceError(f"Table {table.name} is missing: {folder} has none of {expected}.")
    if len(found) > 1:
        raise SourceError(f"Table {table.name} is there twice: {found[0]} and {found[1].name}.")
    return found[0]


def files_of(folder: Path, table: SourceTable) -> list[Path]:
    """The files of a table that a folder has, of which one is due."""
    paths = [folder / f"{table.name}{ending}" for ending in OPENERS]
    return [path for path in paths if os.path.lexists(path)]


def digest_of(file: SourceFile) -> str:
    """SHA-256 of a file's bytes, hexadecimal."""
    file.opened.seek(0)
    return hashlib.file_digest(file.opened, "sha256").hexdigest()


def read_manifest(file: Path, tables: Collection[str]) -> dict[str, Declared]:
    """What the source's owner declares of each table; empty where there is no manifest.

    Raises SourceError where it is no such table, or does not name each of the tables once.
    """
    if not os.path.lexists(file):
        return {}
    rows = read_table(file, Declared, SourceError)
    declared = {row.table: row for row in rows}
    due = set(tables)
    further = set(further_tables()) if due == set(source_tables()) else set()
    if len(declared) < len(rows) or not due <= set(declared) <= due | further:
        raise SourceError(f"{file} does not name each source table once.")
    return declared
