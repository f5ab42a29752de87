"""Cells with a personal value where none belongs: found before a row lands, never landed.

Every text column is looked at but those that the registry calls personal, which land as pseudonyms
or not at all. What a personal value is, `quality/personal.py` says; identifiers of a reviewed
column that have its form are none. Few cells of ASCII have as many digits as a telephone with
nothing but signs between: SQL finds them, and only they and others are looked at in Python.
"""

import duckdb
import pyarrow as pa
from duckdb.func import PythonUDFType
from duckdb.sqltypes import BOOLEAN, VARCHAR

from orchestration.contract.registry import SourceColumn, SourceTable
from orchestration.extract.casting import quoted
from orchestration.extract.source import literal
from quality.id_columns import id_columns
from quality.personal import personal_kinds

RULE = "personal"
FEWEST_DIGITS = 11
# In a cell of ASCII nothing but signs stands between digits. Classes of Unicode compile too slowly.
MANY_DIGITS = f"(?:[0-9][^0-9A-Za-z]*){{{FEWEST_DIGITS - 1}}}[0-9]"


def open_personal_cells(connection: duckdb.DuckDBPyConnection) -> None:
    """Give a connection the function that the SQL below calls."""
    connection.create_function(
        "holds_personal", holds_personal, [VARCHAR], BOOLEAN, type=PythonUDFType.ARROW
    )


def holds_personal(cells: pa.Array) -> pa.Array:
    """Whether each text has a personal value in it; line breaks in it count as spaces.

    All are looked at as one text of a line each first, for seldom is there anything.
    """
    lines = [" ".join(text.split()) for text in cells.to_pylist()]
    if not any(personal_kinds("\n".join(lines))):
        return pa.repeat(pa.scalar(value=False), len(lines))
    held = [any(personal_kinds(line)) for line in lines]
    return pa.array(held, pa.bool_())


def looked_at(table: SourceTable) -> list[SourceColumn]:
    """The columns of a table in which a personal value may stand and does not belong."""
    return [column for column in table.columns if column.type == "text" and not column.pii]


def flag_name(column: SourceColumn) -> str:
    """The name of what says whether a cell of a column is personal."""
    return f"{RULE}_{column.name}"


def flag(column: SourceColumn) -> str:
    """SQL of whether a cell of a column as handed over has a personal value."""
    cell = f"cast({quoted(column.name)} as varchar)"
    has_digits = f"regexp_matches({cell}, '{MANY_DIGITS}')"
    is_ascii = f"strlen({cell}) = length({cell})"
    suspected = f"strlen({cell}) >= {FEWEST_DIGITS} and (not {is_ascii} or {has_digits})"
    listed = id_columns().get(column.name)
    if listed:
        suspected += f" and not regexp_full_match({cell}, {literal(listed.form)})"
    return f"case when {suspected} then holds_personal({cell}) else false end"
