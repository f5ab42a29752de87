"""The city's headline and the table of the counties on a page, figure by figure.

Each must be the figure of the edition's tables that belongs there: one that is hidden there, though
some other area has the same, is found. What the page calls its columns says which figures are due.
"""

import html
import re
from collections.abc import Iterator, Mapping
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

from quality.connection import reading, rows_as_dictionaries
from quality.nouns import counted_noun

HEADLINE = re.compile(r'<ul class="headline">(.*?)<section', re.DOTALL)
TABLE = re.compile(r'<table class="ranking">(.*?)</table>', re.DOTALL)
COLUMN = re.compile(r'<th\b[^>]*\bdata-key="([^"]+)"')
ROW = re.compile(r"<tr>(.*?)</tr>", re.DOTALL)
CELL = re.compile(r"<(td|th)\b[^>]*>(.*?)</\1>", re.DOTALL)
STRESSED = re.compile(r"<(strong|b)>(.*?)</\1>", re.DOTALL)
TAG = re.compile(r"<[^>]*>")
NUMBER = re.compile(r"[0-9][0-9,]*(?:\.[0-9]+)?")
OF_CITY = (
    "health_index",
    "index_change",
    "sampling_rate",
    "linked",
    "frame",
    "green",
    "yellow",
    "red",
)
AREAS = """
    select areas.*, ranking.rank_low, ranking.rank_high
    from read_parquet($areas) as areas
    left join read_parquet($ranking) as ranking using (area_code)
    where level in ('county', 'city')
    order by level = 'city', areas.health_index desc nulls last, areas.area_code
"""
RATES = "select area_code, dimension, rate from read_parquet($rates)"

Row = Mapping[str, Any]
Numbers = list[str]


def other_cells(edition: Path, page: str) -> Iterator[str]:
    """What an edition's page shows in its headline and of its counties otherwise than its tables.

    page: its markup.
    """
    *counties, city = areas_due(edition)
    headline = "".join(HEADLINE.findall(page))
    shown = [number for _, part in STRESSED.findall(headline) for number in numbers_in(part)]
    if not are_shown_as(shown, [city[column] for column in OF_CITY]):
        yield "shows another headline than its tables"
    table = "".join(TABLE.findall(page))
    columns = COLUMN.findall(table)
    _, *rows = ROW.findall(table)
    areas = [*counties, city]
    if len(rows) != len(areas):
        yield "shows other counties than its tables"
        return
    pairs = zip(rows, areas, strict=True)
    count = sum(not is_row_of(row, columns, area) for row, area in pairs)
    if count:
        yield f"shows {counted_noun(count, 'area')} otherwise than its tables"


def areas_due(edition: Path) -> list[dict[str, Any]]:
    """The counties in the order of the page, then the city; each with its rates."""
    files = {
        "areas": str(edition / "area_index.parquet"),
        "ranking": str(edition / "county_ranking.parquet"),
    }
    with reading() as connection:
        areas = rows_as_dictionaries(connection.execute(AREAS, files))
        found = connection.execute(RATES, {"rates": str(edition / "area_dimension.parquet")})
        rates = found.fetchall()
    by_code = {area["area_code"]: area for area in areas}
    for code, dimension, rate in rates:
        if code in by_code:
            by_code[code][f"rate:{dimension}"] = rate
    return areas


def is_row_of(
    row: str,
    columns: list[str],
    area: Row,
) -> bool:
    """Whether a row of the page has in each column what its area has there."""
    cells = [cell for _, cell in CELL.findall(row)]
    if len(cells) != len(columns):
        return False
    return all(
        are_shown_as(numbers_in(cell), figures_due(column, area))
        for column, cell in zip(columns, cells, strict=True)
        if column != "name"
    )


def figures_due(column: str, area: Row) -> list[Decimal | int | None]:
    """What belongs in a column of the page: a rank interval has two ends, where they differ."""
    if column == "rank_low":
        return list(dict.fromkeys([area["rank_low"], area["rank_high"]]))
    if column == "previous_rank" and area["rank"] is None:
        return []
    return [area[column]]


def numbers_in(markup: str) -> Numbers:
    """The numbers that are read in a piece of markup."""
    return NUMBER.findall(html.unescape(TAG.sub("", markup)))


def are_shown_as(numbers: Numbers, figures: list[Any]) -> bool:
    """Whether numbers are these figures, rounded to their places and without signs.

    What is not there has no number.
    """
    known = [abs(Decimal(figure)) for figure in figures if figure is not None]
    if len(numbers) != len(known):
        return False
    shown = [Decimal(number.replace(",", "")) for number in numbers]
    pairs = zip(shown, known, strict=True)
    return all(figure.quantize(number, ROUND_HALF_UP) == number for number, figure in pairs)
