"""A landed table as of a day: only what had happened by then, as the contract counts it.

A row that begins after the day is not there; another day after it reads as "not yet", and so does
what comes with such a day. What the registry says of the columns is all that this goes by.
"""

from collections.abc import Container
from datetime import date
from pathlib import Path

from orchestration.build.warehouse import sql_path
from orchestration.contract.parameters import parameters
from orchestration.contract.registry import LandedColumn, SourceTable, key_text

FAULTS = ("fault_rule", "fault_column")
"""What the landing says of a row that does not count; a row that is mended has none of it."""


def rows_as_of(table: SourceTable, file: Path, as_of: date, without: Container[str] = ()) -> str:
    """SQL of the rows of a landed file as of a day, each with its key as text (`row_key`).

    Two rows that differ only in when they were changed last are one. without: columns that are left
    out.
    """
    columns = compared_columns(table, without)
    cells = [f"{cell_as_of(table, column, as_of)} as {column.name}" for column in columns]
    return f"""
        select {key_text(table)} as row_key, {", ".join([*cells, *FAULTS])}
        from read_parquet('{sql_path(file)}') where {has_begun(table, as_of)}
    """


def compared_columns(table: SourceTable, without: Container[str] = ()) -> list[LandedColumn]:
    """The landed columns that a row is compared by: all but when it was changed last."""
    return [
        column
        for column in table.landed
        if column.name != table.watermark and column.name not in without
    ]


def has_begun(table: SourceTable, as_of: date) -> str:
    """SQL of whether a row is there as of a day; one whose day could not be read is."""
    if table.begins is None:
        return "true"
    return f"coalesce({happened(table, table.begins, as_of)}, true)"


def cell_as_of(table: SourceTable, column: LandedColumn, as_of: date) -> str:
    """SQL of a column's value as of a day, a moment as its day."""
    dated_by = column.comes_with or column.name
    if is_day(column) or column.comes_with:
        cell = day_of(column) if is_day(column) else column.name
        return f"case when {happened(table, dated_by, as_of)} then {cell} end"
    return column.name


def happened(table: SourceTable, name: str, as_of: date) -> str:
    """SQL of whether the day in a column was no later than another; null where it has none."""
    [column] = [each for each in table.landed if each.name == name]
    return f"{day_of(column)} <= date '{as_of}'"


def is_day(column: LandedColumn) -> bool:
    """Whether a column has days, or moments."""
    return column.type == "date" or column.day is not None


def day_of(column: LandedColumn) -> str:
    """SQL of the day in a column, of a moment by the city's clock."""
    if column.day is None:
        return column.name
    return f"cast(timezone('{parameters().city_zone}', {column.name}) as date)"
