"""The pages of a release, checked against the tables of their edition.

No figure but those of the tables may be in what is read; what scripts load is in `sites.py`.
"""

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from quality.page_cells import other_cells
from quality.publication import public_tables
from quality.release_files import EDITIONS, Cells, read_rows

SHOWN_PLACES = (Decimal(1), Decimal("0.1"), Decimal("0.01"), Decimal("0.0001"))
CHANGES = re.compile(r'<article id="changes">.*?</article>', re.DOTALL)
CELL = re.compile(r"<(?:td|strong)[^>]*>(.*?)</(?:td|strong)>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
FIGURE = re.compile(r"[0-9.]*[0-9]")
COMPARED = ("changes", "decomposition")
AREA_NAMES = """
    select unnest([name_zh, name_en])
    from read_parquet($areas)
"""
SUPPRESSED_NAMES = """
    with areas as (from read_parquet($areas))
    select
        name_zh,
        name_en,
        (
            select coalesce(list(other.name_en), [])
            from areas as other
            where other.name_zh = hidden.name_zh and other.name_en <> hidden.name_en
        )
    from areas as hidden
    where suppressed and level is distinct from 'township'
"""


def page_figures(folder: Path) -> Iterator[str]:
    """Pages whose tables or headlines show a number that no table of areas of their edition holds.

    What stands of the city and the counties must be their own; in the public one no number is in
    the row of a suppressed one, in whatever table.
    """
    for name in EDITIONS:
        edition = folder / name
        for fault in (*numbers_from_nowhere(edition), *other_cells(edition, page_of(edition))):
            yield f"{name}/index.html {fault}"
    public = folder / "public"
    areas = public / "area_index.parquet"
    suppressed = read_rows(SUPPRESSED_NAMES, areas=areas)
    if any(figures_in_rows(page_of(public), *names) for names in suppressed):
        yield "public/index.html shows figures of suppressed areas"


def page_of(edition: Path) -> str:
    """The markup of an edition's page."""
    return (edition / "index.html").read_text(encoding="utf-8")


def numbers_from_nowhere(edition: Path) -> Iterator[str]:
    """What an edition's page shows that is in none of its tables."""
    page = page_of(edition)
    names = names_of_areas(edition)
    held = figures_of(edition, public_tables())
    count = numbers_beyond(CHANGES.sub("", page), held, names)
    if count:
        yield f"numbers shown that are in no table of its areas: {count}"
    compared = [table for table in COMPARED if (edition / f"{table}.parquet").exists()]
    changed = figures_of(edition, compared)
    changes = "".join(CHANGES.findall(page))
    count = numbers_beyond(changes, held | changed, names)
    if count:
        yield f"numbers told of changes that are in no table of its changes: {count}"


def names_of_areas(edition: Path) -> re.Pattern[str]:
    """A pattern of the names of the areas of an edition."""
    rows = read_rows(AREA_NAMES, areas=edition / "area_index.parquet")
    return any_of({name for (name,) in rows})


def any_of(names: Iterable[str]) -> re.Pattern[str]:
    """A pattern of these names in a sentence, the longest first.

    A name of digits alone is none of them, for it could pass for a figure, and what is part of a
    longer number is no name.
    """
    longest_first = sorted(filter(has_letter, names), key=len, reverse=True)
    any_name = "|".join(map(re.escape, longest_first)) or "(?!)"
    return re.compile(rf"(?<![0-9.])(?:{any_name})(?!\.?[0-9])")


def has_letter(name: str) -> bool:
    """Whether a name could not pass for a figure."""
    return any(map(str.isalpha, name))


def numbers_beyond(
    markup: str,
    figures: set[Decimal],
    names: re.Pattern[str],
) -> int:
    """How many numbers in table cells and headlines are none of these figures.

    A figure may be shown with any number of places. names: what is no number, though it has digits.
    """
    allowed = set[Decimal]()
    for places in SHOWN_PLACES:
        allowed |= {figure.quantize(places, ROUND_HALF_UP) for figure in figures}
    numbers = list(numbers_shown(markup, names))
    return sum(number not in allowed for number in numbers)


def numbers_shown(markup: str, names: re.Pattern[str]) -> Iterator[Decimal]:
    """The numbers in table cells and headlines, but those in names."""
    for cell in CELL.findall(markup):
        text = html.unescape(TAG.sub("", cell))
        for number in NUMBER.findall(names.sub(" ", text)):
            yield Decimal(number.replace(",", ""))


def figures_of(edition: Path, tables: Iterable[str]) -> set[Decimal]:
    """All figures of these tables of an edition, without their signs."""
    figures = set[Decimal]()
    for table in tables:
        for row in rows_of(edition, table):
            figures |= {abs(cell) for cell in row if isinstance(cell, Decimal)}
    return figures


def figures_in_rows(
    page: str,
    name_zh: str,
    name_en: str,
    namesakes: Sequence[str] = (),
) -> set[str]:
    """The numbers but 0 in the rows of a page's tables in which a cell is an area's Chinese name.

    namesakes: English names of other areas that have the same Chinese name; a row with one of them
    is of that area.
    Those that are part of the area's names are none, where a name has a letter: one of digits alone
    could pass for a figure.
    """
    figures = set[str]()
    names = list(filter(has_letter, (name_zh, name_en)))
    any_name = whole_text(*names)
    of_others = whole_text(*namesakes)
    for row in rows_naming(name_zh, page):
        if namesakes and of_others.search(row):
            continue
        unnamed = any_name.sub("><", row) if names else row
        figures |= set(FIGURE.findall(unnamed))
    return figures - {"0"}


def rows_naming(name: str, page: str) -> Iterator[str]:
    """The rows of a page's tables in which a cell is this name."""
    pattern = whole_text(name)
    for part in page.split("<tr")[1:]:
        row = html.unescape(part.partition("</tr")[0])
        if pattern.search(row):
            yield row


def whole_text(*names: str) -> re.Pattern[str]:
    """A pattern of an element's whole text that is one of these names."""
    any_name = "|".join(map(re.escape, names))
    return re.compile(rf">\s*(?:{any_name})\s*<")


def exact(cell: Any) -> Any:  # noqa: ANN401
    """A cell as it compares: numbers by their value."""
    if isinstance(cell, int) and not isinstance(cell, bool):
        return Decimal(cell)
    return cell


def rows_of(
    edition: Path,
    table: str,
    columns: Sequence[str] = ("*",),
) -> Iterator[Cells]:
    """Rows of a table of an edition, all columns or these."""
    query = f"select {', '.join(columns)} from read_parquet($file)"
    for row in read_rows(query, file=edition / f"{table}.parquet"):
        yield tuple(map(exact, row))
