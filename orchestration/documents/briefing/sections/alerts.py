"""The alerts: the unions by health code, and in the internal edition the alerts by rule."""

from collections.abc import Iterator
from decimal import Decimal

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import extremes, share
from orchestration.documents.briefing.content import (
    Block,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from orchestration.documents.briefing.red_notices import alerts_by_rule
from orchestration.documents.briefing.wording import (
    Cells,
    Text,
    label,
    listed,
    named,
    percent,
    say,
)
from orchestration.documents.edition import Edition, Row, Rows
from orchestration.documents.palette import CODES


def alerts(edition: Edition) -> Iterator[Block]:
    """The unions by health code and their shares; in the internal edition the alerts by rule."""
    yield Heading(say("alerts"))
    yield Paragraph(city_codes(edition.city))
    yield from county_red_shares(edition)
    yield codes_table(edition)
    yield Picture("alerts", say("alerts_alt"))
    if edition.is_internal:
        yield rules_table(edition)


def city_codes(city: Row) -> Text:
    """The city's unions by health code in a sentence."""
    if not city["linked"] or city["red"] is None:
        return say("alerts_none")
    stated = {"linked": figures.count(city["linked"])}
    for code in CODES:
        stated[code] = figures.count(city[code])
        stated[f"{code}_share"] = figures.rate(share_of_code(city, code))
    return say("alerts_known", **stated)


def share_of_code(area: Row, code: str) -> Decimal | None:
    """The share of an area's linked unions that have a health code."""
    return share(area[code], area["linked"])


def county_red_shares(edition: Edition) -> Iterator[Block]:
    """The counties with the highest and the lowest share of red codes, where these differ."""
    counties = edition.counties_by_rank
    shares = [{**area, "share": share_of_code(area, "red")} for area in counties]
    ends = extremes(shares, "share", figures.RATE_PLACES)
    if ends.differ:
        sentence = say(
            "red_share",
            highest=with_shares(ends.highest),
            lowest=with_shares(ends.lowest),
        )
        yield Paragraph(sentence)


def with_shares(rows: Rows) -> Text:
    """The names of areas, each with its `share`."""
    return listed(named(row, percent(row["share"])) for row in rows)


def codes_table(edition: Edition) -> Table:
    """The unions by health code with their shares, in the city and by county."""
    head = [say("area")]
    for code in CODES:
        head += [
            label(edition, "health_code", code),
            say("share"),
        ]
    return Table(
        say("alerts_table"),
        head,
        rows=[codes_row(area) for area in edition.city_and_counties],
        widths=(28, 12, 12, 12, 12, 12, 12),
        text=(0,),
    )


def codes_row(area: Row) -> Cells:
    """The cells of an area."""
    cells: Cells = [named(area)]
    for code in CODES:
        cells += [
            figures.count(area[code]),
            figures.rate(share_of_code(area, code)),
        ]
    return cells


def rules_table(edition: Edition) -> Table:
    """The alerts by rule, and the unions concerned."""
    head = [
        say("rule"),
        say("level"),
        say("notices"),
        say("unions"),
        say("longest"),
    ]
    return Table(
        say("rules_table"),
        head,
        rows=[rule_row(edition, rule) for rule in alerts_by_rule(edition)],
        widths=(40, 20, 13, 13, 14),
        text=(0, 1),
    )


def rule_row(edition: Edition, rule: Row) -> Cells:
    """The cells of a rule with its alerts."""
    return [
        named(rule),
        label(edition, "alert_level", rule["level"]),
        figures.count(rule["alerts"]),
        figures.count(rule["unions"]),
        figures.count(rule["longest"]),
    ]
