"""What the briefing and the county sheets say of a release that corrects another.

It is the notice, and what changed.
"""

from collections.abc import Iterator

from orchestration.documents import figures
from orchestration.documents.briefing.content import (
    Block,
    Heading,
    Items,
    Notice,
    Paragraph,
    Table,
)
from orchestration.documents.briefing.wording import Text, Value, named
from orchestration.documents.edition import Edition
from orchestration.documents.note import Pair, notice_of, say
from orchestration.documents.note.changed import (
    PARTS,
    Difference,
    Row,
    WhatChanged,
    counted,
    county_change,
    exact,
    what_changed,
)

COUNTY_WIDTHS = (28, 15, 15, 16, 13, 13)
INDICATOR_WIDTHS = (46, 18, 18, 18)


def text(pair: Pair) -> Text:
    """A pair of words as a text."""
    return Text(*pair)


def notes(edition: Edition) -> list[Text]:
    """The sentences of the notice."""
    return [text(pair) for pair in notice_of(edition.period, edition.note)]


def notices(edition: Edition) -> Iterator[Block]:
    """The notice, a block a sentence."""
    yield from (Notice(sentence) for sentence in notes(edition))


def changes(edition: Edition) -> Iterator[Block]:
    """What changed since the release that is superseded.

    Nothing where none is, or it was retracted.
    """
    changed = what_changed(edition) if edition.note.is_compared_with_its_month else None
    if changed is None:
        return
    yield Heading(text(say("changes", "title")))
    yield Paragraph(text(changed.since))
    if not changed.counts:
        yield Paragraph(text(say("changes", "nothing")))
        return
    yield from city(changed.city)
    yield from counties(changed)
    yield from indicators(changed)
    yield Items([text(counted(table, change, count)) for table, change, count in changed.counts])


def city(row: Row | None) -> Iterator[Block]:
    """What became of the city's index, and what moved it."""
    if row is None or row["before"] is None or row["after"] is None:
        return
    heading = say("changes", "city")
    ends = [f"{figures.index(row[end])}" for end in ("before", "after")]
    moved = f"{ends[0]} → {ends[1]} ({exact(row['change'])})"
    parts = Text("", "")
    if row["data"] is not None:
        told = [(say("changes", part), exact(row[part])) for part in PARTS]
        chinese = "，".join(f"{words[0]} {amount}" for words, amount in told)
        english = ", ".join(f"{words[1].lower()} {amount}" for words, amount in told)
        parts = Text(f"；{chinese}", f"; {english}")
    yield Paragraph(Text(f"{heading[0]} {moved}{parts.zh}。", f"{heading[1]} {moved}{parts.en}."))


def counties(changed: WhatChanged) -> Iterator[Block]:
    """The counties whose index or rank changed."""
    if not changed.counties:
        yield Paragraph(text(say("changes", "no_counties")))
        return
    keys = ("county", "index_before", "index_after", "difference", "rank_before", "rank_after")
    rows = [county_row(each) for each in changed.counties]
    head = [text(say("changes", key)) for key in keys]
    yield Table(text(say("changes", "counties")), head, rows, COUNTY_WIDTHS, text=(0,))


def county_row(county: Difference) -> list[Value]:
    """A county's cells."""
    ranks = [each["rank"] for each in (county.before, county.after)]
    return [
        named(dict(county.row)),
        figures.index(county.before["health_index"]),
        figures.index(county.after["health_index"]),
        exact(county.change("health_index")),
        *(figures.NONE if rank is None else figures.count(int(rank)) for rank in ranks),
    ]


def indicators(changed: WhatChanged) -> Iterator[Block]:
    """The indicators whose mean score in the city changed."""
    if not changed.indicators:
        yield Paragraph(text(say("changes", "no_indicators")))
        return
    rows: list[list[Value]] = [
        [
            named(dict(each.row)),
            figures.rate(each.before["mean_score"]),
            figures.rate(each.after["mean_score"]),
            exact(each.change("mean_score")),
        ]
        for each in changed.indicators
    ]
    head = [
        text(say("changes", key))
        for key in ("indicator", "score_before", "score_after", "difference")
    ]
    yield Table(text(say("changes", "indicators")), head, rows, INDICATOR_WIDTHS, text=(0,))


def county_statement(edition: Edition, code: str) -> Iterator[Text]:
    """What became of a county's index and rank.

    Nothing where the release follows none of its month.
    """
    compared = edition.note.compared_with
    if compared is None or not edition.note.is_compared_with_its_month:
        return
    if edition.area(code).get("suppressed"):
        return
    release = compared.release
    changed = county_change(edition, code)
    if changed is None:
        yield text(say("changes", "sheet_same", release=release))
        return
    cells = county_row(changed)
    stated = {
        "before": cells[1],
        "after": cells[2],
        "rank_before": cells[4],
        "rank_after": cells[5],
    }
    yield text(say("changes", "sheet_changed", release=release, **stated))
