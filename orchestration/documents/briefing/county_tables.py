"""The figures and tables of a county's sheet, as plain data."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import interval, ranked, rates_in
from orchestration.documents.briefing.content import (
    Annex,
    Figure,
    Figures,
    Table,
)
from orchestration.documents.briefing.sections.headline import headline_figures
from orchestration.documents.briefing.wording import (
    Cells,
    Text,
    Value,
    judged,
    label,
    named,
    say,
    wording,
)
from orchestration.documents.edition import Edition, Row, Rows, by_index, lack_ranks
from orchestration.documents.palette import CODES
from orchestration.documents.texts import one_line

# Where the ranks stand among the columns of the dimensions, and of the townships.
RANK_BESIDE, RANK = 1, 0


def sheet_figures(edition: Edition, row: Row) -> Figures:
    """Rank, index, sampling and health codes; row: the county's of county_ranking."""
    note = Text("")
    if row["rank"]:
        note = say(
            "of_counties",
            count=figures.count(len(ranked(edition))),
            interval=interval(row),
        )
    elif edition.hides_ranks:
        note = say("unranked_note")
    rank = Figure(
        label=label(edition, "figure", "rank"),
        value=figures.count(row["rank"]),
        note=note,
    )
    county = edition.area(row["area_code"])
    further = headline_figures(edition, county)
    return Figures([rank, *further.figures])


def dimensions(
    edition: Edition,
    code: str,
    ranks: Mapping[str, int | None],
) -> Table:
    """The contribution rates against the city's, as words; ranks: the county's, by dimension."""
    head = [
        say("dimension"),
        label(edition, "figure", "rank"),
        say("county_rate"),
        say("city_rate"),
        say("comparison"),
    ]
    city = edition.city["area_code"]
    rows: list[Cells] = []
    for row in rates_in(edition, code):
        dimension = row["dimension"]
        mean = edition.rates[city, dimension]
        cells: Cells = [
            named(row),
            figures.count(ranks[dimension]),
            figures.rate(row["rate"]),
            figures.rate(mean),
            beside_city(row["rate"], mean),
        ]
        rows.append(cells)
    table = Table(
        say("against_city"),
        head,
        rows,
        widths=(34, 10, 13, 13, 30),
        text=(0, 4),
    )
    return table if any(ranks.values()) or edition.is_internal else table.without(RANK_BESIDE)


def beside_city(own: Decimal | None, mean: Decimal | None) -> Value:
    """The word for a county's rate beside the city's, both as they are published."""
    if own is None or mean is None:
        return figures.NONE
    own_shown = figures.published(own, figures.RATE_PLACES)
    mean_shown = figures.published(mean, figures.RATE_PLACES)
    return judged("against_city", own_shown - mean_shown)


def weakest_indicators(
    edition: Edition,
    county: Row,
    indicators: Iterable[Row],
) -> Table:
    """The indicators with the lowest mean scores, and the least points to gain in each.

    county: its row of area_index; indicators: its rows of area_indicator.
    """
    positions = {row["indicator"]: int(row["position"]) for row in edition.indicators}
    scored = [row for row in indicators if row["mean_score"] is not None]
    scored.sort(key=lambda row: (row["mean_score"], positions[row["indicator"]]))
    most = wording()["shown"]["weakest_indicators"]["count"]
    head = [
        say("indicator"),
        say("mean_score"),
        say("to_gain"),
    ]
    return Table(
        say("weakest"),
        head,
        rows=[indicator_row(edition, county, row) for row in scored[:most]],
        widths=(60, 20, 20),
        text=(0,),
    )


def indicator_row(
    edition: Edition,
    county: Row,
    row: Row,
) -> Cells:
    """The cells of an indicator of a county, which has a mean score."""
    methods = {each["indicator"]: each for each in edition.indicators}
    indicator = methods[row["indicator"]]
    weight = Decimal(indicator["weight"])
    gain = points_to_gain(row, weight, county["linked"])
    return [
        named(indicator),
        figures.rate(row["mean_score"]),
        figures.rate(gain),
    ]


def points_to_gain(
    row: Row,
    weight: Decimal,
    linked: int,
) -> Decimal | None:
    """Points by which an area's index would rise at least if its unions scored 100 in an indicator.

    All its unions that the indicator concerns are meant; None where their number is hidden. A
    union's own gain is more where other indicators do not concern it, because their weight is
    spread over the rest.
    """
    if row["observed"] is None:
        return None
    concerned = row["observed"] + row["missing"]
    below_best = 100 - row["mean_score"]
    gain: Decimal = weight * below_best * concerned / (100 * linked)
    return gain


def townships(edition: Edition, code: str) -> Table | None:
    """The townships by index, those without one last; None where a county has none.

    Where a hidden one is among them, they have no ranks.
    """
    areas = by_index(edition.townships(code))
    if not areas:
        return None
    head = [
        label(edition, "figure", "rank"),
        label(edition, "area_level", "township"),
        label(edition, "figure", "health_index"),
        label(edition, "figure", "linked"),
        say("township_codes"),
    ]
    table = Table(
        say("townships"),
        head,
        rows=[township_row(area) for area in areas],
        widths=(10, 34, 16, 19, 21),
        text=(1,),
        more=more_townships(edition, len(areas)),
    )
    if lack_ranks(areas):
        return replace(table.without(RANK), caption=say("townships_unranked"))
    return table


def township_row(area: Row) -> Cells:
    """The cells of a township."""
    codes = figures.NONE
    if area["green"] is not None:
        counts = [figures.count(area[code]) for code in CODES]
        codes = "/".join(counts)
    return [
        figures.count(area["rank"]),
        named(area),
        figures.index(area["health_index"]),
        figures.count(area["linked"]),
        codes,
    ]


def more_townships(edition: Edition, total: int) -> list[Text]:
    """What stands below townships cut after none, one, … or all of them.

    It says how many are left out, and where they are.
    """
    texts = []
    for number in range(total):
        text = say(
            "more_townships",
            count=figures.count(total - number),
            workbook=workbook_of(edition),
        )
        texts.append(text)
    return [*texts, Text("")]


def red_notice_table(edition: Edition, notices: Rows) -> Table:
    """The red alerts of a county, the worst first: as many as a sheet with its annex may hold."""
    head = [
        say("enterprise"),
        say("union"),
        say("rule"),
        say("since"),
        say("months"),
    ]
    shown = notices[: most_notices()]
    return Table(
        red_notice_caption(notices),
        head,
        rows=[red_notice_row(edition, notice) for notice in shown],
        widths=(26, 10, 48, 9, 7),
        text=(0, 1, 2),
    )


def red_notice_caption(notices: Rows) -> Text:
    """How many red notices there are, and of how many unions."""
    if not notices:
        return say("no_red_notices")
    unions = {notice["union_id"] for notice in notices}
    return say(
        "red_notices",
        notices=figures.count(len(notices)),
        unions=figures.count(len(unions)),
    )


def red_notice_row(edition: Edition, notice: Row) -> Cells:
    """The cells of a red notice."""
    name = one_line(notice["name_zh"])
    return [
        Text(name),
        notice["union_id"],
        rule_of(edition, notice),
        notice["opened_period"],
        figures.count(notice["months_open"]),
    ]


def rule_of(edition: Edition, notice: Row) -> Text:
    """The rule of a notice, with the dimension that it is about, if any."""
    rules = {row["rule"]: row for row in edition.methodology.tables["alert_rules"]}
    rule = named(rules[notice["rule"]])
    if not notice["dimension"]:
        return rule
    names = {row["dimension"]: row for row in edition.dimensions}
    dimension = named(names[notice["dimension"]])
    return say("rule_of_dimension", rule=rule, dimension=dimension)


def most_notices() -> int:
    """How many red notices a sheet with its annex may hold."""
    most: int = wording()["shown"]["red_notices"]["count"]
    return most


def annex(edition: Edition, total: int) -> Annex:
    """What the sheet says of the red alerts that its page does not hold; total: all of them."""
    most = most_notices()
    left_out = None
    if total > most:
        left_out = say(
            "annex_left_out",
            workbook=workbook_of(edition),
            most=figures.count(most),
            count=figures.count(total - most),
        )
    return Annex(say("annex"), say("annex_follows"), left_out)


def workbook_of(edition: Edition) -> str:
    """The name of the edition's workbook."""
    return f"union_health_index_{edition.period}.xlsx"
