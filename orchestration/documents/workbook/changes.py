"""What the workbook says of a release that corrects another.

It is a notice on its first sheet, and a sheet of what changed.
"""

from decimal import Decimal

from orchestration.documents.edition import Edition
from orchestration.documents.note import notice_of, say
from orchestration.documents.note.changed import changes_of_areas, since
from orchestration.documents.workbook.method import Cell, Section
from orchestration.documents.workbook.tabulation import Words, both

HEADS = ("table", "key", "change", "column", "before", "after", "difference")


def sheet_name() -> str:
    """The name of the sheet of what changed."""
    return both(say("workbook", "sheet"))


def notice(edition: Edition) -> list[Section]:
    """The notice as a section; none where there is nothing to tell."""
    sentences = notice_of(edition.period, edition.note)
    if not sentences:
        return []
    heading: list[Cell] = [(both(say("workbook", "notice")), "section")]
    return [[heading, *([(text, "notice")] for pair in sentences for text in pair)]]


def changes(edition: Edition) -> list[Section] | None:
    """Every difference in the tables of areas since the release superseded.

    None where the release is not compared with it.
    """
    compared = edition.note.compared_with
    if compared is None or not edition.note.is_compared_with_its_month:
        return None
    rows = changes_of_areas(edition)
    intro: Section = [[(both(since(edition, compared)), "text")]]
    if not rows:
        intro.append([(both(say("changes", "nothing")), "text")])
    if edition.is_internal:
        intro.append([(both(say("changes", "every_union")), "text")])
    head: list[Cell] = [(both(say("changes", name)), "section") for name in HEADS]
    return [intro, [head, *(cells_of(row) for row in rows)]]


def cells_of(row: dict[str, object]) -> list[Cell]:
    """A difference as cells: what is no figure is text, and what is not there a blank."""
    figures: list[Cell] = [
        figure(row[name], row.get(f"{name}_text")) for name in ("before", "after", "difference")
    ]
    named: list[Words | str] = [
        say("table", str(row["table_name"])),
        str(row["key"]),
        say("changes", str(row["change"])),
        str(row["column_name"] or ""),
    ]
    texts: list[Cell] = [(each if isinstance(each, str) else both(each), "text") for each in named]
    return [*texts, *figures]


def figure(value: object, text: object) -> Cell:
    """A figure with 4 places, or the text that stands in its place."""
    return (float(value), "exact") if isinstance(value, Decimal) else (str(text or ""), "text")
