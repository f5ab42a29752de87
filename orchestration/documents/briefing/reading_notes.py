"""Notes on what is to be read with care.

Each note stands where the verdict, the overrides or the tables give reason for it.
"""

from collections.abc import Iterator
from decimal import Decimal
from operator import itemgetter

from orchestration.contract.parameters import parameters
from orchestration.documents import figures
from orchestration.documents.briefing.comparison import share
from orchestration.documents.briefing.content import Block, Heading, Items
from orchestration.documents.briefing.wording import (
    Text,
    check_in_words,
    limit,
    listed,
    named,
    percent,
    say,
    wording,
)
from orchestration.documents.edition import Edition, Row, Rows
from orchestration.documents.texts import one_line


def reading_notes(edition: Edition) -> Iterator[Block]:
    """The section, the exceptions first."""
    yield Heading(say("care"))
    notes = [
        *exceptions(edition),
        *standing_notes(edition),
    ]
    yield Items(notes)


def exceptions(edition: Edition) -> Iterator[Text]:
    """Notes on this month: data that are absent, what is not comparable, checks that failed."""
    verdict = edition.verdict
    if verdict.notice:
        yield Text(one_line(verdict.notice))
    if verdict.provisional:
        yield say("care_provisional", as_of=verdict.as_of)
    if not verdict.predecessor:
        yield say("care_no_predecessor")
    elif has_index_without_change(edition.city):
        yield say("care_other_methodology")
    for entry in edition.overrides:
        yield say(
            "care_overridden",
            words=check_in_words(entry.check),
            reason=one_line(entry.reason),
        )
    for check in edition.warnings:
        yield say("care_warned", words=check_in_words(check.name))


def has_index_without_change(area: Row) -> bool:
    """Whether the index of an area is known, but not its change."""
    return area["health_index"] is not None and area["index_change"] is None


def standing_notes(edition: Edition) -> Iterator[Text]:
    """Notes on any month: what is counted, missing or hidden, what the intervals and words mean."""
    version = edition.methodology.tables["methodologies"][0]
    yield say(
        "care_mean",
        as_of=edition.verdict.as_of,
        window=version["window_months"],
        methodology=edition.methodology.name,
    )
    yield small_areas(edition)
    empty = [named(county) for county in edition.counties if county["linked"] == 0]
    if empty:
        yield say("care_empty", counties=listed(empty))
    if edition.unmeasured:
        yield say("care_unmeasured", count=figures.count(edition.unmeasured))
    if edition.city["linked"]:
        yield missing_shares(edition)
    if edition.ranking and not edition.hides_ranks:
        yield say("care_interval")
    yield say("care_points")


def small_areas(edition: Edition) -> Text:
    """How many areas are suppressed, or in the internal edition small."""
    return say(
        "care_small" if edition.is_internal else "care_suppressed",
        counties=small_areas_of(edition, "county"),
        townships=small_areas_of(edition, "township"),
    )


def small_areas_of(edition: Edition, level: str) -> str:
    """How many areas of a level are suppressed, or in the internal edition small."""
    areas = edition.areas_of(level)
    if edition.is_internal:
        smallest = parameters().smallest_area
        concerned = [area for area in areas if area["linked"] < smallest]
    else:
        concerned = [area for area in areas if area["suppressed"]]
    return figures.count(len(concerned))


def missing_shares(edition: Edition) -> Text:
    """The indicators that the city's unions often fail to report, the worst first."""
    least = Decimal(str(wording()["shown"]["missing_share"]["from"]))
    shares = shares_missing(edition)
    often: Rows = []
    for row in edition.indicators:
        part = shares.get(row["indicator"])
        if is_at_least(part, least):
            often.append({**row, "share": part})
    if not often:
        return say("care_little_missing", share=limit(least))
    often.sort(key=itemgetter("share"), reverse=True)
    names = [named(row, percent(row["share"])) for row in often]
    return say(
        "care_missing",
        share=limit(least),
        indicators=listed(names),
    )


def shares_missing(edition: Edition) -> dict[str, Decimal | None]:
    """By indicator, the share of the city's unions concerned that lack it; of those published."""
    city = edition.city["area_code"]
    shares = {}
    for row in edition.table("area_indicator"):
        if row["area_code"] == city and row["observed"] is not None:
            concerned = row["missing"] + row["observed"]
            shares[row["indicator"]] = share(row["missing"], concerned)
    return shares


def is_at_least(part: Decimal | None, least: Decimal) -> bool:
    """Whether a share is known and, as it is published, not below a limit."""
    return part is not None and figures.published(part, figures.RATE_PLACES) >= least
