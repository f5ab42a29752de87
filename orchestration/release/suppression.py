"""Which areas an edition of a month hides (contract, Editions of a release).

Hidden are small areas, and what would give small areas or few unions away by difference. Every
count of an area is the sum over the areas in it, and a mean times its count is one; so all figures
of an area are hidden, or none. An area is its code: a county's begins with the code of its city, a
township's with that of its county.

Within a release (`hidden_within`). A hidden area is worth its hidden townships plus what is shown,
so of a shown area that holds hidden ones one thing is known: the sum of the hidden townships
reached from it through hidden areas. Where that sum has 10 linked unions or more, and of the areas
that an area directly holds none, or at least two (or the only one of a hidden area), are hidden, no
other sum is known and no rank is the missing one. What is hidden for this is the smallest by linked
unions, then by code.

Against what was published before (`suppressed_areas`). Whoever has two editions of a month knows
their differences: where one union joined an area, its figures. A union whose figures were corrected
differs like one that left and another that joined. So the areas are gone through from the city
down, larger ones first, and one is hidden where its figures, with all that is shown already here
and in the other editions, would tell a sum over fewer than 10 unions. What differs nowhere tells
nothing new, so an edition can always be made. What no edition has shown yet stays hidden.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from orchestration.contract.parameters import parameters
from orchestration.release.sums import Known, Measured, holders, sums_of

Kind = Literal["primary", "secondary"]


@dataclass(frozen=True)
class Shown:
    """An edition of a month that is public already, and the codes of the areas that it shows."""

    measured: Measured
    areas: Collection[str]


def suppressed_areas(
    measured: Measured, published: Sequence[Shown] = (), stay_hidden: Collection[str] = ()
) -> dict[str, Kind]:
    """The areas to hide by code: primary where they are too small.

    published: what the public has of the same month; stay_hidden: the areas to hide in any case.
    """
    linked = measured.linked
    hidden = hidden_within(linked, stay_hidden)
    (*sums_before, sums), sizes = sums_of([*(each.measured for each in published), measured])
    least = parameters().smallest_area
    known, refused = Known(sizes, least), set[str]()
    for each, sums_of_area in zip(published, sums_before, strict=True):
        for area in sorted(each.areas, key=lambda code: (-len(code), code)):
            known.add(sums_of_area[area])
    for area in sorted(linked, key=lambda code: (len(code), -linked[code], code)):
        if area in hidden:
            continue
        if known.would_give_away(sums[area]):
            refused.add(area)
        else:
            known.add(sums[area])
    hidden |= {area for area in refused if known.rest(sums[area])}
    return {code: "primary" if linked[code] < least else "secondary" for code in sorted(hidden)}


def hidden_within(linked: Mapping[str, int], stay_hidden: Collection[str] = ()) -> set[str]:
    """The areas to hide in an edition that is the only one of its month.

    linked: linked unions of each area of the city; stay_hidden: the areas to hide in any case.
    """
    least = parameters().smallest_area
    hidden = {code for code in linked if linked[code] < least or code in stay_hidden}
    children: dict[str, list[str]] = {}
    for code in linked:
        for holder in holders(linked, code)[-2:-1]:
            children.setdefault(holder, []).append(code)
    while more := unprotected(linked, children, hidden):
        hidden |= more
    return hidden


def unprotected(
    linked: Mapping[str, int], children: Mapping[str, list[str]], hidden: set[str]
) -> set[str]:
    """What must be hidden next, counties before the city.

    Empty where nothing hidden can be found by difference any more.
    """
    least = parameters().smallest_area
    for area in sorted(children, key=lambda code: (-len(code), code)):
        held = children[area]
        count = len(hidden.intersection(held))
        if area in hidden:
            if count < min(2, len(held)):
                return {smallest(linked, set(held) - hidden)}
        elif count == 1 or (count and sum_hidden(linked, children, hidden, area) < least):
            cover = set(shown_parts(children, hidden, area))
            return {smallest(linked, cover)} if cover else {area, *holders(linked, area)}
    return set()


def smallest(linked: Mapping[str, int], codes: Collection[str]) -> str:
    """The area with the fewest linked unions, of equals the first by code."""
    return min(codes, key=lambda code: (linked[code], code))


def sum_hidden(
    linked: Mapping[str, int], children: Mapping[str, list[str]], hidden: set[str], area: str
) -> int:
    """How many linked unions the hidden areas of an area have in all.

    That number can be found by difference.
    """
    return sum(linked[code] for code in hidden_parts(children, hidden, area))


def hidden_parts(children: Mapping[str, list[str]], hidden: set[str], area: str) -> Iterator[str]:
    """The hidden areas without areas of their own that are reached through hidden ones."""
    for code in children[area]:
        if code in hidden:
            yield from hidden_parts(children, hidden, code) if code in children else (code,)


def shown_parts(children: Mapping[str, list[str]], hidden: set[str], area: str) -> Iterator[str]:
    """The shown areas that are reached from an area through hidden ones."""
    for code in children.get(area, ()):
        if code not in hidden:
            yield code
        else:
            yield from shown_parts(children, hidden, code)
