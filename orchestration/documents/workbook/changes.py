"""What the workbook says of a release that corrects another.

It is a notice on its first sheet, and a sheet of what changed.
"""

from decimal import Decimal

from orchestration.documents.edition import Edition, Row
from orchestration.documents.note import notice_of, say
from orchestration.documents.note.changed import changes_of_areas, since
from orchestration.documents.workbook.method import Cell, Section, heading_cell, text_cell
from orchestration.documents.workbook.tabulation import both

HEADS = (
    "table",
    "key",
    "change",
    "column",
    "before",
    "after",
    "difference",
)


def sheet_name() -> str:
    """The name of the sheet of what changed."""
    return both(say("workbook", "sheet"))


def notice(edition: Edition) -> list[Section]:
    """The notice as a section; none where there is nothing to tell."""
    sentences = notice_of(edition.period, edition.note)
    if not sentences:
        return []
    rows: Section = [[heading_cell(say("workbook", "notice"))]]
    for sentence in sentences:
        rows += [[(text, "notice")] for text in sentence]
    return [rows]


def changes(edition: Edition) -> list[Section] | None:
    """Every difference in the tables of areas since the release superseded.

    None where the release is not compared with it.
    """
    compared = edition.note.compared_with
    if compared is None or not edition.note.is_compared_with_its_month:
        return None
    rows = [cells_of(row) for row in changes_of_areas(edition)]
    intro = [since(edition, compared)]
    if not rows:
        intro.append(say("changes", "nothing"))
    if edition.is_internal:
        intro.append(say("changes", "every_union"))
    head = [heading_cell(say("changes", name)) for name in HEADS]
    return [
        [[text_cell(words)] for words in intro],
        [head, *rows],
    ]


def cells_of(row: Row) -> list[Cell]:
    """A difference as cells: what is no figure is text, and what is not there a blank."""
    column = row["column_name"] or ""
    return [
        text_cell(say("table", row["table_name"])),
        (row["key"], "text"),
        text_cell(say("changes", row["change"])),
        (column, "text"),
        figure_cell(row["before"], row["before_text"]),
        figure_cell(row["after"], row["after_text"]),
        figure_cell(row["difference"]),
    ]


def figure_cell(value: Decimal | None, text: str | None = None) -> Cell:
    """A figure with 4 places, or the text that stands in its place."""
    if value is None:
        return text or "", "text"
    return float(value), "exact"
