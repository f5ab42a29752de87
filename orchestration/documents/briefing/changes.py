"""What the briefing and the county sheets say of a release that corrects another.

It is the notice, and what changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from orchestration.documents import figures
from orchestration.documents.briefing.content import (
    Block,
    Heading,
    Items,
    Notice,
    Paragraph,
    Table,
)
from orchestration.documents.briefing.wording import Cells, Text, named
from orchestration.documents.edition import Edition
from orchestration.documents.note import notice_of, say
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

COUNTY_HEAD = (
    "county",
    "index_before",
    "index_after",
    "difference",
    "rank_before",
    "rank_after",
)
COUNTY_WIDTHS = (28, 15, 15, 16, 13, 13)
COLUMNS_OF_RANKS = (4, 5)
INDICATOR_HEAD = (
    "indicator",
    "score_before",
    "score_after",
    "difference",
)
INDICATOR_WIDTHS = (46, 18, 18, 18)


def said(key: str, **values: str) -> Text:
    """The words of a key on changes, filled in."""
    return Text(*say("changes", key, **values))


def heads(keys: Sequence[str]) -> list[Text]:
    """The heads of a table of changes, by their keys."""
    return [said(key) for key in keys]


def notes(edition: Edition) -> list[Text]:
    """The sentences of the notice."""
    return [Text(*pair) for pair in notice_of(edition.period, edition.note)]


def notices(edition: Edition) -> Iterator[Block]:
    """The notice, a block a sentence."""
    for sentence in notes(edition):
        yield Notice(sentence)


def changes(edition: Edition) -> Iterator[Block]:
    """What changed since the release that is superseded.

    Nothing where none is, or it was retracted.
    """
    if not edition.note.is_compared_with_its_month:
        return
    changed = what_changed(edition)
    if changed is None:
        return
    yield Heading(said("title"))
    yield Paragraph(Text(*changed.since))
    if not changed.counts:
        yield Paragraph(said("nothing"))
        return
    yield from city(changed.city)
    yield from counties(changed)
    yield from indicators(changed)
    yield Items([Text(*counted(*count)) for count in changed.counts])


def city(row: Row | None) -> Iterator[Block]:
    """What became of the city's index, and what moved it."""
    if row is None or row["before"] is None or row["after"] is None:
        return
    before = figures.index(row["before"])
    after = figures.index(row["after"])
    moved = f"{before} → {after} ({exact(row['change'])})"
    heading = said("city")
    parts = parts_of_change(row)
    chinese = f"{heading.zh} {moved}{parts.zh}。"
    english = f"{heading.en} {moved}{parts.en}."
    yield Paragraph(Text(chinese, english))


def parts_of_change(row: Row) -> Text:
    """What moved the city's index, by part, behind a semicolon; nothing where that is not known."""
    if row["data"] is None:
        return Text("", "")
    chinese, english = [], []
    for part in PARTS:
        words = said(part)
        amount = exact(row[part])
        chinese.append(f"{words.zh} {amount}")
        english.append(f"{words.en.lower()} {amount}")
    return Text(
        "；" + "，".join(chinese),
        "; " + ", ".join(english),
    )


def counties(changed: WhatChanged) -> Iterator[Block]:
    """The counties whose index or rank changed."""
    if not changed.counties:
        yield Paragraph(said("no_counties" if changed.has_ranks else "no_indices"))
        return
    table = Table(
        said("counties"),
        heads(COUNTY_HEAD),
        rows=[county_row(each) for each in changed.counties],
        widths=COUNTY_WIDTHS,
        text=(0,),
    )
    yield table if changed.has_ranks else table.without(*COLUMNS_OF_RANKS)


def county_row(county: Difference) -> Cells:
    """A county's cells."""
    return [
        named(dict(county.row)),
        figures.index(county.before["health_index"]),
        figures.index(county.after["health_index"]),
        exact(county.change("health_index")),
        rank_of(county.before),
        rank_of(county.after),
    ]


def rank_of(cells: Mapping[str, Decimal | None]) -> str:
    """A county's rank, which is stored as a decimal like all that changed; a dash without one."""
    rank = cells.get("rank")
    return figures.count(None if rank is None else int(rank))


def indicators(changed: WhatChanged) -> Iterator[Block]:
    """The indicators whose mean score in the city changed."""
    if not changed.indicators:
        yield Paragraph(said("no_indicators"))
        return
    yield Table(
        said("indicators"),
        heads(INDICATOR_HEAD),
        rows=[indicator_row(each) for each in changed.indicators],
        widths=INDICATOR_WIDTHS,
        text=(0,),
    )


def indicator_row(indicator: Difference) -> Cells:
    """An indicator's cells."""
    return [
        named(dict(indicator.row)),
        figures.rate(indicator.before["mean_score"]),
        figures.rate(indicator.after["mean_score"]),
        exact(indicator.change("mean_score")),
    ]


def county_statement(edition: Edition, code: str) -> Iterator[Text]:
    """What became of a county's index, and of its rank if there are any.

    Nothing where the release follows none of its month.
    """
    compared = edition.note.compared_with
    if compared is None or not edition.note.is_compared_with_its_month:
        return
    if edition.area(code).get("suppressed"):
        return
    county = county_change(edition, code)
    same, other = "sheet_same", "sheet_changed"
    if edition.hides_ranks:
        same, other = "sheet_index_same", "sheet_index_changed"
    if county is None:
        yield said(same, release=compared.release)
        return
    yield said(
        other,
        release=compared.release,
        before=figures.index(county.before["health_index"]),
        after=figures.index(county.after["health_index"]),
        rank_before=rank_of(county.before),
        rank_after=rank_of(county.after),
    )
