"""What a month's figures say first, in one sentence made from an edition's tables.

Counties whose rank intervals overlap are not put first or last alone: their order is not firm.
"""

from collections.abc import Iterator

from orchestration.documents import figures
from orchestration.documents.briefing.wording import (
    Text,
    extremes,
    indistinct,
    judged,
    named,
    say,
    share,
)
from orchestration.documents.edition import Edition, Rows

MOST_NAMED = 3


def finding(edition: Edition) -> Text | None:
    """The sentence; None where the edition shows no index of the city."""
    parts = [*index_and_change(edition), *weakest_dimension(edition), *head_and_tail(edition)]
    return sentence(parts) if edition.city["health_index"] is not None else None


def sentence(parts: list[Text]) -> Text | None:
    """Parts as one sentence; None of none."""
    if not parts:
        return None
    english = "; ".join(part.en for part in parts)
    return Text("；".join(part.zh for part in parts) + "。", english[0].upper() + english[1:] + ".")


def index_and_change(edition: Edition) -> Iterator[Text]:
    """The city's index, and its change where that is known."""
    city = edition.city
    if city["health_index"] is None:
        return
    yield say("finding_index", city=named(city), index=figures.index(city["health_index"]))
    if city["index_change"] is not None:
        word = judged("index_change", figures.published(city["index_change"], figures.INDEX_PLACES))
        yield say("finding_change", word=word, change=figures.change(city["index_change"]))


def weakest_dimension(edition: Edition) -> Iterator[Text]:
    """The dimension with the city's lowest contribution rate, where one is lower than another."""
    city = edition.city["area_code"]
    rows: Rows = [
        {**row, "rate": edition.rates[city, row["dimension"]]} for row in edition.dimensions
    ]
    highest, lowest = extremes(rows, "rate", figures.RATE_PLACES)
    if lowest and lowest != highest:
        rate = figures.rate(lowest[0]["rate"])
        yield say("finding_dimension", dimension=some(lowest), rate=rate)


def head_and_tail(edition: Edition) -> Iterator[Text]:
    """The first and the last counties, or that their order is not firm."""
    ranking = [row for row in edition.ranking if row["rank"] is not None]
    highest, lowest = extremes(ranking, "health_index", figures.INDEX_PLACES)
    if not highest or highest == lowest:
        return
    groups = indistinct(ranking)
    ends = {"head": (ranking[0], highest), "tail": (ranking[-1], lowest)}
    letters = {groups.get(row["area_code"]) for row, _ in ends.values()}
    if len(letters) == 1 and None not in letters:
        yield say("finding_order_open")
        return
    for end, (county, equal) in ends.items():
        letter = groups.get(county["area_code"])
        group = [row for row in ranking if letter and groups.get(row["area_code"]) == letter]
        if group:
            yield say(f"finding_{end}_group", counties=some(group))
        else:
            index = figures.index(county["health_index"])
            yield say(f"finding_{end}", counties=some(equal), index=index)


def red_share(edition: Edition) -> Iterator[Text]:
    """The share of the city's unions that have a red code."""
    if edition.city["linked"]:
        part = share(edition.city["red"], edition.city["linked"])
        yield say("finding_red", share=figures.rate(part))


def some(rows: Rows) -> Text:
    """The names of rows, of many the first few."""
    names = [named(row) for row in rows[:MOST_NAMED]]
    chinese, english = "、".join(name.zh for name in names), ", ".join(name.en for name in names)
    return (
        say("and_others", names=Text(chinese, english))
        if len(rows) > MOST_NAMED
        else Text(chinese, english)
    )
