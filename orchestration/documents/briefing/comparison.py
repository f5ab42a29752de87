"""What the documents compare: highest and lowest figures, shares, and ranks within intervals."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from operator import itemgetter
from string import ascii_uppercase

from orchestration.documents import figures
from orchestration.documents.edition import Edition, Row, Rows


@dataclass(frozen=True)
class Extremes:
    """The rows whose published figure is the highest, and those where it is the lowest."""

    highest: Rows
    lowest: Rows

    @property
    def differ(self) -> bool:
        """Whether there are figures, and not all of them are alike."""
        return self.highest != self.lowest


def extremes(
    rows: Iterable[Row],
    column: str,
    places: Decimal,
) -> Extremes:
    """The rows at both ends of a column, as it is published; rows without a figure do not count."""
    by_figure: dict[Decimal, Rows] = defaultdict(list)
    for row in rows:
        if row[column] is not None:
            figure = figures.published(row[column], places)
            by_figure[figure].append(row)
    if not by_figure:
        return Extremes([], [])
    return Extremes(
        highest=by_figure[max(by_figure)],
        lowest=by_figure[min(by_figure)],
    )


def extremes_of_rates(rows: Iterable[Row]) -> Extremes:
    """The rows with the highest and the lowest `rate`."""
    return extremes(rows, "rate", figures.RATE_PLACES)


def city_rates(edition: Edition) -> Rows:
    """The dimensions by position, each with the city's `rate`."""
    return rates_in(edition, edition.city["area_code"])


def rates_in(edition: Edition, area: str) -> Rows:
    """The dimensions by position, each with the `rate` of an area."""
    rows = []
    for dimension in edition.dimensions:
        rate = edition.rates[area, dimension["dimension"]]
        rows.append({**dimension, "rate": rate})
    return rows


def share(part: int | None, whole: int | None) -> Decimal | None:
    """A part in percent of a whole; None where there is none."""
    if part is None or not whole:
        return None
    return Decimal(100 * part) / whole


def ranked(edition: Edition) -> Rows:
    """The counties that have a rank."""
    return [row for row in edition.ranking if row["rank"] is not None]


def interval(row: Row) -> str:
    """A county's rank interval; one rank where both ends are the same."""
    low = figures.count(row["rank_low"])
    high = figures.count(row["rank_high"])
    return low if low == high else f"{low}–{high}"


def indistinct(ranking: Rows) -> dict[str, str]:
    """The letter of the group of each county that cannot be told apart from another, by its code.

    Counties whose rank intervals share a rank are in one group, and so are those linked by others
    of it; no two groups share a rank.
    """
    several = [group for group in overlapping(ranking) if len(group) > 1]
    letters = {}
    for number, group in enumerate(several):
        letter = letter_of(number)
        for row in group:
            letters[row["area_code"]] = letter
    return letters


def overlapping(ranking: Rows) -> list[Rows]:
    """The counties with a rank interval, in the groups that their intervals link."""
    known = [row for row in ranking if row["rank_low"] is not None]
    known.sort(key=itemgetter("rank_low", "rank_high"))
    groups: list[Rows] = []
    highest = 0
    for row in known:
        if row["rank_low"] > highest:
            groups.append([])
        groups[-1].append(row)
        highest = max(highest, row["rank_high"])
    return groups


def letter_of(number: int) -> str:
    """The letter of a group by its number from 0: A to Z, then AA to ZZ."""
    rounds, place = divmod(number, len(ascii_uppercase))
    return ascii_uppercase[place] * (rounds + 1)


def group_of(
    letter: str | None,
    ranking: Sequence[Row],
    letters: Mapping[str, str],
) -> Rows:
    """The counties of the group of a letter, in the order of the ranking; none without a letter.

    letters: as `indistinct` has them.
    """
    if letter is None:
        return []
    return [row for row in ranking if letters.get(row["area_code"]) == letter]
