"""The notices and the headline: the city's index, its change, the span of the counties."""

from collections.abc import Iterator

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import extremes
from orchestration.documents.briefing.content import (
    Block,
    Figure,
    Figures,
    Heading,
    Notice,
    Paragraph,
    Picture,
)
from orchestration.documents.briefing.finding import word_of_change
from orchestration.documents.briefing.wording import (
    Text,
    Value,
    label,
    listed,
    month,
    named,
    say,
)
from orchestration.documents.edition import Edition, Row, Rows
from orchestration.documents.palette import CODES
from orchestration.documents.texts import one_line


def notices(edition: Edition) -> Iterator[Block]:
    """What must not be overlooked: data that are none, a month that still runs."""
    verdict = edition.verdict
    if verdict.notice:
        yield Notice(Text(one_line(verdict.notice)))
    if verdict.provisional:
        yield Notice(say("provisional"))


def headline(edition: Edition) -> Iterator[Block]:
    """The city's index, its change, the span of the counties, and the trend where there is one."""
    yield Heading(say("headline"))
    yield Paragraph(city_index(edition))
    yield from county_gap(edition)
    yield headline_figures(edition, edition.city)
    yield from trend(edition)


def city_index(edition: Edition) -> Text:
    """The city's index in a sentence, with its change where that is known."""
    city = edition.city
    stated: dict[str, Value] = {
        "month": month(edition.period),
        "city": named(city),
    }
    if city["health_index"] is None:
        return say("index_none", **stated)
    stated["index"] = figures.index(city["health_index"])
    if city["index_change"] is None:
        return say("index_alone", **stated)
    stated["word"] = word_of_change(city)
    stated["change"] = figures.change(city["index_change"])
    return say("index_known", **stated)


def county_gap(edition: Edition) -> Iterator[Block]:
    """The counties with the highest and the lowest index, where these differ."""
    ends = extremes(edition.ranking, "health_index", figures.INDEX_PLACES)
    if not ends.differ:
        return
    highest = ends.highest[0]["health_index"]
    lowest = ends.lowest[0]["health_index"]
    sentence = say(
        "county_gap",
        highest=with_indices(ends.highest),
        lowest=with_indices(ends.lowest),
        gap=figures.index(highest - lowest),
    )
    yield Paragraph(sentence)


def with_indices(rows: Rows) -> Text:
    """The names of areas, each with its index."""
    return listed(named(row, figures.index(row["health_index"])) for row in rows)


def headline_figures(edition: Edition, area: Row) -> Figures:
    """The index, the sampling and the health codes of an area, to be shown large."""
    shown = [
        index_figure(edition, area),
        sampling_figure(edition, area),
        codes_figure(area),
    ]
    return Figures(shown)


def index_figure(edition: Edition, area: Row) -> Figure:
    """The index of an area, with its change below it."""
    change = area["index_change"]
    if change is None:
        note = say("change_unknown")
    else:
        word = word_of_change(area)
        note = say("change_note", word=word, change=figures.change(change))
    return Figure(
        label=label(edition, "figure", "health_index"),
        value=figures.index(area["health_index"]),
        note=note,
    )


def sampling_figure(edition: Edition, area: Row) -> Figure:
    """The sampling rate of an area, with the counts that it is made of."""
    note = say(
        "sampling_note",
        linked=figures.count(area["linked"]),
        frame=figures.count(area["frame"]),
    )
    return Figure(
        label=label(edition, "figure", "sampling_rate"),
        value=figures.percent(area["sampling_rate"]),
        note=note,
    )


def codes_figure(area: Row) -> Figure:
    """The unions of an area by health code."""
    counts = [figures.count(area[code]) for code in CODES]
    return Figure(
        label=say("codes"),
        value=" / ".join(counts),
        note=say("codes_note"),
    )


def trend(edition: Edition) -> Iterator[Block]:
    """The chart of the trend, where more than one month has an index."""
    months = edition.trend(edition.city["area_code"])
    known = [row for row in months if row["health_index"] is not None]
    if len(known) > 1:
        points = listed(map(index_of_month, known))
        yield Picture("trend", say("trend_alt", points=points))


def index_of_month(row: Row) -> Text:
    """A month with the index that an area had."""
    return say(
        "named",
        name=month(row["period"]),
        figure=figures.index(row["health_index"]),
    )
