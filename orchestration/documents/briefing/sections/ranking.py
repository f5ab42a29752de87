"""The ranking of the counties, which of them cannot be told apart, and which moved.

Where the counties have no ranks, because a hidden one is among them, their indices stand there.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import (
    group_of,
    indistinct,
    interval,
    ranked,
)
from orchestration.documents.briefing.content import (
    Block,
    Heading,
    Paragraph,
    Picture,
    Table,
)
from orchestration.documents.briefing.wording import (
    Cells,
    Text,
    label,
    listed,
    named,
    say,
)
from orchestration.documents.edition import Edition, Row

WIDTHS = [9, 9, 11, 28, 12, 11, 15]
WIDTH_OF_GROUP = 9
COLUMNS_OF_RANKS = (0, 1, 2)


def ranking(edition: Edition) -> Iterator[Block]:
    """Which counties cannot be told apart, which moved, and the ranking; or the indices alone."""
    if not edition.ranking:
        yield Heading(say("ranking"))
        yield Paragraph(say("no_counties"))
        return
    if edition.hides_ranks:
        yield from indices(edition)
        return
    letters = indistinct(edition.ranking)
    yield Heading(say("ranking"))
    yield from groups(edition, letters)
    yield from moves(edition)
    yield ranking_table(edition, letters)
    yield Picture("ranking", say("ranking_alt"))


def indices(edition: Edition) -> Iterator[Block]:
    """Why the counties have no ranks, and their indices."""
    table = ranking_table(edition, letters={})
    yield Heading(say("indices"))
    yield Paragraph(say("unranked"))
    yield replace(table.without(*COLUMNS_OF_RANKS), caption=say("indices_table"))
    yield Picture("ranking", say("indices_alt"))


def groups(edition: Edition, letters: Mapping[str, str]) -> Iterator[Block]:
    """The counties that cannot be told apart, by group; letters: of the groups, by county."""
    if letters:
        in_order = dict.fromkeys(letters.values())
        named_groups = [named_group(edition, letter, letters) for letter in in_order]
        yield Paragraph(say("groups", groups=listed(named_groups)))
        yield Paragraph(say("group_rule"))
    elif len(ranked(edition)) > 1:
        yield Paragraph(say("no_groups"))


def named_group(
    edition: Edition,
    letter: str,
    letters: Mapping[str, str],
) -> Text:
    """A group by its letter, with its counties."""
    counties = group_of(letter, edition.ranking, letters)
    return say(
        "group",
        letter=letter,
        counties=listed(map(named, counties)),
    )


def moves(edition: Edition) -> Iterator[Block]:
    """The counties whose rank changed against the month before."""
    counties = ranked(edition)
    known = [row for row in counties if row["previous_rank"] is not None]
    if counties and not known:
        is_hidden = edition.verdict.predecessor and not edition.is_internal
        yield Paragraph(say("rank_unpublished" if is_hidden else "rank_unknown"))
        return
    changes = {
        "rank_up": [moved(row) for row in known if row["rank"] < row["previous_rank"]],
        "rank_down": [moved(row) for row in known if row["rank"] > row["previous_rank"]],
        "rank_partly": [named(row) for row in counties if row["previous_rank"] is None],
    }
    for name, changed in changes.items():
        if changed:
            yield Paragraph(say(name, counties=listed(changed)))
    if known and not any(changes.values()):
        yield Paragraph(say("rank_same"))


def moved(row: Row) -> Text:
    """A county with its rank before and now."""
    return say(
        "moved",
        name=named(row),
        before=figures.count(row["previous_rank"]),
        now=figures.count(row["rank"]),
    )


def ranking_table(edition: Edition, letters: Mapping[str, str]) -> Table:
    """The ranking, with the groups of counties that cannot be told apart where there are any."""
    head = [
        say("rank"),
        say("before"),
        say("interval"),
        label(edition, "area_level", "county"),
        label(edition, "figure", "health_index"),
        say("change"),
        say("in_percent", name=label(edition, "figure", "sampling_rate")),
    ]
    rows = [ranking_row(edition, row) for row in edition.ranking]
    widths = list(WIDTHS)
    if letters:
        head.append(say("group_head"))
        widths.append(WIDTH_OF_GROUP)
        for row, cells in zip(edition.ranking, rows, strict=True):
            letter = letters.get(row["area_code"], "")
            cells.append(letter)
    return Table(
        say("ranking_table"),
        head,
        rows,
        widths,
        text=(3,),
    )


def ranking_row(edition: Edition, row: Row) -> Cells:
    """The cells of a county in the ranking."""
    area = edition.area(row["area_code"])
    return [
        figures.count(row["rank"]),
        figures.count(row["previous_rank"]),
        interval(row),
        named(row),
        figures.index(row["health_index"]),
        figures.change(area["index_change"]),
        figures.rate(row["sampling_rate"]),
    ]
