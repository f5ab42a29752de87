"""The second sheet of a county's workbook: its data quality, and the rows to mend.

It is to be read alone: nothing in it is taken when the workbook comes back.
"""

from collections.abc import Iterable, Sequence

from orchestration.alerts.naming import Names, named
from orchestration.alerts.quality import Quality
from orchestration.alerts.wording import say
from orchestration.documents import figures
from orchestration.documents.texts import Words
from orchestration.documents.workbook import LINE_HEIGHT, ROOM, lines_of, new_sheet
from orchestration.documents.workbook.formats import Formats, Xlsx
from orchestration.documents.workbook.tabulation import both
from orchestration.why.words import pair

WIDTHS = (22, 24, 26, 60)
PARTS = ("part", "weight", "points", "behind")
ROWS = ("table", "key", "rule", "cells")

Cells = Sequence[str]


def write_quality(
    book: Xlsx,
    county: str,
    names: Names,
    quality: Quality,
    formats: Formats,
) -> None:
    """Add the sheet of a county's data quality to its workbook."""
    sheet = new_sheet(book, both(say("quality", "name")))
    sheet.hide_gridlines(2)
    for column, width in enumerate(WIDTHS):
        sheet.set_column(column, column, width)
    title = both(say("quality", "title", county=named(names.counties, county)))
    sheet.write_string(0, 0, title, formats["title"])
    score = f"{both(pair('quality', 'score'))} {figures.index(quality.score)}"
    sheet.write_string(1, 0, score, formats["line"])
    row = write_lines(sheet, 2, pair("quality", "note"), formats)
    heads = [both(pair("quality", part)) for part in PARTS]
    row = write_table(sheet, row, heads, cells_of_parts(quality), formats)
    row = write_lines(sheet, row + 1, quality.shown, formats)
    if quality.rows:
        heads = [both(say("quality", head)) for head in ROWS]
        write_table(sheet, row, heads, cells_of_rows(quality), formats)
    sheet.protect("", {"format_columns": True, "format_rows": True})


def cells_of_parts(quality: Quality) -> Iterable[Cells]:
    """The cells of each part."""
    for part in quality.parts:
        yield (
            lines(part.name),
            str(part.weight),
            figures.index(part.points),
            lines(part.behind),
        )


def cells_of_rows(quality: Quality) -> Iterable[Cells]:
    """The cells of each row to mend."""
    for row in quality.rows:
        yield lines(row.table), row.key, lines(row.rule), lines(row.cells)


def lines(text: Words) -> str:
    """Chinese and English below each other, once where they are the same."""
    return "\n".join(dict.fromkeys(text))


def write_lines(sheet: Xlsx, row: int, text: Words, formats: Formats) -> int:
    """Write Chinese and English in a line each; returns the row below."""
    chinese, english = text
    sheet.write_string(row, 0, chinese, formats["line"])
    sheet.write_string(row + 1, 0, english, formats["line_en"])
    return row + 2


def write_table(
    sheet: Xlsx,
    top: int,
    heads: Sequence[str],
    rows: Iterable[Cells],
    formats: Formats,
) -> int:
    """Write a table with its heads, every cell a text; returns the row below."""
    for column, head in enumerate(heads):
        sheet.write_string(top, column, head, formats["head"])
    row = top
    for row, cells in enumerate(rows, top + 1):
        height = max(map(lines_in, cells, WIDTHS))
        sheet.set_row(row, LINE_HEIGHT * height + ROOM)
        for column, cell in enumerate(cells):
            sheet.write_string(row, column, cell, formats["text"])
    return row + 1


def lines_in(text: str, width: int) -> int:
    """How many lines a text takes in a column of that many characters."""
    return sum(lines_of(line, width) for line in text.split("\n"))
