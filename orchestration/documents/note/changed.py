"""What changed since the release that one is compared with, in short.

It is told from the edition's own tables `changes` and `decomposition`.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from orchestration.build.warehouse import sql_path
from orchestration.documents import figures
from orchestration.documents.edition import Edition, Rows, rows_of
from orchestration.documents.note import Pair, say, told
from orchestration.home.records.release import ReleaseIdentity
from quality.connection import reading
from quality.publication import public_tables, published_tables

PARTS = ("data", "membership", "method", "rounding")

Row = Mapping[str, Any]
Cells = tuple[Decimal | None, Decimal | None]


@dataclass(frozen=True)
class Difference:
    """A row of a county or indicator, with its figures before and after by column."""

    row: Row
    before: Mapping[str, Decimal | None]
    after: Mapping[str, Decimal | None]

    def change(self, column: str) -> Decimal | None:
        """The figure now less that before; None unless both are there."""
        before, after = self.before.get(column), self.after.get(column)
        return None if before is None or after is None else after - before


@dataclass(frozen=True)
class WhatChanged:
    """What changed, as an edition may show it.

    city: its row of the decomposition; counties: those whose index or rank changed, by rank, with
    both; indicators: those whose mean score in the city changed, by position; counts: table, kind
    of change, how many.
    """

    city: Row | None
    counties: Sequence[Difference]
    indicators: Sequence[Difference]
    counts: Sequence[tuple[str, str, int]]
    since: Pair


def what_changed(edition: Edition) -> WhatChanged | None:
    """What changed since the release compared with; None where there is none.

    Of areas that the edition suppresses nothing is told, though an earlier release may have shown
    them.
    """
    if edition.note.compared_with is None:
        return None
    rows = rows_of(edition.folder / "decomposition.parquet")
    return WhatChanged(
        city=next((row for row in rows if row["level"] == "city"), None),
        counties=changed_counties(edition),
        indicators=changed_indicators(edition),
        counts=counts(edition),
        since=since(edition, edition.note.compared_with),
    )


def changed_cells(
    edition: Edition, table: str, columns: Sequence[str]
) -> dict[str, dict[str, Cells]]:
    """The figures of these columns that changed, before and after, by key and column."""
    found: dict[str, dict[str, Cells]] = {}
    for row in changes_where(
        edition, "table_name = $1 and list_contains($2, column_name)", table, list(columns)
    ):
        found.setdefault(row["key"], {})[row["column_name"]] = row["before"], row["after"]
    return found


def changes_where(edition: Edition, condition: str, *parameters: object) -> Rows:
    """Rows of the edition's table `changes` that meet a condition, in its order."""
    source = f"read_parquet('{sql_path(edition.folder / 'changes.parquet')}')"
    with reading() as connection:
        found = connection.execute(f"select * from {source} where {condition}", parameters)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def difference(row: Row, cells: Mapping[str, Cells], columns: Sequence[str]) -> Difference:
    """A row whose figures were others in some cells."""
    now = {column: row[column] for column in columns}
    before = {column: cells[column][0] if column in cells else now[column] for column in columns}
    return Difference(row, before, now)


def changed_counties(edition: Edition) -> list[Difference]:
    """The counties whose index or rank changed, by rank."""
    columns = ("health_index", "rank")
    found = changed_cells(edition, "county_ranking", columns)
    shown = [row for row in edition.ranking if not edition.area(row["area_code"]).get("suppressed")]
    return [
        difference(row, found[row["area_code"]], columns)
        for row in shown
        if row["area_code"] in found
    ]


def county_change(edition: Edition, code: str) -> Difference | None:
    """What became of a county; None where its index and rank are the same."""
    return next((each for each in changed_counties(edition) if each.row["area_code"] == code), None)


def changed_indicators(edition: Edition) -> list[Difference]:
    """The indicators whose mean score in the city changed, by position."""
    city = edition.city
    if city.get("suppressed"):
        return []
    found = changed_cells(edition, "area_indicator", ("mean_score",))
    own = {row["indicator"]: row for row in city_scores(edition)}
    keyed = [
        (indicator, f"{city['area_code']}/{indicator['indicator']}")
        for indicator in edition.indicators
    ]
    return [
        difference(indicator | own[indicator["indicator"]], found[key], ("mean_score",))
        for indicator, key in keyed
        if key in found and indicator["indicator"] in own
    ]


def city_scores(edition: Edition) -> Rows:
    """The city's rows of area_indicator."""
    rows = rows_of(edition.folder / "area_indicator.parquet")
    return [row for row in rows if row["area_code"] == edition.city["area_code"]]


def counts(edition: Edition) -> list[tuple[str, str, int]]:
    """Table, kind of change and number of differences, in the order of the tables."""
    file = sql_path(edition.folder / "changes.parquet")
    with reading() as connection:
        query = f"""
            select table_name, change, count(*)
            from read_parquet('{file}')
            group by all
            order by all
        """
        found = connection.execute(query).fetchall()
    order = list(published_tables())
    return sorted(found, key=lambda row: order.index(row[0]))


def changes_of_areas(edition: Edition) -> Rows:
    """The differences in the tables of areas, which both editions have."""
    return changes_where(edition, "list_contains($1, table_name)", list(public_tables()))


def since(edition: Edition, compared: ReleaseIdentity) -> Pair:
    """Which release the changes are counted from."""
    key = "since_own" if edition.note.is_compared_with_its_month else "since_before"
    return told(key, compared.period, compared.release)


def counted(table: str, change: str, count: int) -> Pair:
    """How many differences of a kind a table has, in words."""
    return say("changes", f"count_{change}", table=say("table", table), count=f"{count:,}")


def exact(value: Decimal | None) -> str:
    """A difference in full, with its sign; none before zero, a dash for none."""
    if value is None:
        return figures.NONE
    return figures.true_minus(f"{value:+}") if value else f"{abs(value)}"
