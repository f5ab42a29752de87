"""The pages of a release, checked against the tables of their edition.

No figure but those of the tables may be in what is read and in what the scripts load.
"""

import csv
import html
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from quality.connection import reading
from quality.publication import public_tables
from quality.scripts import data_of
from quality.why import answers

SHOWN_PLACES = (Decimal(1), Decimal("0.1"), Decimal("0.01"), Decimal("0.0001"))
STATUSES = {"0": "observed", "1": "missing", "2": "not_applicable"}
FULL_POINTS = 100
MOST_ROUNDING = 0.01
TOLD = {
    "union_index": ("enterprise_id", "index_change", "months_yellow"),
    "union_dimension": ("rate", "points"),
    "union_indicator": ("status", "score", "value", "numerator", "denominator"),
    "alert": (
        "rule",
        "level",
        "dimension",
        "observed",
        "threshold",
        "opened_period",
        "months_open",
    ),
}
CHANGES = re.compile(r'<article id="changes">.*?</article>', re.DOTALL)
COMPARED = ("changes", "decomposition")

Cells = tuple[Any, ...]


def page_figures(folder: Path) -> Iterator[str]:
    """Pages whose tables or headlines show a number that no table of areas of their edition holds.

    In the public one any number in the row of a suppressed city or county, too. A number that is
    another area's by chance is not found.
    """
    for edition in ("internal", "public"):
        page = (folder / edition / "index.html").read_text(encoding="utf-8")
        told = "".join(CHANGES.findall(page))
        held = figures_of(folder / edition, public_tables())
        if count := numbers_beyond(CHANGES.sub("", page), held):
            yield f"{edition}/index.html shows {count} numbers that are in no table of its areas"
        changed = [table for table in COMPARED if (folder / edition / f"{table}.parquet").exists()]
        if count := numbers_beyond(told, held | figures_of(folder / edition, changed)):
            yield (
                f"{edition}/index.html tells of changes with {count} numbers "
                "that are in no table of its changes"
            )
    rows = [html.unescape(row.partition("</tr")[0]) for row in page.split("<tr")[1:]]
    rows = [
        row
        for row in rows
        if any(re.search(rf">\s*{re.escape(name)}\s*<", row) for name in suppressed_names(folder))
    ]
    if any(set(re.findall(r"[0-9.]*[0-9]", row)) - {"0"} for row in rows):
        yield "public/index.html shows figures of suppressed areas"


def numbers_beyond(markup: str, figures: set[Decimal]) -> int:
    """How many numbers in table cells and headlines are none of these figures.

    A figure may be shown with any number of places.
    """
    cells = re.findall(r"<(?:td|strong)[^>]*>(.*?)</(?:td|strong)>", markup, re.DOTALL)
    texts = [html.unescape(re.sub(r"<[^>]*>", "", cell)) for cell in cells]
    numbers = [
        number for text in texts for number in re.findall(r"[0-9][0-9,]*(?:\.[0-9]+)?", text)
    ]
    allowed = {
        value.quantize(places, ROUND_HALF_UP) for value in figures for places in SHOWN_PLACES
    }
    return sum(Decimal(number.replace(",", "")) not in allowed for number in numbers)


def figures_of(edition: Path, tables: Iterable[str]) -> set[Decimal]:
    """All figures of these tables of an edition, without their signs."""
    cells = (cell for table in tables for row in rows_of(edition, table) for cell in row)
    return {abs(cell) for cell in cells if isinstance(cell, Decimal)}


def suppressed_names(folder: Path) -> list[str]:
    """The names of the city and counties that the public edition suppresses."""
    columns = rows_of(folder / "public", "area_index", ("level", "name_zh", "suppressed"))
    return [name for level, name, is_suppressed in columns if is_suppressed and level != "township"]


def site_figures(folder: Path, months: Sequence[Path] = ()) -> Iterator[str]:
    """Data of the sites that are not cells of the tables of their edition.

    months: the releases of earlier months that the trends show.
    """
    for edition in ("internal", "public"):
        shown = data_of(folder / edition / "site" / "data" / "areas.js")
        for table, content in shown.items():
            source = "area_index" if table == "trend" else table
            editions = [
                folder / edition,
                *(month / edition for month in months if table == "trend"),
            ]
            held = {row for each in editions for row in rows_of(each, source, content["columns"])}
            if count := len({tuple(map(exact, row)) for row in content["rows"]} - held):
                yield f"{edition}/site shows {count} rows of {table} that are none"
    yield from union_figures(folder / "internal")
    yield from answers(folder / "internal")


def union_figures(edition: Path) -> Iterator[str]:
    """Unions whose page shows wrong figures.

    They differ from the union's rows, compared as text, or are points lost that with its index do
    not make 100.
    """
    index = data_of(edition / "site" / "data" / "unions.js", as_text=True)
    if set(zip(*index.values(), strict=True)) != set(
        texts_of(edition, "union_index", tuple(index))
    ):
        yield "internal/site lists other unions than there are, or with other figures"
    shown: dict[str, dict[str, Any]] = {}
    for file in sorted((edition / "site" / "data" / "unions").glob("*.js")):
        shown |= data_of(file, as_text=True)
    indices: dict[str, str | None] = dict(
        texts_of(edition, "union_index", ("union_id", "health_index"))
    )
    wrong = {
        union
        for union, page in shown.items()
        if union not in indices or not adds_up(page, indices[union])
    }
    for table, rows in told(shown).items():
        wrong |= told_otherwise(rows, due_of(edition, table))
    if wrong:
        left_out = indices.keys() - shown.keys()
        yield (
            f"internal/site shows other figures than the tables of {len(wrong)} unions, "
            f"and leaves out {len(left_out)}"
        )


def told(shown: dict[str, dict[str, Any]]) -> dict[str, list[Cells]]:
    """The rows by table that the unions' pages tell of.

    They are each union's own, those of its dimensions and indicators by position, and its alerts.
    """
    pages = sorted(shown.items())
    return {
        "union_index": [(union, *page["facts"]) for union, page in pages],
        "union_dimension": [(union, *row) for union, page in pages for row in page["dimensions"]],
        "union_indicator": [
            (union, STATUSES[status], *row)
            for union, page in pages
            for status, _weight, _lost, *row in page["indicators"]
        ],
        "alert": sorted(
            ((union, *row) for union, page in pages for row in page["alerts"]), key=str
        ),
    }


def due_of(edition: Path, table: str) -> list[Cells]:
    """The rows that the unions' pages are due to tell of a table, in their order there."""
    rows = texts_of(edition, table, ("union_id", *TOLD[table]), order_of(edition, table))
    return sorted(rows, key=str) if table == "alert" else rows


def order_of(edition: Path, table: str) -> str:
    """SQL of the order in which the unions' pages tell the rows of a table.

    It is by union, and then by the methodology's positions.
    """
    code = table.removeprefix("union_")
    if code not in ("dimension", "indicator"):
        return "union_id"
    name = json.loads((edition.parent / "verdict.json").read_text(encoding="utf-8"))["methodology"][
        "name"
    ]
    with (edition / "methodology" / f"{code}s.csv").open(encoding="utf-8-sig", newline="") as lines:
        places = {
            row[code]: int(row["position"])
            for row in csv.DictReader(lines, strict=True)
            if row["methodology"] == name
        }
    return f"union_id, list_position({sorted(places, key=places.__getitem__)}, {code})"


def told_otherwise(rows: list[Cells], due: list[Cells]) -> set[str]:
    """The unions of which two lists have other rows, or the same in another order."""
    if rows == due:
        return set()
    told_of, due_of_it = by_union(rows), by_union(due)
    return {
        union
        for union in told_of.keys() | due_of_it.keys()
        if told_of.get(union) != due_of_it.get(union)
    }


def by_union(rows: list[Cells]) -> dict[str, list[Cells]]:
    """Rows by the union that each begins with."""
    found: dict[str, list[Cells]] = {}
    for union, *cells in rows:
        found.setdefault(union, []).append(tuple(cells))
    return found


def adds_up(page: dict[str, Any], index: str | None) -> bool:
    """Whether a union's index and its points lost make 100, but for their rounding.

    Without an index it loses none.
    """
    lost = [float(points) for _, _, points, *_ in page["indicators"] if points is not None]
    if index is None:
        return not lost
    return abs(sum(lost, float(index)) - FULL_POINTS) < MOST_ROUNDING


def exact(cell: Any) -> Any:  # noqa: ANN401
    """A cell as it compares: numbers by their value."""
    return Decimal(cell) if isinstance(cell, int) and not isinstance(cell, bool) else cell


def rows_of(edition: Path, table: str, columns: Sequence[str] = ()) -> list[Cells]:
    """Rows of a table of an edition, all columns or these."""
    with reading() as connection:
        relation = connection.read_parquet(str(edition / f"{table}.parquet"))
        return [
            tuple(map(exact, row)) for row in relation.select(", ".join(columns) or "*").fetchall()
        ]


def texts_of(edition: Path, table: str, columns: Sequence[str], order: str = "") -> list[Cells]:
    """Rows of these columns of a table of an edition as text, in an order or none.

    Figures have no zeros at the end.
    """
    with reading() as connection:
        relation = connection.read_parquet(str(edition / f"{table}.parquet"))
        relation = (relation.order(order) if order else relation).select(", ".join(columns))
        cells = [
            f"rtrim(rtrim(cast({name} as varchar), '0'), '.')"
            if str(kind).startswith("DECIMAL")
            else f"cast({name} as varchar)"
            for name, kind in zip(relation.columns, relation.types, strict=True)
        ]
        return relation.select(", ".join(cells)).fetchall()
