"""Notes on what is to be read with care.

Each note stands where the verdict, the overrides or the tables give reason for it.
"""

from collections.abc import Iterator
from decimal import Decimal

from orchestration.contract.parameters import parameters
from orchestration.documents import figures
from orchestration.documents.briefing.content import Block, Heading, Items
from orchestration.documents.briefing.wording import (
    Text,
    check_in_words,
    limit,
    listed,
    named,
    one_line,
    percent,
    say,
    share,
    wording,
)
from orchestration.documents.edition import Edition, rows_of

LEVELS = {"counties": "county", "townships": "township"}


def reading_notes(edition: Edition) -> Iterator[Block]:
    """The section, the exceptions first."""
    yield Heading(say("care"))
    yield Items([*exceptions(edition), *standing_notes(edition)])


def exceptions(edition: Edition) -> Iterator[Text]:
    """Notes on this month: data that are absent, what is not comparable, checks that failed."""
    verdict = edition.verdict
    if verdict.notice:
        yield Text(one_line(verdict.notice))
    if verdict.provisional:
        yield say("care_provisional", as_of=verdict.as_of)
    if not verdict.predecessor:
        yield say("care_no_predecessor")
    elif edition.city["health_index"] is not None and edition.city["index_change"] is None:
        yield say("care_other_methodology")
    for entry in edition.overrides:
        yield say(
            "care_overridden",
            words=check_in_words(entry.check),
            reason=one_line(entry.reason),
        )
    for check in verdict.checks:
        if not check.passed and check.severity == "warn":
            yield say("care_warned", words=check_in_words(check.name))


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
    if empty := [
        named(area) for area in edition.areas if area["level"] == "county" and area["linked"] == 0
    ]:
        yield say("care_empty", counties=listed(empty))
    if edition.unmeasured:
        yield say("care_unmeasured", count=figures.count(edition.unmeasured))
    if edition.city["linked"]:
        yield missing_shares(edition)
    yield say("care_interval")
    yield say("care_points")


def small_areas(edition: Edition) -> Text:
    """How many areas are suppressed, or in the internal edition small."""
    smallest = parameters().smallest_area
    concerned = [
        area
        for area in edition.areas
        if (area["linked"] < smallest if edition.is_internal else area["suppressed"])
    ]
    counts = {
        name: figures.count(sum(area["level"] == level for area in concerned))
        for name, level in LEVELS.items()
    }
    return say(
        "care_small" if edition.is_internal else "care_suppressed",
        **counts,
    )


def missing_shares(edition: Edition) -> Text:
    """The indicators that the city's unions often fail to report, the worst first."""
    least = Decimal(str(wording()["shown"]["missing_share"]["from"]))
    names = {row["indicator"]: row for row in edition.indicators}
    shares = {
        row["indicator"]: share(row["missing"], row["missing"] + row["observed"])
        for row in rows_of(edition.folder / "area_indicator.parquet")
        if row["area_code"] == edition.city["area_code"]
    }
    high = {
        name: part
        for name, part in shares.items()
        if part is not None and figures.published(part, figures.RATE_PLACES) >= least
    }
    if not high:
        return say("care_little_missing", share=limit(least))
    worst_first = sorted(high, key=lambda name: (-high[name], int(names[name]["position"])))
    return say(
        "care_missing",
        share=limit(least),
        indicators=listed(named(names[name], percent(high[name])) for name in worst_first),
    )
