"""The data dictionary as a workbook: tables, columns, codes and rules, a sheet for each."""

import io
from collections.abc import Iterator

import xlsxwriter

from orchestration.contract.dictionary import DescribedColumn, DescribedTable, described_tables
from orchestration.documents.workbook.formats import add_formats
from orchestration.documents.workbook.plain_sheet import PlainSheet, write_sheet
from orchestration.source_contract.rules import all_rules
from orchestration.source_contract.wording import UNDATED, both, lines, personal, say, type_of


def dictionary_workbook() -> bytes:
    """The dictionary as an Excel workbook, in both languages."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": both(say("title", "dictionary")), "created": UNDATED})
        formats = add_formats(book)
        for content in sheets():
            write_sheet(book, content, formats)
    return file.getvalue()


def sheets() -> Iterator[PlainSheet]:
    """All sheets."""
    tables = described_tables().values()
    yield sheet(
        "tables",
        {"table": 22, "name": 26, "row": 70, "key": 24, "watermark": 16, "optional": 12},
        [table_row(table) for table in tables],
    )
    yield sheet(
        "columns",
        {
            "table": 22,
            "column": 24,
            "name": 28,
            "type": 40,
            "required": 12,
            "meaning": 70,
            "personal": 24,
            "example": 30,
        },
        [column_row(table, column) for table in tables for column in table.columns],
    )
    yield sheet(
        "codes",
        {"table": 22, "column": 22, "code": 20, "meaning": 70},
        [row for table in tables for row in code_rows(table)],
    )
    yield sheet(
        "rules",
        {"table": 22, "rule": 110},
        [(table.table.name, lines(rule)) for table in tables for rule in all_rules(table)],
    )


def sheet(name: str, widths: dict[str, int], rows: list[tuple[str, ...]]) -> PlainSheet:
    """A sheet; widths: of its columns, by the key of their heads."""
    heads = [both(say("head", head)) for head in widths]
    return PlainSheet(both(say("head", name)), heads, list(widths.values()), rows)


def table_row(table: DescribedTable) -> tuple[str, ...]:
    """A table's row in the sheet of tables."""
    return (
        table.table.name,
        lines(table.name),
        lines(table.row),
        ", ".join(table.table.key),
        table.table.watermark or "",
        both(say("mark", "yes")) if table.is_optional else "",
    )


def column_row(table: DescribedTable, described: DescribedColumn) -> tuple[str, ...]:
    """A column's row in the sheet of columns."""
    column = described.column
    of_persons = personal(column)
    return (
        table.table.name,
        column.name,
        lines(described.name),
        lines(type_of(column)),
        both(say("mark", "yes")) if column.required else "",
        lines(described.description),
        lines(of_persons) if of_persons else "",
        described.example,
    )


def code_rows(table: DescribedTable) -> Iterator[tuple[str, ...]]:
    """A row in the sheet of codes for each code of a table."""
    for described in table.columns:
        for code, name in described.codes.items():
            yield table.table.name, described.column.name, code, both(name)
