"""What an intake says otherwise than published months, for readers."""

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from orchestration.aligned import aligned
from orchestration.home.records.revisions import (
    FiguresRevised,
    RevisedMonth,
    Revisions,
    RowsRevised,
)
from quality.nouns import counted_noun

CITY = "city"
ROWS_HEAD = ("table", "county", "added", "changed", "gone", "unannounced")
FIGURES_HEAD = ("table", "county", "figures")


def revised_lines(revisions: Revisions) -> list[str]:
    """What `uhi run` and `uhi status` say of it; nothing where no month is published."""
    if not revisions.months:
        return []
    return [f"Revised since published: {line}" for line in month_lines(revisions)]


def month_lines(revisions: Revisions) -> list[str]:
    """A line for each month of which the intake says otherwise, or one that there is none."""
    if not revisions.months:
        return ["no month is published yet"]
    if revisions.revised:
        return [line_of(month) for month in revisions.revised]
    months = counted_noun(len(revisions.months), "published month")
    return [f"nothing in {months}"]


def line_of(month: RevisedMonth) -> str:
    """What an intake says otherwise of a month: how many rows and figures, and where most."""
    name = f"{month.period} {month.release}"
    if month.rows_problem:
        return f"{name} cannot be compared: {month.rows_problem}"
    rows = counted_noun(sum(each.rows for each in month.rows), "row")
    tables = counted_noun(len({each.table for each in month.rows}), "table")
    unannounced = sum(each.unannounced for each in month.rows)
    parts = [f"{rows} in {tables} ({unannounced:,} unannounced)", *figures_parts(month)]
    if county := county_with_most(month):
        parts.append(f"county {county} most")
    return f"{name}: {', '.join(parts)}"


def figures_parts(month: RevisedMonth) -> list[str]:
    """How many figures would move, or why that is not known."""
    if month.figures_problem:
        return [f"figures not known ({' '.join(month.figures_problem.split())})"]
    moved = sum(each.figures for each in month.figures)
    return [counted_noun(moved, "figure would move", "figures would move")]


def county_with_most(month: RevisedMonth) -> str | None:
    """The county with the most figures that would move, else with the most revised rows."""
    counts: Counter[str] = Counter()
    for figures in month.figures:
        if figures.county:
            counts[figures.county] += figures.figures
    for rows in month.rows if not counts else ():
        if rows.county:
            counts[rows.county] += rows.rows
    return min(counts, key=lambda county: (-counts[county], county), default=None)


def format_revisions(revisions: Revisions, folder: Path) -> list[str]:
    """The whole of it: a line for each month, its tables by county, and where the rows are."""
    lines = [f"Revised since published, by {revisions.intake}:"]
    if not revisions.revised:
        return lines + [f"  {line}" for line in month_lines(revisions)]
    for month in revisions.revised:
        lines += [f"  {line_of(month)}", *details_of(month)]
    return [*lines, f"Row by row, figure by figure: {folder}"]


def details_of(month: RevisedMonth) -> Iterator[str]:
    """The revised rows and figures of a month by table and county, and what to know of them."""
    if month.rows:
        yield from aligned(
            cells_of_rows(month.rows), head=ROWS_HEAD, right=range(2, 6), indent="    "
        )
    if month.figures:
        yield from aligned(
            cells_of_figures(month.figures), head=FIGURES_HEAD, right=(2,), indent="    "
        )
    if move := month.largest_move:
        yield (
            f"    largest move of an index: {move.code} ({move.table}), "
            f"{move.before} -> {move.after}"
        )
    for remark in month.remarks:
        yield f"    {remark}"


def cells_of_rows(rows: Iterable[RowsRevised]) -> list[tuple[str, ...]]:
    """Revised rows as the cells of a table (ROWS_HEAD)."""
    cells = []
    for each in rows:
        counts = (each.added, each.changed, each.gone, each.unannounced)
        cells.append((each.table, each.county or CITY, *(f"{count:,}" for count in counts)))
    return cells


def cells_of_figures(figures: Iterable[FiguresRevised]) -> list[tuple[str, ...]]:
    """Revised figures as the cells of a table (FIGURES_HEAD)."""
    return [(each.table, each.county or CITY, f"{each.figures:,}") for each in figures]
