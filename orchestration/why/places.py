"""Which rows of an account a county sees: those that lie in it, and so many of them one by one."""

import tomllib
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

LIMITS = Path(__file__).with_name("limits.toml")

Row = dict[str, Any]
Rows = list[Row]


@cache
def limits() -> dict[str, int]:
    """How much is shown."""
    return tomllib.loads(LIMITS.read_text(encoding="utf-8"))


def by_county(
    rows: Iterable[Row],
    column: str,
    codes: Sequence[str],
) -> defaultdict[str | None, Rows]:
    """Rows by the county that a code of each lies in, None where it lies in none.

    codes: of the counties.
    """
    found: defaultdict[str | None, Rows] = defaultdict(list)
    for row in rows:
        place = row[column] or ""
        county = county_of(place, codes)
        found[county].append(row)
    return found


def county_of(place: str, codes: Sequence[str]) -> str | None:
    """The county that a place lies in; None where it lies in none. codes: of the counties."""
    for code in codes:
        if place.startswith(code):
            return code
    return None


def some_of_each(rows: Rows, most: int) -> Rows:
    """So many rows in their order, of each table and rule one before a second of any."""
    seen: Counter[tuple[str, str]] = Counter()
    turns = []
    for place, row in enumerate(rows):
        kind = row["table"], row["rule"]
        turns.append((seen[kind], place))
        seen[kind] += 1
    first = sorted(turns)[:most]
    places = sorted(place for _, place in first)
    return [rows[place] for place in places]
