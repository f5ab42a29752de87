"""The dimensions: where the city is strong and weak, and who leads and trails in each."""

from collections.abc import Iterator

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import (
    Extremes,
    city_rates,
    extremes_of_rates,
)
from orchestration.documents.briefing.content import (
    Block,
    Heading,
    Paragraph,
    Table,
)
from orchestration.documents.briefing.wording import (
    Cells,
    Text,
    judged,
    listed,
    named,
    percent,
    say,
)
from orchestration.documents.edition import Edition, Row, Rows


def dimensions(edition: Edition) -> Iterator[Block]:
    """The city's strongest and weakest dimension, and who leads and trails in each."""
    rates = city_rates(edition)
    yield Heading(say("dimensions"))
    yield Paragraph(strongest_and_weakest(extremes_of_rates(rates)))
    yield dimensions_table(edition, rates)


def strongest_and_weakest(ends: Extremes) -> Text:
    """The city's strongest and weakest dimensions in a sentence; ends: by their rates."""
    if not ends.highest:
        return say("dimensions_none")
    highest = ends.highest[0]["rate"]
    lowest = ends.lowest[0]["rate"]
    if not ends.differ:
        return say("dimensions_equal", rate=figures.rate(highest))
    gap = figures.published(highest - lowest, figures.RATE_PLACES)
    return say(
        "dimensions_known",
        strongest=with_rates(ends.highest),
        weakest=with_rates(ends.lowest),
        gap=figures.rate(gap),
        word=judged("dimension_gap", gap),
    )


def with_rates(rows: Rows) -> Text:
    """The names of rows, each with its rate."""
    return listed(named(row, percent(row["rate"])) for row in rows)


def dimensions_table(edition: Edition, rates: Rows) -> Table:
    """The dimensions with the city's rates, and the counties at both ends of each."""
    is_whole = not edition.hides_dimension_ranks
    head = [
        say("dimension"),
        say("weight"),
        say("city_rate"),
        say("highest" if is_whole else "highest_shown"),
        say("lowest" if is_whole else "lowest_shown"),
    ]
    return Table(
        say("dimensions_table"),
        head,
        rows=[dimension_row(edition, dimension) for dimension in rates],
        widths=(34, 10, 10, 23, 23),
        text=(0, 3, 4),
    )


def dimension_row(edition: Edition, dimension: Row) -> Cells:
    """The cells of a dimension with the city's `rate`."""
    ends = extremes_of_rates(county_rates(edition, dimension["dimension"]))
    return [
        named(dimension),
        dimension["weight"],
        figures.rate(dimension["rate"]),
        leading(ends.highest) if ends.differ else figures.NONE,
        leading(ends.lowest) if ends.differ else figures.NONE,
    ]


def county_rates(edition: Edition, dimension: str) -> Rows:
    """The counties in the order of the ranking, each with its `rate` in a dimension."""
    rows = []
    for county in edition.ranking:
        rate = edition.rates[county["area_code"], dimension]
        rows.append({**county, "rate": rate})
    return rows


def leading(rows: Rows) -> Text:
    """The counties at one end of a dimension, the rate once."""
    with_rate = listed(named(row, figures.rate(row["rate"])) for row in rows)
    without = listed(map(named, rows))
    return Text(with_rate.zh, without.en)
