"""Charts of an edition: ranking with rank intervals, dimensions, trend and health codes.

They are for print and screen, Chinese first.

Health codes have the colours of every surface (`palette`), other marks those of Okabe and Ito,
which the colour-blind tell apart; shape, hatching and printed figures say the same in black and
white. Counties stand in the order of their rank; a figure that is not there is a dash.
"""

import math
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.font_manager import FontProperties
from matplotlib.ticker import MaxNLocator

from orchestration.periods import Period
from orchestration.release.documents import figures, palette
from orchestration.release.documents.briefing.finding import (
    head_and_tail,
    index_and_change,
    red_share,
    sentence,
    weakest_dimension,
)
from orchestration.release.documents.briefing.wording import Text
from orchestration.release.documents.charts.drawing import (
    BODY,
    FAINT,
    HEAD,
    INK,
    MARGIN,
    TINY,
    Page,
    Words,
    settings,
    write_pages,
)
from orchestration.release.documents.charts.rowchart import Column, Marks, Names, Texts, row_chart
from orchestration.release.documents.edition import Edition, Rows
from orchestration.release.documents.note import chart_note
from orchestration.release.suppression import SMALLEST_AREA

BLUE, SKY, VERMILLION = "#0072b2", "#56b4e9", "#d55e00"
ABOVE = {"marker": "o", "markerfacecolor": BLUE, "markeredgecolor": BLUE}
BELOW = {
    "marker": "D",
    "markerfacecolor": "white",
    "markeredgecolor": VERMILLION,
    "markeredgewidth": 1.6,
    "markersize": 5.5,
}
CODES: dict[str, dict[str, Any]] = {
    "red": {"facecolor": palette.CODES["red"], "edgecolor": INK, "linewidth": 0.6},
    "yellow": {
        "facecolor": palette.CODES["yellow"],
        "edgecolor": INK,
        "linewidth": 0.6,
        "hatch": "/////",
    },
}
LABELLED_MONTHS = 12
TREND_WIDTH, TREND_HEIGHT = 7.6, 1.9

RANKING = (
    "各县（市、区）健康指数与位次区间",
    "health index of the counties, with the intervals of their ranks",
)
DIMENSIONS = ("各县（市、区）各维度{}，%", "{} of the counties by dimension, %")
TREND = ("{}与{}走势", "{} and {} by month")
ALERTS = ("各县（市、区）{}、{}工会", "unions with a {} or a {} code by county")
INTERVAL = ("位次区间", "Interval of the rank")
UNIONS = ("工会数", "Unions")
SHARE = ("占关联企业的百分比", "Share of the linked")
MARKS = (
    "● 达到或高于全市　◇ 低于全市　虚线：全市",
    "● at or above the city   ◇ below it   dashed line: the city",
)
INTERVALS = (
    (
        "● 位次　■ 区间：权重在±25%内随机变动1,000次时，位次的第5至第95百分位（不含取样误差）。"
        "区间重叠的，排名先后不宜作定论。"
    ),
    (
        "● rank   ■ interval: 5th to 95th percentile over 1,000 draws of the weights within ±25 %, "
        "without sampling error. Overlapping intervals: no firm order."
    ),
)
DASHES = (
    (
        f"“–”表示没有关联企业，或不予公布：关联企业不足{SMALLEST_AREA}家的地区，"
        "以及公布后可据以推算出上述地区的其他地区。"
    ),
    (
        f"–: no linked unions; or not shown, with fewer than {SMALLEST_AREA} linked unions "
        "or because it would give such an area away."
    ),
)
NO_COUNTIES = ("该市不设县（市、区）。", "The city has no counties.")
CITY = ("全市：{}。", "The city: {}.")
GAPS = ("未发布数据的月份留空。", "Months without a release are left out.")
BASIS = (
    "数据来源：智慧工会平台。数据截至{}，方法版本{}。",
    "Source: the smart-union platform. As of {}, methodology {}.",
)

Values = Sequence[Decimal | None]
Scale = tuple[tuple[float, float], dict[float, str]]


def write_charts(edition: Edition, folder: Path) -> None:
    """Write the charts of an edition as SVG and PNG into a folder, which is made.

    The charts are `ranking`, `dimensions`, `trend` and `alerts`.
    """
    folder.mkdir(parents=True)
    with settings(), tempfile.TemporaryDirectory() as fonts:
        font_file = Path(fonts) / "font.ttf"
        pages = [
            chart(edition, FontProperties(fname=font_file))
            for chart in (ranking, dimensions, trend, alerts)
        ]
        write_pages(pages, font_file, folder, edition.verdict.as_of)


def ranking(edition: Edition, font: FontProperties) -> Page:
    """Counties by rank: index, and the interval of the rank."""
    counties, city = edition.ranking, edition.city["health_index"]
    indices = [county["health_index"] for county in counties]
    intervals = [(county["rank_low"], county["rank_high"]) for county in counties]

    def draw(panel: Axes) -> None:
        for row, ((low, high), county) in enumerate(zip(intervals, counties, strict=True)):
            if low is not None:
                panel.barh(
                    row,
                    high - low + 0.7,
                    left=low - 0.35,
                    height=0.46,
                    facecolor=SKY,
                    edgecolor=BLUE,
                    linewidth=0.8,
                )
                panel.plot(county["rank"], row, marker="o", markersize=5, color=INK)

    index, rank = (
        edition.methodology.label("figure", figure) for figure in ("health_index", "rank")
    )
    step = max(1, -(-len(counties) // 20))
    columns: list[Column] = [
        Texts(rank, [figures.count(county["rank"]) for county in counties], 0.32),
        names_of(edition, counties),
        dots(index, indices, city, 2.4, scale_of([city, *indices])),
        Texts(index, [figures.index(value) for value in indices], headed=False),
        Marks(
            INTERVAL,
            2.2,
            (0.3, len(counties) + 0.7),
            {place: str(place) for place in range(1, len(counties) + 1, step)},
            draw,
        ),
        Texts(INTERVAL, [interval_of(low, high) for low, high in intervals], headed=False),
    ]
    notes = [
        MARKS,
        INTERVALS,
        city_note([(index, figures.index(city))]),
        *notes_of(edition, counties),
    ]
    return row_chart(
        "ranking", titled(edition, RANKING), found(head_and_tail(edition)), columns, notes, font
    )


def dimensions(edition: Edition, font: FontProperties) -> Page:
    """The city and its counties by rank: the rate of each dimension, all on one scale."""
    areas = [edition.city, *edition.ranking]
    rates = {
        row["dimension"]: [edition.rates[area["area_code"], row["dimension"]] for area in areas]
        for row in edition.dimensions
    }
    scale = scale_of([rate for values in rates.values() for rate in values], ticks=3)
    columns: list[Column] = [names_of(edition, areas)]
    for row in edition.dimensions:
        head, values = (row["name_zh"], row["name_en"]), rates[row["dimension"]]
        columns += [
            dots(head, values, values[0], 1.0, scale),
            Texts(head, [figures.rate(value) for value in values], headed=False),
        ]
    title = titled(edition, DIMENSIONS, edition.methodology.label("figure", "rate"))
    return row_chart(
        "dimensions",
        title,
        found(weakest_dimension(edition)),
        columns,
        [MARKS, *notes_of(edition, areas)],
        font,
    )


def alerts(edition: Edition, font: FontProperties) -> Page:
    """Counties by rank: unions with a red or yellow code, as counts and as shares of the linked."""
    counties = [edition.area(county["area_code"]) for county in edition.ranking]
    labels = {code: edition.methodology.label("health_code", code) for code in CODES}
    columns: list[Column] = [names_of(edition, counties)]
    counts = {code: [county[code] for county in counties] for code in CODES}
    columns.append(stacks(UNIONS, counts, 2.3))
    columns += [
        Texts(labels[code], [figures.count(value) for value in counts[code]], swatch=style)
        for code, style in CODES.items()
    ]
    shares = {
        code: [share_of(county[code], county["linked"]) for county in counties] for code in CODES
    }
    columns.append(stacks(SHARE, shares, 1.6))
    columns += [
        Texts(labels[code], [percent(value) for value in shares[code]], 0.5, swatch=style)
        for code, style in CODES.items()
    ]
    notes = [
        city_note([(label, figures.count(edition.city[code])) for code, label in labels.items()]),
        *notes_of(edition, counties),
    ]
    title = titled(edition, ALERTS, labels["yellow"], labels["red"])
    return row_chart("alerts", title, found(red_share(edition)), columns, notes, font)


def trend(edition: Edition, font: FontProperties) -> Page:
    """The city's index and sampling rate by month; lines join neighbouring months only."""
    released = {
        Period.parse(period): row for period, row in edition.trend(edition.city["area_code"])
    }
    months = [min(released)]
    while months[-1] < max(released):
        months.append(months[-1].next)
    shown: dict[str, Callable[[Decimal | None], str]] = {
        "health_index": figures.index,
        "sampling_rate": figures.rate,
    }
    labels = {figure: edition.methodology.label("figure", figure) for figure in shown}
    title = titled(edition, TREND, *labels.values())
    notes = [
        *([GAPS] if len(released) < len(months) else []),
        *notes_of(edition, list(released.values())),
    ]
    page = Page(
        "trend",
        title,
        found(index_and_change(edition)),
        TREND_WIDTH,
        len(shown) * TREND_HEIGHT,
        notes,
        font,
    )
    for number, (figure, text) in enumerate(shown.items()):
        top = page.body + number * TREND_HEIGHT
        page.paragraph(MARGIN, top, labels[figure], (HEAD, TINY), TREND_WIDTH)
        panel = page.axes(
            MARGIN + 0.35, top + 0.42, TREND_WIDTH - 2 * MARGIN - 0.35, TREND_HEIGHT - 0.82
        )
        draw_line(
            page,
            panel,
            [released[month][figure] if month in released else None for month in months],
            text,
        )
        page.scale(panel, "x", *labels_of(months))
        said = "; ".join(f"{month} {text(row[figure])}" for month, row in released.items())
        page.description.append(f"{' '.join(labels[figure])}: {said}")
    return page


def draw_line(
    page: Page, panel: Axes, values: Values, text: Callable[[Decimal | None], str]
) -> None:
    """A line with marks by month.

    Labelled all where they are few, else the first, the last, the lowest and the highest.
    """
    limits, scale = scale_of(values, ticks=4)
    panel.set(xlim=(-0.5, len(values) - 0.5), ylim=limits)
    page.scale(panel, "y", list(scale), list(scale.values()))
    there = {place: float(value) for place, value in enumerate(values) if value is not None}
    line = [there.get(place, math.nan) for place in range(len(values))]
    panel.plot(range(len(values)), line, color=BLUE, linewidth=1.8, marker="o", markersize=5)
    ends: tuple[int, ...] = ()
    if there:
        lowest, highest = min(there, key=there.__getitem__), max(there, key=there.__getitem__)
        ends = (min(there), max(there), lowest, highest)
    clear = {"facecolor": "white", "edgecolor": "none", "pad": 0.6}
    style: dict[str, Any] = {
        "ha": "center",
        "fontproperties": page.font,
        "fontsize": BODY,
        "bbox": clear,
    }
    for place in sorted(there if len(there) <= LABELLED_MONTHS else set(ends)):
        panel.annotate(
            text(values[place]),
            (place, there[place]),
            (0, 7),
            textcoords="offset points",
            color=INK,
            **style,
        )
    if not there:
        panel.annotate(
            figures.NONE, (0.5, 0.5), xycoords="axes fraction", va="center", color=FAINT, **style
        )


def dots(head: Words, values: Values, city: Decimal | None, width: float, scale: Scale) -> Marks:
    """A panel with a mark for each value, and a line at the city's."""

    def draw(panel: Axes) -> None:
        if city is not None:
            panel.axvline(float(city), color=INK, linewidth=0.9, linestyle=(0, (4, 3)))
        for row, value in enumerate(values):
            if value is not None:
                panel.plot(
                    float(value),
                    row,
                    **(
                        {"markersize": 6.5}
                        | (BELOW if city is not None and value < city else ABOVE)
                    ),
                )

    return Marks(head, width, *scale, draw)


def stacks(
    head: Words, values: Mapping[str, Sequence[Decimal | int | None]], width: float
) -> Marks:
    """A panel with a bar for each row, stacked of its values by code."""
    rows = [[float(value or 0) for value in row] for row in zip(*values.values(), strict=True)]
    end = max(map(sum, rows), default=0.0) * 1.03 or 1.0

    def draw(panel: Axes) -> None:
        for number, row in enumerate(rows):
            for place, (value, style) in enumerate(zip(row, CODES.values(), strict=True)):
                if value:
                    panel.barh(number, value, left=sum(row[:place]), height=0.58, **style)

    ticks = MaxNLocator(4, integer=True, steps=[1, 2, 5, 10]).tick_values(0, end)
    return Marks(
        head, width, (0, end), {float(tick): f"{tick:,.0f}" for tick in ticks if tick <= end}, draw
    )


def scale_of(values: Values, ticks: int = 5) -> Scale:
    """Limits that hold all values with some room, and round numbers within them, with labels."""
    there = [float(value) for value in values if value is not None] or [0.0, 100.0]
    room = max((max(there) - min(there)) * 0.15, 0.6)
    low, high = min(there) - room, max(there) + room
    marks = [
        float(mark)
        for mark in MaxNLocator(ticks, steps=[1, 2, 5, 10]).tick_values(low, high)
        if max(low, 0) <= mark <= min(high, 100)
    ]
    return (low, high), {mark: f"{mark:.6g}" for mark in marks}


def labels_of(months: Sequence[Period]) -> tuple[list[float], list[str]]:
    """Places and labels of months, of every so many where they are many."""
    places = range(len(months) - 1, -1, -(-len(months) // LABELLED_MONTHS))
    return [float(place) for place in places], [str(months[place]) for place in places]


def share_of(part: int | None, whole: int | None) -> Decimal | None:
    """Parts per hundred, where there is a whole."""
    return Decimal(100 * part) / whole if part is not None and whole else None


def percent(value: Decimal | None) -> str:
    """A share with 1 place."""
    return figures.NONE if value is None else f"{figures.index(value)}%"


def interval_of(low: int | None, high: int | None) -> str:
    """An interval of ranks."""
    return (
        figures.NONE if low is None or high is None else f"{low}–{high}" if low < high else str(low)
    )


def names_of(edition: Edition, areas: Rows) -> Names:
    """The column of the areas' names."""
    return Names(
        edition.methodology.label("area_level", "county"),
        [(area["name_zh"], area["name_en"]) for area in areas],
    )


def found(parts: Iterable[Text]) -> Words | None:
    """What a chart shows, as a sentence that stands above it; None if there is nothing to say."""
    said = sentence(list(parts))
    return (said.zh, said.en) if said else None


def titled(edition: Edition, title: Words, *terms: Words) -> Words:
    """A title with terms of the methodology in it, after the city and the period."""
    chinese = title[0].format(*(term[0] for term in terms))
    english = title[1].format(*(term[1].lower() for term in terms))
    return (
        f"{edition.city['name_zh']} {edition.period}：{chinese}",
        f"{edition.city['name_en']}, {edition.period}: {english}",
    )


def city_note(said: Sequence[tuple[Words, str]]) -> Words:
    """What the city's figures are."""
    chinese = "、".join(f"{label[0]} {figure}" for label, figure in said)
    english = ", ".join(f"{label[1].lower()} {figure}" for label, figure in said)
    return CITY[0].format(chinese), CITY[1].format(english)


def notes_of(edition: Edition, shown: Rows) -> list[Words]:
    """The notes that every chart ends with.

    They are on dashes, where the areas shown have any, on day and methodology, and the notice of
    the source.
    """
    verdict = edition.verdict
    lacking = any(area["health_index"] is None for area in shown)
    basis = (
        BASIS[0].format(verdict.as_of, edition.methodology.name),
        BASIS[1].format(verdict.as_of, edition.methodology.name),
    )
    return [
        *([] if shown else [NO_COUNTIES]),
        *chart_note(edition),
        *([DASHES] if lacking else []),
        basis,
        *([(verdict.notice, "")] if verdict.notice else []),
    ]
