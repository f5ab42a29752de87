"""What a month's figures say first, in one sentence made from an edition's tables.

Counties whose rank intervals overlap are not put first or last alone: their order is not firm.
"""

from collections.abc import Iterator

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import (
    city_rates,
    extremes,
    extremes_of_rates,
    group_of,
    indistinct,
    ranked,
    share,
)
from orchestration.documents.briefing.wording import Text, judged, named, say
from orchestration.documents.edition import Edition, Row, Rows

MOST_NAMED = 3


def finding(edition: Edition) -> Text | None:
    """The sentence; None where the edition shows no index of the city."""
    if edition.city["health_index"] is None:
        return None
    parts = [
        *index_and_change(edition),
        *weakest_dimension(edition),
        *head_and_tail(edition),
    ]
    return sentence(parts)


def sentence(parts: list[Text]) -> Text | None:
    """Parts as one sentence; None of none."""
    if not parts:
        return None
    chinese = "；".join(part.zh for part in parts)
    english = "; ".join(part.en for part in parts)
    first_letter = english[0].upper()
    return Text(f"{chinese}。", f"{first_letter}{english[1:]}.")


def index_and_change(edition: Edition) -> Iterator[Text]:
    """The city's index, and its change where that is known."""
    city = edition.city
    index, change = city["health_index"], city["index_change"]
    if index is None:
        return
    yield say("finding_index", city=named(city), index=figures.index(index))
    if change is None:
        return
    word = word_of_change(city)
    yield say("finding_change", word=word, change=figures.change(change))


def word_of_change(area: Row) -> Text:
    """The word for the change of an area's index, which is known."""
    change = figures.published(area["index_change"], figures.INDEX_PLACES)
    return judged("index_change", change)


def weakest_dimension(edition: Edition) -> Iterator[Text]:
    """The dimension with the city's lowest contribution rate, where one is lower than another."""
    ends = extremes_of_rates(city_rates(edition))
    if not ends.differ:
        return
    rate = figures.rate(ends.lowest[0]["rate"])
    yield say("finding_dimension", dimension=some(ends.lowest), rate=rate)


def head_and_tail(edition: Edition) -> Iterator[Text]:
    """The first and the last counties, or that their order is not firm."""
    ranking = ranked(edition)
    ends = extremes(ranking, "health_index", figures.INDEX_PLACES)
    if not ends.differ:
        return
    letters = indistinct(ranking)
    first, last = ranking[0], ranking[-1]
    head = letters.get(first["area_code"])
    tail = letters.get(last["area_code"])
    if head is not None and head == tail:
        yield say("finding_order_open")
        return
    yield end_of_ranking("head", first, ends.highest, group_of(head, ranking, letters))
    yield end_of_ranking("tail", last, ends.lowest, group_of(tail, ranking, letters))


def end_of_ranking(
    end: str,
    county: Row,
    equal: Rows,
    group: Rows,
) -> Text:
    """Who stands at an end of the ranking: a group, or the counties with its index.

    end: head or tail; county: who stands there; equal: those with the same index; group: those
    that it cannot be told apart from, if any.
    """
    if group:
        return say(f"finding_{end}_group", counties=some(group))
    index = figures.index(county["health_index"])
    return say(f"finding_{end}", counties=some(equal), index=index)


def red_share(edition: Edition) -> Iterator[Text]:
    """The share of the city's unions that have a red code, where it is known."""
    city = edition.city
    part = share(city["red"], city["linked"])
    if part is not None:
        yield say("finding_red", share=figures.rate(part))


def some(rows: Rows) -> Text:
    """The names of rows, of many the first few."""
    first = [named(row) for row in rows[:MOST_NAMED]]
    names = Text(
        "、".join(name.zh for name in first),
        ", ".join(name.en for name in first),
    )
    if len(rows) <= MOST_NAMED:
        return names
    return say("and_others", names=names)
