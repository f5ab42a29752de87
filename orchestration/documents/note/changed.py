"""What changed since the release that one is compared with, in short.

It is told from the edition's own tables `changes` and `decomposition`.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orchestration.build.warehouse import sql_path
from orchestration.documents import figures
from orchestration.documents.edition import Edition, Rows
from orchestration.documents.note import ReleaseName, say, words_on
from orchestration.documents.texts import Words
from orchestration.home.records.release import ReleaseIdentity
from quality.connection import reading, rows_as_dictionaries
from quality.publication import public_tables, published_tables

PARTS = ("data", "membership", "method", "rounding")

Row = Mapping[str, Any]
# By column.
Cells = dict[str, Decimal | None]
Figures = Mapping[str, Decimal | None]


@dataclass(frozen=True)
class Difference:
    """A row of a county or indicator, with its figures before and after by column."""

    row: Row
    before: Figures
    after: Figures

    def change(self, column: str) -> Decimal | None:
        """The figure now less that before; None unless both are there."""
        before = self.before.get(column)
        after = self.after.get(column)
        if before is None or after is None:
            return None
        return after - before


@dataclass(frozen=True)
class WhatChanged:
    """What changed, as an edition may show it.

    city: its row of the decomposition; counties: those whose index or rank changed, by rank, with
    both; indicators: those whose mean score in the city changed, by position; counts: table, kind
    of change, how many; has_ranks: whether counties have ranks, else it is about their indices.
    """

    city: Row | None
    counties: Sequence[Difference]
    indicators: Sequence[Difference]
    counts: Sequence[tuple[str, str, int]]
    since: Words
    has_ranks: bool = True


def what_changed(edition: Edition) -> WhatChanged | None:
    """What changed since the release compared with; None where there is none.

    Of areas that the edition suppresses nothing is told, though an earlier release may have shown
    them.
    """
    compared = edition.note.compared_with
    if compared is None:
        return None
    decomposition = edition.table("decomposition")
    cities = [row for row in decomposition if row["level"] == "city"]
    return WhatChanged(
        city=cities[0] if cities else None,
        counties=changed_counties(edition),
        indicators=changed_indicators(edition),
        counts=counts(edition),
        since=since(edition, compared),
        has_ranks=not edition.hides_ranks,
    )


def figures_before(
    edition: Edition,
    table: str,
    columns: Sequence[str],
) -> dict[str, Cells]:
    """What the figures of these columns that changed were before, by key and column."""
    rows = changes_where(
        edition,
        "table_name = $1 and list_contains($2, column_name)",
        [table, list(columns)],
    )
    found: dict[str, Cells] = defaultdict(dict)
    for row in rows:
        found[row["key"]][row["column_name"]] = row["before"]
    return found


def changes_where(
    edition: Edition,
    condition: str,
    parameters: Sequence[object],
) -> Rows:
    """Rows of the edition's table `changes` that meet a condition, in its order."""
    query = f"select * from {stored_changes(edition)} where {condition}"
    with reading() as connection:
        return rows_as_dictionaries(connection.execute(query, parameters))


def stored_changes(edition: Edition) -> str:
    """The edition's table `changes` in SQL."""
    file = sql_path(edition.folder / "changes.parquet")
    return f"read_parquet('{file}')"


def difference(
    row: Row,
    before: Figures,
    columns: Sequence[str],
) -> Difference:
    """A row of which some figures were others; before: those that were."""
    now = {column: row[column] for column in columns}
    return Difference(
        row,
        before={**now, **before},
        after=now,
    )


def changed_counties(edition: Edition) -> list[Difference]:
    """The counties whose index or rank changed, by rank; without ranks those of another index."""
    columns = ("health_index",) if edition.hides_ranks else ("health_index", "rank")
    before = figures_before(edition, "county_ranking", columns)
    found = []
    for row in edition.ranking:
        code = row["area_code"]
        is_suppressed = edition.area(code).get("suppressed")
        if code in before and not is_suppressed:
            found.append(difference(row, before[code], columns))
    return found


def county_change(edition: Edition, code: str) -> Difference | None:
    """What became of a county; None where its index, and rank if it has one, are the same."""
    for county in changed_counties(edition):
        if county.row["area_code"] == code:
            return county
    return None


def changed_indicators(edition: Edition) -> list[Difference]:
    """The indicators whose mean score in the city changed, by position."""
    if edition.city.get("suppressed"):
        return []
    columns = ("mean_score",)
    before = figures_before(edition, "area_indicator", columns)
    scores = city_scores(edition)
    found = []
    for row in edition.indicators:
        indicator = row["indicator"]
        key = f"{edition.city['area_code']}/{indicator}"
        if key in before and indicator in scores:
            named = {**row, **scores[indicator]}
            found.append(difference(named, before[key], columns))
    return found


def city_scores(edition: Edition) -> dict[str, Row]:
    """The city's rows of area_indicator, by indicator."""
    city = edition.city["area_code"]
    rows = edition.table("area_indicator")
    return {row["indicator"]: row for row in rows if row["area_code"] == city}


def counts(edition: Edition) -> list[tuple[str, str, int]]:
    """Table, kind of change and number of differences, in the order of the tables."""
    query = f"""
        select table_name, change, count(*)
        from {stored_changes(edition)}
        group by all
        order by all
    """
    with reading() as connection:
        found = connection.execute(query).fetchall()
    order = list(published_tables())
    return sorted(found, key=lambda row: order.index(row[0]))


def changes_of_areas(edition: Edition) -> Rows:
    """The differences in the tables of areas, which both editions have."""
    return changes_where(
        edition,
        "list_contains($1, table_name)",
        [list(public_tables())],
    )


def since(edition: Edition, compared: ReleaseIdentity) -> Words:
    """Which release the changes are counted from."""
    key = "since_own" if edition.note.is_compared_with_its_month else "since_before"
    name = ReleaseName(compared.period, compared.release)
    return words_on(key, name)


def counted(
    table: str,
    change: str,
    count: int,
) -> Words:
    """How many differences of a kind a table has, in words."""
    return say(
        "changes",
        f"count_{change}",
        table=say("table", table),
        count=f"{count:,}",
    )


def exact(value: Decimal | None) -> str:
    """A difference in full, with its sign; none before zero, a dash for none."""
    if value is None:
        return figures.NONE
    if value == 0:
        return f"{abs(value)}"
    return figures.true_minus(f"{value:+}")
