"""The sheet of a county, as plain data: where it stands, where it is weak, its townships.

Internally its red notices too: those that the page does not hold follow in an annex.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from orchestration.documents.briefing import changes
from orchestration.documents.briefing.comparison import group_of, indistinct
from orchestration.documents.briefing.content import CountySheet
from orchestration.documents.briefing.county_tables import (
    annex,
    dimensions,
    red_notice_table,
    sheet_figures,
    townships,
    weakest_indicators,
)
from orchestration.documents.briefing.red_notices import red_notices
from orchestration.documents.briefing.wording import (
    Text,
    listed,
    mark_of,
    month,
    named,
    say,
    title_of,
)
from orchestration.documents.edition import Edition, Row, Rows, lack_ranks
from orchestration.documents.texts import one_line

# By dimension.
Ranks = dict[str, int | None]


@dataclass(frozen=True)
class CountyRows:
    """What an edition has of a county.

    ranking: its row of county_ranking; area: its row of area_index; indicators: its rows of
    area_indicator; ranks: its ranks by dimension; notices: its red alerts.
    """

    ranking: Row
    area: Row
    indicators: Sequence[Row]
    ranks: Ranks
    notices: Rows

    @property
    def code(self) -> str:
        """Its area code."""
        return str(self.area["area_code"])

    @property
    def is_suppressed(self) -> bool:
        """Whether its figures may not be shown."""
        return self.area["linked"] is None


def county_sheets(edition: Edition) -> dict[str, CountySheet]:
    """The sheets of all counties by code."""
    return {county.code: county_sheet(edition, county) for county in counties_of(edition)}


def counties_of(edition: Edition) -> Iterator[CountyRows]:
    """The rows of each county, in the order of the ranking."""
    notices = red_notices(edition)
    indicators = defaultdict(list)
    for row in edition.table("area_indicator"):
        indicators[row["area_code"]].append(row)
    ranks: dict[str, Ranks] = defaultdict(dict)
    for row in edition.table("area_dimension"):
        ranks[row["area_code"]][row["dimension"]] = row["rank"]
    for row in edition.ranking:
        code = row["area_code"]
        yield CountyRows(
            ranking=row,
            area=edition.area(code),
            indicators=indicators[code],
            ranks=ranks[code],
            notices=notices[code],
        )


def county_sheet(edition: Edition, county: CountyRows) -> CountySheet:
    """The sheet of a county."""
    figures = indicators = rates = None
    if not county.is_suppressed:
        figures = sheet_figures(edition, county.ranking)
        rates = dimensions(edition, county.code, county.ranks)
        indicators = weakest_indicators(edition, county.area, county.indicators)
    notices = further_notices = None
    if edition.is_internal:
        notices = red_notice_table(edition, county.notices)
        further_notices = annex(edition, len(county.notices))
    return CountySheet(
        title=title_of(edition, county.area),
        subtitle=say("sheet_subtitle", month=month(edition.period)),
        mark=mark_of(edition),
        as_of=edition.verdict.as_of,
        notices=list(notices_of_sheet(edition)),
        figures=figures,
        statements=list(statements(edition, county)),
        dimensions=rates,
        dimensions_note=dimensions_note(edition, county),
        indicators=indicators,
        indicators_note=None if county.is_suppressed else say("to_gain_rule"),
        townships=townships(edition, county.code),
        red_notices=notices,
        annex=further_notices,
        foot=foot(edition),
    )


def dimensions_note(edition: Edition, county: CountyRows) -> Text | None:
    """Why a county that has its rank lacks that in some dimensions; None where it does not."""
    if county.is_suppressed or edition.hides_ranks:
        return None
    rates = [
        {"rate": edition.rates[county.code, dimension], "rank": rank}
        for dimension, rank in county.ranks.items()
    ]
    return say("dimensions_unranked") if lack_ranks(rates, "rate") else None


def foot(edition: Edition) -> Text:
    """What stands at the foot of the page: day and methodology."""
    return say(
        "sheet_foot",
        as_of=edition.verdict.as_of,
        methodology=edition.methodology.name,
    )


def notices_of_sheet(edition: Edition) -> Iterator[Text]:
    """What must not be overlooked."""
    yield from changes.notes(edition)
    if edition.verdict.notice:
        yield Text(one_line(edition.verdict.notice))
    if edition.verdict.provisional:
        yield say("provisional")


def statements(edition: Edition, county: CountyRows) -> Iterator[Text]:
    """What became of the county, why it has no figures, or which counties are like it."""
    yield from changes.county_statement(edition, county.code)
    if county.is_suppressed:
        yield say("sheet_suppressed")
        yield say("sheet_suppressed_why")
    elif county.area["linked"] == 0:
        yield say("no_linked")
    else:
        yield from like_counties(edition, county)


def like_counties(edition: Edition, county: CountyRows) -> Iterator[Text]:
    """The counties that this one cannot be told apart from, if any."""
    letters = indistinct(edition.ranking)
    letter = letters.get(county.code)
    group = group_of(letter, edition.ranking, letters)
    others = [named(row) for row in group if row != county.ranking]
    if group:
        yield say("indistinct", counties=listed(others))
