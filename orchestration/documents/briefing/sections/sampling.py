"""The sampling: how many enterprises are linked, and where they are too few."""

from collections.abc import Iterator
from decimal import Decimal

from orchestration.documents import figures
from orchestration.documents.briefing.content import (
    Block,
    Heading,
    Paragraph,
    Table,
)
from orchestration.documents.briefing.wording import (
    Cells,
    Text,
    label,
    limit,
    listed,
    named,
    percent,
    say,
)
from orchestration.documents.edition import Edition, Row, Rows
from quality.queries import limits


def sampling(edition: Edition) -> Iterator[Block]:
    """How many enterprises are linked, and where they are too few."""
    yield Heading(say("sampling"))
    yield from city_sampling(edition)
    yield from county_sampling(edition)
    yield sampling_table(edition)


def city_sampling(edition: Edition) -> Iterator[Block]:
    """The city's sampling rate, and that it is low if it is."""
    city = edition.city
    if city["sampling_rate"] is None:
        yield Paragraph(say("sampling_none"))
        return
    known = say(
        "sampling_known",
        rate=figures.rate(city["sampling_rate"]),
        frame=figures.count(city["frame"]),
        linked=figures.count(city["linked"]),
    )
    yield Paragraph(known)
    if failed(edition, check_of("city")):
        minimum = limit(least_rate("city"))
        yield Paragraph(say("city_sampling_low", minimum=minimum))


def county_sampling(edition: Edition) -> Iterator[Block]:
    """The counties with a low sampling rate, where the check warned of them."""
    least = least_rate("county")
    low = [row for row in edition.ranking if is_below(row["sampling_rate"], least)]
    if low and failed(edition, check_of("county")):
        sentence = say(
            "county_sampling_low",
            minimum=limit(least),
            counties=with_sampling_rates(low),
        )
        yield Paragraph(sentence)


def check_of(level: str) -> str:
    """The check that warns of a low sampling rate of a level of areas."""
    return f"plausibility.{level}_sampling"


def failed(edition: Edition, name: str) -> bool:
    """Whether a check did not pass."""
    failed_checks = [check.name for check in edition.verdict.checks if not check.passed]
    return name in failed_checks


def least_rate(level: str) -> Decimal:
    """The sampling rate below which the check of a level warns."""
    threshold = limits()[check_of(level)]["threshold"]
    return Decimal(threshold)


def is_below(rate: Decimal | None, least: Decimal) -> bool:
    """Whether a rate is known and low."""
    return rate is not None and rate < least


def with_sampling_rates(rows: Rows) -> Text:
    """The names of areas, each with its sampling rate."""
    return listed(named(row, percent(row["sampling_rate"])) for row in rows)


def sampling_table(edition: Edition) -> Table:
    """The enterprises with a union and those linked, in the city and by county."""
    head = [
        say("area"),
        label(edition, "figure", "frame"),
        label(edition, "figure", "linked"),
        say("in_percent", name=label(edition, "figure", "sampling_rate")),
    ]
    return Table(
        say("sampling_table"),
        head,
        rows=[sampling_row(area) for area in edition.city_and_counties],
        widths=(31, 27, 21, 21),
        text=(0,),
    )


def sampling_row(area: Row) -> Cells:
    """The cells of an area."""
    return [
        named(area),
        figures.count(area["frame"]),
        figures.count(area["linked"]),
        figures.rate(area["sampling_rate"]),
    ]
