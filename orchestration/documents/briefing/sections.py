"""The sections of the briefing up to the alerts, as plain data.

They hold figures of the tables, and what is counted or divided from them.
"""

from collections.abc import Iterator
from decimal import Decimal
from itertools import chain
from typing import Any

from orchestration.documents import figures
from orchestration.documents.briefing.content import (
    Block,
    Figure,
    Figures,
    Heading,
    Notice,
    Paragraph,
    Picture,
    Table,
)
from orchestration.documents.briefing.red_notices import alerts_by_rule
from orchestration.documents.briefing.wording import (
    Text,
    Value,
    extremes,
    indistinct,
    interval,
    judged,
    label,
    limit,
    listed,
    month,
    named,
    one_line,
    percent,
    say,
    share,
)
from orchestration.documents.edition import Edition, Rows
from quality.queries import limits

CODES = ("green", "yellow", "red")


def notices(edition: Edition) -> Iterator[Block]:
    """What must not be overlooked: data that are none, a month that still runs."""
    if edition.verdict.notice:
        yield Notice(Text(one_line(edition.verdict.notice)))
    if edition.verdict.provisional:
        yield Notice(say("provisional"))


def headline(edition: Edition) -> Iterator[Block]:
    """The city's index, its change, the span of the counties, and the trend where there is one."""
    city, index = edition.city, edition.city["health_index"]
    yield Heading(say("headline"))
    stated: dict[str, Value] = {
        "month": month(edition.period),
        "city": named(city),
        "index": figures.index(index),
    }
    if index is None:
        yield Paragraph(say("index_none", month=stated["month"], city=stated["city"]))
    elif city["index_change"] is None:
        yield Paragraph(say("index_alone", **stated))
    else:
        yield Paragraph(
            say(
                "index_known",
                word=word_of_change(city),
                change=figures.change(city["index_change"]),
                **stated,
            )
        )
    highest, lowest = extremes(edition.ranking, "health_index", figures.INDEX_PLACES)
    if highest and highest != lowest:
        gap = figures.published(
            highest[0]["health_index"] - lowest[0]["health_index"], figures.INDEX_PLACES
        )
        ends = [
            listed(named(row, figures.index(row["health_index"])) for row in rows)
            for rows in (highest, lowest)
        ]
        yield Paragraph(say("county_gap", highest=ends[0], lowest=ends[1], gap=figures.index(gap)))
    yield headline_figures(edition, city)
    trend = [
        (period, row["health_index"])
        for period, row in edition.trend(city["area_code"])
        if row["health_index"] is not None
    ]
    if len(trend) > 1:
        points = listed(
            say("named", name=month(period), figure=figures.index(figure))
            for period, figure in trend
        )
        yield Picture("trend", say("trend_alt", points=points))


def headline_figures(edition: Edition, area: dict[str, Any]) -> Figures:
    """The index, the sampling and the health codes of an area, to be shown large."""
    known = area["index_change"] is not None
    change = (
        say("change_note", word=word_of_change(area), change=figures.change(area["index_change"]))
        if known
        else say("change_unknown")
    )
    linked = say(
        "sampling_note", linked=figures.count(area["linked"]), frame=figures.count(area["frame"])
    )
    codes = " / ".join(figures.count(area[code]) for code in CODES)
    index_label = label(edition, "figure", "health_index")
    rate_label = label(edition, "figure", "sampling_rate")
    rate = f"{figures.rate(area['sampling_rate'])}%"
    return Figures([
        Figure(index_label, figures.index(area["health_index"]), change),
        Figure(rate_label, rate, linked),
        Figure(say("codes"), codes, say("codes_note")),
    ])  # fmt: skip


def word_of_change(area: dict[str, Any]) -> Text:
    """The word for the change of an area's index, which is known."""
    return judged("index_change", figures.published(area["index_change"], figures.INDEX_PLACES))


def ranking(edition: Edition) -> Iterator[Block]:
    """Which counties cannot be told apart, which moved, and the ranking."""
    groups = indistinct(edition.ranking)
    yield Heading(say("ranking"))
    if groups:
        counties = {
            letter: [row for row in edition.ranking if groups.get(row["area_code"]) == letter]
            for letter in groups.values()
        }
        named_groups = [
            say("group", letter=letter, counties=listed(map(named, rows)))
            for letter, rows in counties.items()
        ]
        yield Paragraph(say("groups", groups=listed(named_groups)))
        yield Paragraph(say("group_rule"))
    elif len(ranked(edition)) > 1:
        yield Paragraph(say("no_groups"))
    yield from moves(edition)
    yield ranking_table(edition, groups)
    yield Picture("ranking", say("ranking_alt"))


def ranking_table(edition: Edition, groups: dict[str, str]) -> Table:
    """The ranking, with the groups of counties that cannot be told apart where there are any."""
    head = [
        say("rank"),
        say("before"),
        say("interval"),
        label(edition, "area_level", "county"),
        label(edition, "figure", "health_index"),
        say("change"),
        say("in_percent", name=label(edition, "figure", "sampling_rate")),
    ]
    rows: list[list[Value]] = [
        [
            figures.count(row["rank"]),
            figures.count(row["previous_rank"]),
            interval(row),
            named(row),
            figures.index(row["health_index"]),
            figures.change(edition.area(row["area_code"])["index_change"]),
            figures.rate(row["sampling_rate"]),
        ]
        for row in edition.ranking
    ]
    widths = [9, 9, 11, 28, 12, 11, 15]
    if groups:
        head.append(say("group_head"))
        widths.append(9)
        for row, cells in zip(edition.ranking, rows, strict=True):
            cells.append(groups.get(row["area_code"], ""))
    return Table(say("ranking_table"), head, rows, widths, text=(3,))


def ranked(edition: Edition) -> list[dict[str, Any]]:
    """The counties that have a rank."""
    return [row for row in edition.ranking if row["rank"] is not None]


def moves(edition: Edition) -> Iterator[Block]:
    """The counties whose rank changed against the month before."""
    known = [row for row in ranked(edition) if row["previous_rank"] is not None]
    if ranked(edition) and not known:
        yield Paragraph(say("rank_unknown"))
        return
    up = [moved(row) for row in known if row["rank"] < row["previous_rank"]]
    down = [moved(row) for row in known if row["rank"] > row["previous_rank"]]
    unknown = [named(row) for row in ranked(edition) if row["previous_rank"] is None]
    for name, counties in (("rank_up", up), ("rank_down", down), ("rank_partly", unknown)):
        if counties:
            yield Paragraph(say(name, counties=listed(counties)))
    if known and not (up or down or unknown):
        yield Paragraph(say("rank_same"))


def moved(row: dict[str, Any]) -> Text:
    """A county with its rank before and now."""
    return say(
        "moved",
        name=named(row),
        before=figures.count(row["previous_rank"]),
        now=figures.count(row["rank"]),
    )


def dimensions(edition: Edition) -> Iterator[Block]:
    """The city's strongest and weakest dimension, and who leads and trails in each."""
    city = edition.city["area_code"]
    rows: Rows = [
        {**row, "rate": edition.rates[city, row["dimension"]]} for row in edition.dimensions
    ]
    strongest, weakest = extremes(rows, "rate", figures.RATE_PLACES)
    yield Heading(say("dimensions"))
    if not strongest:
        yield Paragraph(say("dimensions_none"))
    elif strongest == weakest:
        yield Paragraph(say("dimensions_equal", rate=figures.rate(strongest[0]["rate"])))
    else:
        gap = figures.published(strongest[0]["rate"] - weakest[0]["rate"], figures.RATE_PLACES)
        ends = [
            listed(named(row, percent(row["rate"])) for row in end) for end in (strongest, weakest)
        ]
        word = judged("dimension_gap", gap)
        yield Paragraph(
            say(
                "dimensions_known",
                strongest=ends[0],
                weakest=ends[1],
                gap=figures.rate(gap),
                word=word,
            )
        )
    cells: list[list[Value]] = []
    for row in rows:
        counties = [
            county | {"rate": edition.rates[county["area_code"], row["dimension"]]}
            for county in edition.ranking
        ]
        highest, lowest = extremes(counties, "rate", figures.RATE_PLACES)
        leaders: list[Value] = (
            [figures.NONE, figures.NONE]
            if highest == lowest
            else [leading(highest), leading(lowest)]
        )
        cells.append([named(row), row["weight"], figures.rate(row["rate"]), *leaders])
    head = [say("dimension"), say("weight"), say("city_rate"), say("highest"), say("lowest")]
    yield Table(say("dimensions_table"), head, cells, widths=(34, 10, 10, 23, 23), text=(0, 3, 4))


def leading(rows: Rows) -> Text:
    """The counties at one end of a dimension, the rate once."""
    return Text(
        listed(named(row, figures.rate(row["rate"])) for row in rows).zh,
        listed(map(named, rows)).en,
    )


def sampling(edition: Edition) -> Iterator[Block]:
    """How many enterprises are linked, and where they are too few."""
    city = edition.city
    warned = {check.name for check in edition.verdict.checks if not check.passed}
    minimum = {
        level: Decimal(limits()[f"plausibility.{level}_sampling"]["threshold"])
        for level in ("city", "county")
    }
    low = [
        row
        for row in edition.ranking
        if row["sampling_rate"] is not None and row["sampling_rate"] < minimum["county"]
    ]
    yield Heading(say("sampling"))
    if city["sampling_rate"] is None:
        yield Paragraph(say("sampling_none"))
    else:
        stated = {column: figures.count(city[column]) for column in ("frame", "linked")}
        yield Paragraph(say("sampling_known", rate=figures.rate(city["sampling_rate"]), **stated))
        if "plausibility.city_sampling" in warned:
            yield Paragraph(say("city_sampling_low", minimum=limit(minimum["city"])))
    if low and "plausibility.county_sampling" in warned:
        counties = listed(named(row, percent(row["sampling_rate"])) for row in low)
        yield Paragraph(
            say("county_sampling_low", minimum=limit(minimum["county"]), counties=counties)
        )
    yield sampling_table(edition)


def sampling_table(edition: Edition) -> Table:
    """The enterprises with a union and those linked, in the city and by county."""
    areas = [edition.city, *(edition.area(row["area_code"]) for row in edition.ranking)]
    rows: list[list[Value]] = [
        [
            named(area),
            figures.count(area["frame"]),
            figures.count(area["linked"]),
            figures.rate(area["sampling_rate"]),
        ]
        for area in areas
    ]
    names = [label(edition, "figure", name) for name in ("frame", "linked")]
    head = [say("area"), *names, say("in_percent", name=label(edition, "figure", "sampling_rate"))]
    return Table(say("sampling_table"), head, rows, widths=(31, 27, 21, 21), text=(0,))


def alerts(edition: Edition) -> Iterator[Block]:
    """The unions by health code and their shares; in the internal edition the alerts by rule."""
    city = edition.city
    yield Heading(say("alerts"))
    if city["linked"]:
        counts = {code: figures.count(city[code]) for code in ("linked", *CODES)}
        shares = {
            f"{code}_share": figures.rate(share(city[code], city["linked"])) for code in CODES
        }
        yield Paragraph(say("alerts_known", **counts, **shares))
    else:
        yield Paragraph(say("alerts_none"))
    areas = [edition.area(row["area_code"]) for row in edition.ranking]
    highest, lowest = extremes(
        [area | {"share": share(area["red"], area["linked"])} for area in areas],
        "share",
        figures.RATE_PLACES,
    )
    if highest and highest != lowest:
        ends = [
            listed(named(row, percent(row["share"])) for row in end) for end in (highest, lowest)
        ]
        yield Paragraph(say("red_share", highest=ends[0], lowest=ends[1]))
    yield codes_table(edition)
    yield Picture("alerts", say("alerts_alt"))
    if edition.is_internal:
        yield rules_table(edition)


def codes_table(edition: Edition) -> Table:
    """The unions by health code with their shares, in the city and by county."""
    rows: list[list[Value]] = []
    for area in [edition.city, *(edition.area(row["area_code"]) for row in edition.ranking)]:
        figures_of_codes = [
            (figures.count(area[code]), figures.rate(share(area[code], area["linked"])))
            for code in CODES
        ]
        rows.append([named(area), *chain.from_iterable(figures_of_codes)])
    head = [
        say("area"),
        *(text for code in CODES for text in (label(edition, "health_code", code), say("share"))),
    ]
    return Table(say("alerts_table"), head, rows, widths=(28, 12, 12, 12, 12, 12, 12), text=(0,))


def rules_table(edition: Edition) -> Table:
    """The alerts by rule, and the unions concerned."""
    rows: list[list[Value]] = [
        [
            named(rule),
            label(edition, "alert_level", rule["level"]),
            *(figures.count(rule[name]) for name in ("alerts", "unions", "longest")),
        ]
        for rule in alerts_by_rule(edition)
    ]
    head = [say("rule"), say("level"), say("notices"), say("unions"), say("longest")]
    return Table(say("rules_table"), head, rows, widths=(40, 20, 13, 13, 14), text=(0, 1))
