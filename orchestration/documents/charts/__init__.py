"""Charts of an edition: ranking with rank intervals, dimensions, trend and health codes.

They are for print and screen, Chinese first.

Health codes have the colours of every surface (`palette`), other marks those of Okabe and Ito,
which the colour-blind tell apart; shape, hatching and printed figures say the same in black and
white. Counties stand in the order of their rank; a figure that is not there is a dash.
"""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from itertools import chain
from pathlib import Path

from orchestration.contract.parameters import with_parameters
from orchestration.documents import figures
from orchestration.documents.briefing.finding import (
    head_and_tail,
    index_and_change,
    red_share,
    sentence,
    weakest_dimension,
)
from orchestration.documents.briefing.wording import Text
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
    Interval,
    Names,
    Panel,
    Trend,
    Words,
    row_chart,
)
from orchestration.documents.charts.scales import scale_of, scale_of_ranks
from orchestration.documents.edition import Edition, Rows
from orchestration.documents.note import chart_note
from orchestration.periods import Period

CODES = ("red", "yellow")

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
        "● 位次　■ 区间：权重在±{rank_spread}%内随机变动{rank_draws}次时，"
        "位次的第{rank_low_percentile}至第{rank_high_percentile}百分位（不含取样误差）。"
        "区间重叠的，排名先后不宜作定论。"
    ),
    (
        "● rank   ■ interval: {rank_low_percentile_ordinal} to {rank_high_percentile_ordinal} "
        "percentile over {rank_draws} draws of the weights within ±{rank_spread} %, "
        "without sampling error. Overlapping intervals: no firm order."
    ),
)
DASHES = (
    (
        "“–”表示没有关联企业，或不予公布：关联企业不足{smallest_area}家的地区，"
        "以及公布后可据以推算出上述地区的其他地区。"
    ),
    (
        "–: no linked unions; or not shown, with fewer than {smallest_area} linked unions "
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

TREND_FIGURES: dict[str, Wording] = {"health_index": figures.index, "sampling_rate": figures.rate}


def write_charts(edition: Edition, folder: Path) -> None:
    """Write the charts of an edition as SVG and PNG into a folder, which is made.

    The charts are `ranking`, `dimensions`, `trend` and `alerts`.
    """
    folder.mkdir(parents=True)
    charts = [chart(edition) for chart in (ranking, dimensions, trend, alerts)]
    write_drawings(charts, folder, edition.verdict.as_of)


def ranking(edition: Edition) -> Chart:
    """Counties by rank: index, and the interval of the rank."""
    counties = edition.ranking
    city = edition.city["health_index"]
    index = edition.methodology.label("figure", "health_index")
    rank = edition.methodology.label("figure", "rank")
    indices = [county["health_index"] for county in counties]
    ranks = [figures.count(county["rank"]) for county in counties]
    columns: list[Column] = [
        Figures(rank, ranks),
        names_of(edition, counties),
        dots(index, indices, scale_of([city, *indices]), city, figures.index),
        intervals(counties),
    ]
    city_said = city_note([(index, figures.index(city))])
    return row_chart(
        "ranking",
        title=titled(edition, RANKING),
        finding=found_in(head_and_tail(edition)),
        columns=columns,
        notes=[MARKS, with_values(INTERVALS), city_said, *notes_of(edition, counties)],
    )


def intervals(counties: Rows) -> Panel:
    """A panel with the rank of each county within its interval."""
    ends = [(county["rank_low"], county["rank_high"]) for county in counties]
    marks = [
        None if low is None else Interval(low, high, county["rank"])
        for (low, high), county in zip(ends, counties, strict=True)
    ]
    cells = [interval_of(low, high) for low, high in ends]
    return Panel(INTERVAL, scale_of_ranks(len(counties)), "intervals", marks, cells)


def dimensions(edition: Edition) -> Chart:
    """The city and its counties by rank: the rate of each dimension, all on one scale."""
    areas = [edition.city, *edition.ranking]
    codes = [area["area_code"] for area in areas]
    rates = {
        (row["name_zh"], row["name_en"]): [edition.rates[code, row["dimension"]] for code in codes]
        for row in edition.dimensions
    }
    scale = scale_of(list(chain.from_iterable(rates.values())), most=3)
    panels = [
        dots(head, values, scale, city=values[0], wording=figures.rate)
        for head, values in rates.items()
    ]
    return row_chart(
        "dimensions",
        title=titled(edition, DIMENSIONS, edition.methodology.label("figure", "rate")),
        finding=found_in(weakest_dimension(edition)),
        columns=[names_of(edition, areas), *panels],
        notes=[MARKS, *notes_of(edition, areas)],
    )


def alerts(edition: Edition) -> Chart:
    """Counties by rank: unions with a red or yellow code, as counts and as shares of the linked."""
    counties = [edition.area(county["area_code"]) for county in edition.ranking]
    labels = {code: edition.methodology.label("health_code", code) for code in CODES}
    counts = {code: [county[code] for county in counties] for code in CODES}
    shares = {
        code: [share_of(county[code], county["linked"]) for county in counties] for code in CODES
    }
    columns: list[Column] = [
        names_of(edition, counties),
        stacks(UNIONS, counts),
        *(coded(code, labels[code], map(figures.count, counts[code])) for code in CODES),
        stacks(SHARE, shares),
        *(coded(code, labels[code], map(percent, shares[code])) for code in CODES),
    ]
    city_figures = [(labels[code], figures.count(edition.city[code])) for code in CODES]
    return row_chart(
        "alerts",
        title=titled(edition, ALERTS, labels["yellow"], labels["red"]),
        finding=found_in(red_share(edition)),
        columns=columns,
        notes=[city_note(city_figures), *notes_of(edition, counties)],
    )


def coded(code: str, head: Words, cells: Iterable[str]) -> Figures:
    """A column of figures of a health code, whose colour is shown."""
    return Figures(head, list(cells), key=code)


def trend(edition: Edition) -> Chart:
    """The city's index and sampling rate by month; lines join neighbouring months only."""
    released = {
        Period.parse(period): row for period, row in edition.trend(edition.city["area_code"])
    }
    months = months_between(min(released), max(released))
    labels = {figure: edition.methodology.label("figure", figure) for figure in TREND_FIGURES}
    panels, description = [], []
    for figure, wording in TREND_FIGURES.items():
        values = {month: row[figure] for month, row in released.items()}
        panels.append(line(labels[figure], list(map(values.get, months)), wording))
        said = "; ".join(f"{month} {wording(value)}" for month, value in values.items())
        description.append(f"{' '.join(labels[figure])}: {said}")
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


def share_of(part: int | None, whole: int | None) -> Decimal | None:
    """Parts per hundred, where there is a whole."""
    return Decimal(100 * part) / whole if part is not None and whole else None


def percent(value: Decimal | None) -> str:
    """A share with 1 place."""
    return figures.NONE if value is None else f"{figures.index(value)}%"


def interval_of(low: int | None, high: int | None) -> str:
    """An interval of ranks."""
    if low is None or high is None:
        return figures.NONE
    return f"{low}–{high}" if low < high else str(low)


def names_of(edition: Edition, areas: Rows) -> Names:
    """The column of the areas' names."""
    return Names(
        edition.methodology.label("area_level", "county"),
        [(area["name_zh"], area["name_en"]) for area in areas],
    )


def found_in(parts: Iterable[Text]) -> Words | None:
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


def dashes() -> Words:
    """What a dash in the place of a figure means."""
    return with_values(DASHES)


def with_values(words: Words) -> Words:
    """Words with the values of the parameters that they name."""
    return with_parameters(words[0]), with_parameters(words[1])


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
        *([dashes()] if lacking else []),
        basis,
        *([(verdict.notice, "")] if verdict.notice else []),
    ]
