"""Charts of an edition: ranking with rank intervals, dimensions, trend and health codes.

They are for print and screen, Chinese first.

Health codes have the colours of every surface (`palette`), other marks those of Okabe and Ito,
which the colour-blind tell apart; shape, hatching and printed figures say the same in black and
white. Counties stand in the order of their indices, and so of their ranks; a figure that is not
there is a dash.
"""

from decimal import Decimal
from itertools import chain
from pathlib import Path

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import share
from orchestration.documents.briefing.finding import (
    head_and_tail,
    index_and_change,
    red_share,
    weakest_dimension,
)
from orchestration.documents.charts.drawing import write_drawings
from orchestration.documents.charts.panels import (
    Wording,
    dots,
    labels_of,
    line,
    months_between,
    stacks,
)
from orchestration.documents.charts.parts import (
    Chart,
    Column,
    Figures,
    Names,
    Trend,
    row_chart,
)
from orchestration.documents.charts.ranks import intervals, rank_column
from orchestration.documents.charts.scales import scale_of
from orchestration.documents.charts.texts import (
    ALERTS,
    DIMENSIONS,
    GAPS,
    INDICES,
    INTERVALS,
    MARKS,
    RANKING,
    SHARE,
    TREND,
    UNIONS,
    UNRANKED,
    city_note,
    found_in,
    notes_of,
    titled,
    with_values,
)
from orchestration.documents.edition import Edition, Rows
from orchestration.documents.texts import names_of
from orchestration.periods import Period

CODES = ("red", "yellow")
TREND_FIGURES: dict[str, Wording] = {
    "health_index": figures.index,
    "sampling_rate": figures.rate,
}


def write_charts(edition: Edition, folder: Path) -> None:
    """Write the charts of an edition as SVG and PNG into a folder, which is made.

    The charts are `ranking`, `dimensions`, `trend` and `alerts`.
    """
    folder.mkdir(parents=True)
    charts = [
        ranking(edition),
        dimensions(edition),
        trend(edition),
        alerts(edition),
    ]
    write_drawings(charts, folder, edition.verdict.as_of)


def ranking(edition: Edition) -> Chart:
    """Counties by index, with rank and rank interval unless these are hidden."""
    counties = edition.ranking
    city = edition.city["health_index"]
    index = edition.methodology.label("figure", "health_index")
    indices = [county["health_index"] for county in counties]
    index_panel = dots(
        index,
        indices,
        scale_of([city, *indices]),
        city,
        figures.index,
    )
    title, meaning = RANKING, with_values(INTERVALS)
    columns: list[Column] = [name_column(edition, counties), index_panel]
    if edition.hides_ranks:
        title, meaning = INDICES, UNRANKED
    else:
        columns = [rank_column(edition), *columns, intervals(counties)]
    return row_chart(
        "ranking",
        title=titled(edition, title),
        finding=found_in(head_and_tail(edition)),
        columns=columns,
        notes=[
            MARKS,
            meaning,
            city_note([(index, figures.index(city))]),
            *notes_of(edition, counties),
        ],
    )


def dimensions(edition: Edition) -> Chart:
    """The city and its counties by rank: the rate of each dimension, all on one scale."""
    areas = [edition.city, *edition.ranking]
    rates = {
        row["dimension"]: rates_of(edition, areas, row["dimension"]) for row in edition.dimensions
    }
    scale = scale_of(list(chain.from_iterable(rates.values())), most=3)
    columns: list[Column] = [name_column(edition, areas)]
    for row in edition.dimensions:
        values = rates[row["dimension"]]
        panel = dots(
            names_of(row),
            values,
            scale,
            city=values[0],
            wording=figures.rate,
        )
        columns.append(panel)
    rate = edition.methodology.label("figure", "rate")
    return row_chart(
        "dimensions",
        title=titled(edition, DIMENSIONS, rate),
        finding=found_in(weakest_dimension(edition)),
        columns=columns,
        notes=[MARKS, *notes_of(edition, areas)],
    )


def rates_of(
    edition: Edition,
    areas: Rows,
    dimension: str,
) -> list[Decimal | None]:
    """The rates of areas in a dimension."""
    return [edition.rates[area["area_code"], dimension] for area in areas]


def alerts(edition: Edition) -> Chart:
    """Counties by rank: unions with a red or yellow code, as counts and as shares of the linked."""
    counties = edition.counties_by_rank
    labels = {code: edition.methodology.label("health_code", code) for code in CODES}
    counts = {code: [county[code] for county in counties] for code in CODES}
    shares = {code: shares_of(counties, code) for code in CODES}
    columns: list[Column] = [name_column(edition, counties)]
    columns.append(stacks(UNIONS, counts))
    for code in CODES:
        cells = list(map(figures.count, counts[code]))
        columns.append(Figures(labels[code], cells, key=code))
    columns.append(stacks(SHARE, shares))
    for code in CODES:
        cells = list(map(percent, shares[code]))
        columns.append(Figures(labels[code], cells, key=code))
    city_figures = []
    for code in CODES:
        count = figures.count(edition.city[code])
        city_figures.append((labels[code], count))
    return row_chart(
        "alerts",
        title=titled(edition, ALERTS, labels["yellow"], labels["red"]),
        finding=found_in(red_share(edition)),
        columns=columns,
        notes=[
            city_note(city_figures),
            *notes_of(edition, counties),
        ],
    )


def shares_of(areas: Rows, code: str) -> list[Decimal | None]:
    """The shares of the linked unions of areas that have a health code."""
    return [share(area[code], area["linked"]) for area in areas]


def trend(edition: Edition) -> Chart:
    """The city's index and sampling rate by month; lines join neighbouring months only."""
    rows = edition.trend(edition.city["area_code"])
    released = {Period.parse(row["period"]): row for row in rows}
    months = months_between(min(released), max(released))
    labels = {figure: edition.methodology.label("figure", figure) for figure in TREND_FIGURES}
    panels, description = [], []
    for figure, wording in TREND_FIGURES.items():
        values = {month: row[figure] for month, row in released.items()}
        by_month = [values.get(month) for month in months]
        panels.append(line(labels[figure], by_month, wording))
        stated = [f"{month} {wording(value)}" for month, value in values.items()]
        head = " ".join(labels[figure])
        description.append(f"{head}: {'; '.join(stated)}")
    gaps = [GAPS] if len(released) < len(months) else []
    return Chart(
        "trend",
        template="trend",
        title=titled(edition, TREND, *labels.values()),
        finding=found_in(index_and_change(edition)),
        body=Trend(panels, labels_of(months), len(months)),
        notes=[*gaps, *notes_of(edition, list(released.values()))],
        description=description,
    )


def percent(value: Decimal | None) -> str:
    """A share with 1 place."""
    return figures.NONE if value is None else f"{figures.index(value)}%"


def name_column(edition: Edition, areas: Rows) -> Names:
    """The column of the areas' names."""
    return Names(
        edition.methodology.label("area_level", "county"),
        list(map(names_of, areas)),
    )
