"""The sheet of a county, as plain data: where it stands, where it is weak, its townships.

Internally its red notices too: those that the page does not hold follow in an annex.
"""

from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from orchestration.documents import figures
from orchestration.documents.briefing import changes
from orchestration.documents.briefing.content import (
    Annex,
    CountySheet,
    Figure,
    Figures,
    Table,
)
from orchestration.documents.briefing.red_notices import red_notices
from orchestration.documents.briefing.sections import CODES, headline_figures, ranked
from orchestration.documents.briefing.wording import (
    Text,
    Value,
    indistinct,
    interval,
    judged,
    label,
    listed,
    mark_of,
    month,
    named,
    one_line,
    say,
    title_of,
    wording,
)
from orchestration.documents.edition import Edition, Rows, rows_of


def county_sheets(edition: Edition) -> dict[str, CountySheet]:
    """The sheets of all counties by code."""
    notices = red_notices(edition)
    indicators: dict[str, Rows] = defaultdict(list)
    for row in rows_of(edition.folder / "area_indicator.parquet"):
        indicators[row["area_code"]].append(row)
    ranks: dict[str, dict[str, int | None]] = defaultdict(dict)
    for row in rows_of(edition.folder / "area_dimension.parquet"):
        ranks[row["area_code"]][row["dimension"]] = row["rank"]
    rows = {row["area_code"]: row for row in edition.ranking}
    return {
        code: county_sheet(edition, row, notices[code], indicators[code], ranks[code])
        for code, row in rows.items()
    }


def county_sheet(
    edition: Edition,
    row: dict[str, Any],
    notices: Rows,
    indicators: Rows,
    ranks: dict[str, int | None],
) -> CountySheet:
    """The sheet of a county from its row of the ranking.

    notices: its red alerts; indicators: its rows of area_indicator; ranks: its ranks by dimension.
    """
    code = row["area_code"]
    county = edition.area(code)
    is_suppressed = county["linked"] is None
    basis = {"as_of": edition.verdict.as_of, "methodology": edition.methodology.name}
    return CountySheet(
        title=title_of(edition, county),
        subtitle=say("sheet_subtitle", month=month(edition.period)),
        mark=mark_of(edition),
        as_of=edition.verdict.as_of,
        notices=[*changes.notes(edition), *notices_of_sheet(edition)],
        figures=None if is_suppressed else sheet_figures(edition, row, county),
        statements=[*changes.county_statement(edition, code), *statements(edition, row, county)],
        dimensions=None if is_suppressed else dimensions(edition, code, ranks),
        indicators=None if is_suppressed else weakest_indicators(edition, county, indicators),
        indicators_note=None if is_suppressed else say("to_gain_rule"),
        townships=townships(edition, code),
        red_notices=red_notice_table(edition, notices) if edition.is_internal else None,
        annex=annex(edition, notices) if edition.is_internal else None,
        foot=say("sheet_foot", **basis),
    )


def notices_of_sheet(edition: Edition) -> Iterator[Text]:
    """What must not be overlooked."""
    if edition.verdict.notice:
        yield Text(one_line(edition.verdict.notice))
    if edition.verdict.provisional:
        yield say("provisional")


def sheet_figures(edition: Edition, row: dict[str, Any], county: dict[str, Any]) -> Figures:
    """Rank, index, sampling and health codes."""
    note = (
        say("of_counties", count=figures.count(len(ranked(edition))), interval=interval(row))
        if row["rank"]
        else Text("")
    )
    rank = Figure(label(edition, "figure", "rank"), figures.count(row["rank"]), note)
    return Figures([rank, *headline_figures(edition, county).figures])


def statements(edition: Edition, row: dict[str, Any], county: dict[str, Any]) -> Iterator[Text]:
    """Why there are no figures, or from which counties this one cannot be told apart."""
    groups = indistinct(edition.ranking)
    if county["linked"] is None:
        yield say("sheet_suppressed")
        yield say("sheet_suppressed_why")
    elif county["linked"] == 0:
        yield say("no_linked")
    elif group := groups.get(row["area_code"]):
        others = [
            named(other)
            for other in edition.ranking
            if groups.get(other["area_code"]) == group and other != row
        ]
        yield say("indistinct", counties=listed(others))


def dimensions(edition: Edition, code: str, ranks: dict[str, int | None]) -> Table:
    """The contribution rates against the city's, as words; ranks: the county's, by dimension."""
    city = edition.city["area_code"]
    rows: list[list[Value]] = []
    for dimension in edition.dimensions:
        own, mean = (edition.rates[area, dimension["dimension"]] for area in (code, city))
        gap = None
        if own is not None and mean is not None:
            own_shown = figures.published(own, figures.RATE_PLACES)
            mean_shown = figures.published(mean, figures.RATE_PLACES)
            gap = own_shown - mean_shown
        word = figures.NONE if gap is None else judged("against_city", gap)
        rows.append(
            [
                named(dimension),
                figures.count(ranks[dimension["dimension"]]),
                figures.rate(own),
                figures.rate(mean),
                word,
            ]
        )
    head = [
        say("dimension"),
        label(edition, "figure", "rank"),
        say("county_rate"),
        say("city_rate"),
        say("comparison"),
    ]
    return Table(say("against_city"), head, rows, widths=(34, 10, 13, 13, 30), text=(0, 4))


def beside_city(own: Decimal, mean: Decimal) -> Text:
    """The word for a county's rate beside the city's, both as they are published."""
    shown, shown_mean = (figures.published(rate, figures.RATE_PLACES) for rate in (own, mean))
    return judged("against_city", shown - shown_mean)


def weakest_indicators(edition: Edition, county: dict[str, Any], indicators: Rows) -> Table:
    """The indicators with the lowest mean scores, and the least points to gain in each."""
    methods = {row["indicator"]: row for row in edition.indicators}
    scored = [row for row in indicators if row["mean_score"] is not None]
    scored.sort(key=lambda row: (row["mean_score"], int(methods[row["indicator"]]["position"])))
    rows: list[list[Value]] = [
        [
            named(methods[row["indicator"]]),
            figures.rate(row["mean_score"]),
            figures.rate(
                points_to_gain(row, Decimal(methods[row["indicator"]]["weight"]), county["linked"])
            ),
        ]
        for row in scored[: wording()["shown"]["weakest_indicators"]["count"]]
    ]
    head = [say("indicator"), say("mean_score"), say("to_gain")]
    return Table(say("weakest"), head, rows, widths=(60, 20, 20), text=(0,))


def points_to_gain(row: dict[str, Any], weight: Decimal, linked: int) -> Decimal:
    """Points by which an area's index would rise at least if its unions scored 100 in an indicator.

    All its unions that the indicator concerns are meant. A union's own gain is more where other
    indicators do not concern it, because their weight is spread over the rest.
    """
    concerned = row["observed"] + row["missing"]
    gain: Decimal = weight * (100 - row["mean_score"]) * concerned / (100 * linked)
    return gain


def townships(edition: Edition, code: str) -> Table | None:
    """The townships by rank, those without one last; None where a county has none."""
    areas = sorted(
        edition.townships(code),
        key=lambda area: (area["rank"] is None, area["rank"] or 0, area["area_code"]),
    )
    if not areas:
        return None
    rows: list[list[Value]] = [
        [
            figures.count(area["rank"]),
            named(area),
            figures.index(area["health_index"]),
            figures.count(area["linked"]),
            figures.NONE
            if area["linked"] is None
            else "/".join(figures.count(area[each]) for each in CODES),
        ]
        for area in areas
    ]
    names = [label(edition, "figure", name) for name in ("health_index", "linked")]
    head = [
        label(edition, "figure", "rank"),
        label(edition, "area_level", "township"),
        *names,
        say("township_codes"),
    ]
    return Table(
        say("townships"),
        head,
        rows,
        widths=(10, 34, 16, 19, 21),
        text=(1,),
        more=more_townships(edition, len(rows)),
    )


def red_notice_table(edition: Edition, notices: Rows) -> Table:
    """The red alerts of a county, the worst first: as many as a sheet with its annex may hold."""
    rules = {row["rule"]: row for row in edition.methodology.tables["alert_rules"]}
    names = {row["dimension"]: row for row in edition.dimensions}
    rows: list[list[Value]] = []
    for notice in notices[: most_notices()]:
        rule = named(rules[notice["rule"]])
        if notice["dimension"]:
            rule = say("rule_of_dimension", rule=rule, dimension=named(names[notice["dimension"]]))
        name = one_line(notice["name_zh"])
        rows.append(
            [
                Text(name),
                notice["union_id"],
                rule,
                notice["opened_period"],
                figures.count(notice["months_open"]),
            ]
        )
    counts = {"notices": len(notices), "unions": len({notice["union_id"] for notice in notices})}
    caption = (
        say("red_notices", **{name: figures.count(number) for name, number in counts.items()})
        if notices
        else say("no_red_notices")
    )
    head = [say("enterprise"), say("union"), say("rule"), say("since"), say("months")]
    return Table(caption, head, rows, widths=(26, 10, 48, 9, 7), text=(0, 1, 2))


def most_notices() -> int:
    """How many red notices a sheet with its annex may hold."""
    most: int = wording()["shown"]["red_notices"]["count"]
    return most


def annex(edition: Edition, notices: Rows) -> Annex:
    """What the sheet says of the red alerts that its page does not hold."""
    most, total = most_notices(), len(notices)
    counts = {"most": figures.count(most), "count": figures.count(total - most)}
    left_out = say("annex_left_out", workbook=workbook_of(edition), **counts)
    return Annex(say("annex"), say("annex_follows"), left_out if total > most else None)


def more_townships(edition: Edition, total: int) -> list[Text]:
    """What stands below townships cut after none, one, … or all of them.

    It says how many are left out, and where they are.
    """
    workbook = workbook_of(edition)
    left_out = [figures.count(total - number) for number in range(total)]
    said = [say("more_townships", count=count, workbook=workbook) for count in left_out]
    return [*said, Text("")]


def workbook_of(edition: Edition) -> str:
    """The name of the edition's workbook."""
    return f"union_health_index_{edition.period}.xlsx"
