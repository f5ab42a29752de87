"""An empty workbook of a table, for those who fill it in by hand.

The reader of workbooks takes it as it is: one sheet of the table's name, whose first row has the
columns' names. A spreadsheet tells what is due in each cell and keeps out what does not fit.
"""

import io
from datetime import date
from typing import Any

import xlsxwriter

from orchestration.contract.dictionary import DescribedColumn, DescribedTable, Words
from orchestration.documents.workbook import new_sheet
from orchestration.documents.workbook.formats import FONT, FORMATS, Formats, Xlsx
from orchestration.extract.workbook import LAST_ROW
from orchestration.plain_text import LONGEST_CELL
from orchestration.source_contract.rules import bounds_of, rules_of_column
from orchestration.source_contract.wording import UNDATED, both, lines, say, type_of

NARROWEST, ROOM = 14, 4
LONGEST_TITLE, LONGEST_MESSAGE = 32, 255
FIRST_DAY = date(1900, 1, 1)
LEAST, GREATEST = -2_147_483_648, 2_147_483_647
STYLES: dict[str, dict[str, Any]] = {
    "head": FORMATS["head"],
    "head_required": FORMATS["head"] | {"bg_color": "#ffe08a"},
    "text": {"num_format": "@"},
    "int": {"num_format": "0"},
    "decimal": {"num_format": "0.00"},
    "bool": {"num_format": "@"},
    "date": {"num_format": "yyyy-mm-dd"},
    "timestamptz": {"num_format": "yyyy-mm-dd hh:mm:ss"},
}
NOTE = {"x_scale": 3, "y_scale": 3}


def form(table: DescribedTable) -> bytes:
    """The empty workbook of a table."""
    file = io.BytesIO()
    with xlsxwriter.Workbook(file, {"in_memory": True}) as book:
        book.set_properties({"title": both(table.name), "created": UNDATED})
        formats = {name: book.add_format(FONT | style) for name, style in STYLES.items()}
        sheet = new_sheet(book, table.table.name)
        for number, described in enumerate(table.columns):
            write_column(sheet, number, described, table, formats)
        sheet.freeze_panes(1, 0)
        sheet.repeat_rows(0)
    return file.getvalue()


def write_column(
    sheet: Xlsx,
    number: int,
    described: DescribedColumn,
    table: DescribedTable,
    formats: Formats,
) -> None:
    """The head of a column, marked where it is required, and the rule of its cells."""
    column = described.column
    width = max(NARROWEST, len(column.name) + ROOM)
    sheet.set_column(number, number, width, formats[column.kind])
    head = formats["head_required" if column.required else "head"]
    sheet.write_string(0, number, column.name, head)
    sheet.write_comment(0, number, note_of(described, table), NOTE)
    sheet.data_validation(1, number, LAST_ROW - 1, number, rule_of(described, table))


def note_of(described: DescribedColumn, table: DescribedTable) -> str:
    """All that is said of a column."""
    said = [
        described.name,
        described.description,
        type_of(described.column),
        requirement(described),
        *rules_of_column(described, table),
    ]
    return "\n".join(map(lines, said))


def requirement(described: DescribedColumn) -> Words:
    """Whether a cell may be empty, in words."""
    return say("cell", "required" if described.column.required else "voluntary")


def rule_of(described: DescribedColumn, table: DescribedTable) -> dict[str, Any]:
    """What a spreadsheet lets into the cells of a column, and what it says of them."""
    message = message_of(described, table)
    return condition_of(described, table) | {
        "ignore_blank": not described.column.required,
        "input_title": described.name.zh[:LONGEST_TITLE],
        "input_message": message,
        "error_title": both(say("cell", "refused")),
        "error_message": message,
    }


def message_of(described: DescribedColumn, table: DescribedTable) -> str:
    """What is said beside a cell: of the rules in Chinese as many as fit, all are in the note."""
    texts = [requirement(described), type_of(described.column), *rules_of_column(described, table)]
    message = ""
    for each in texts:
        longer = f"{message}{each.zh}\n"
        if len(longer) > LONGEST_MESSAGE:
            break
        message = longer
    return message.rstrip("\n")


def condition_of(described: DescribedColumn, table: DescribedTable) -> dict[str, Any]:
    """What fits into the cells of a column."""
    column = described.column
    if described.codes:
        return {"validate": "list", "source": list(described.codes)}
    match column.kind:
        case "bool":
            return {"validate": "list", "source": ["true", "false"]}
        case "date" | "timestamptz":
            first = date.fromisoformat(described.earliest) if described.earliest else FIRST_DAY
            return {"validate": "date", "criteria": ">=", "value": first}
        case "int" | "decimal":
            bounds = bounds_of(described, table)
            least = bounds.least if bounds else LEAST
            greatest = bounds.greatest if bounds and bounds.greatest is not None else GREATEST
            kind = "integer" if column.kind == "int" else "decimal"
            return {
                "validate": kind,
                "criteria": "between",
                "minimum": least,
                "maximum": greatest,
            }
    return {"validate": "length", "criteria": "<=", "value": LONGEST_CELL}
