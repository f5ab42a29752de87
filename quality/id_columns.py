"""Columns of identifiers that were reviewed, for their values may look like personal ones.

The list is `id_columns.yml`. Extraction and the check of a release read the same.
"""

from datetime import date
from functools import cache
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
from pydantic import TypeAdapter, field_validator

from quality.connection import reading
from quality.edited_files import Entry, Line, read_yaml
from quality.personal import compact, personal_kinds
from quality.release_files import read_rows

LISTED = Path(__file__).with_name("id_columns.yml")


class IdColumn(Entry):
    """A reviewed column of identifiers.

    form: what a whole identifier is like, as a regular expression of RE2; reason, since: why no
    person's number can be among them, and the day of the review.
    """

    form: Line
    reason: Line
    since: date

    @field_validator("form")
    @classmethod
    def is_expression(cls, form: str) -> str:
        """The form. Raises ValueError where it is no regular expression of RE2."""
        try:
            reading().execute("select regexp_full_match('', $1)", [form]).fetchall()
        except duckdb.Error:
            message = "is no regular expression of RE2"
            raise ValueError(message) from None
        return form


ID_COLUMNS = TypeAdapter(dict[Line, IdColumn])


def id_columns() -> dict[str, IdColumn]:
    """The reviewed columns by name. Raises EditedFileError."""
    return read_id_columns(LISTED)


@cache
def read_id_columns(file: Path) -> dict[str, IdColumn]:
    """The reviewed columns of a list, read once in a process. Raises EditedFileError."""
    return read_yaml(file, ID_COLUMNS)


def ids_in(folder: Path) -> frozenset[str]:
    """The reviewed identifiers in the tables below a folder that look like personal values.

    They are given as digits and capital letters alone.
    """
    listed = id_columns()
    if not listed:
        return frozenset()
    found = set[str]()
    for table in sorted(folder.rglob("*.parquet")):
        for name in pq.read_schema(table).names:
            if name in listed:
                found |= ids_of(table, name, listed[name].form)
    return frozenset(found)


def ids_of(table: Path, column: str, form: str) -> set[str]:
    """The same of a column of a table."""
    query = f"""
        select distinct cast("{column}" as varchar) as cell
        from read_parquet($file)
        where regexp_full_match(cell, $form)
    """
    ids = [cell for (cell,) in read_rows(query, file=table, form=form)]
    return {compact(cell) for cell in ids if any(personal_kinds(cell))}
