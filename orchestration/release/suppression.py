"""Which areas an edition of a month hides (contract, Editions of a release).

Hidden are small areas, and what would give small areas or few unions away by difference. Every
count of an area is the sum over the areas in it, and a mean times its count is one; so all figures
of an area are hidden, or none. An area is its code: a county's begins with the code of its city, a
township's with that of its county.

Within a release (`hidden_within`). A hidden area is worth its hidden townships plus what is shown,
so of a shown area that holds hidden ones one thing is known: the sum of the hidden townships
reached from it through hidden areas. Where that sum has 10 linked unions or more, and of the areas
that an area directly holds none, or at least two (or the only one of a hidden area), are hidden, no
other sum is known. What is hidden for this is the smallest by linked unions, then by code. Ranks
tell no sum: those among which a hidden area has one are in `hidden_ranks.py`.

A mean is bounded besides: where the hidden unions of such a sum all score nearly the highest
figure, or the lowest, so does each. A hidden mean over n unions can be told to within the least of
what is above the lowest figure in the sum, what is below the highest, and the range times the
unions of others, all over n. Each must be the least interval (the p % rule); areas are hidden until
it is. Where every union of the city has the highest figure, or the lowest, that is no secret.
Counts are bounded likewise, for a union is counted or not (`hidden_for_bounds`).

Against what was published before (`suppressed_areas`). Whoever has two editions of a month knows
their differences: where one union joined an area, its figures. A union whose figures were corrected
differs like one that left and another that joined. So the areas are gone through from the city
down, larger ones first, and one is hidden where its figures, with all that is shown already here
and in the other editions, would tell a sum over fewer than 10 unions. What differs nowhere tells
nothing new, so an edition can always be made. What no edition has shown yet stays hidden.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from orchestration.contract.parameters import parameters
from orchestration.release.sums import Known, Measured, Room, holders, sums_of

Kind = Literal["primary", "secondary"]
NO_ROOM: Mapping[str, Room] = MappingProxyType({})


@dataclass(frozen=True)
class Shown:
    """An edition of a month that is public already, and the codes of the areas that it shows."""

    measured: Measured
    areas: Collection[str]


def suppressed_areas(
    measured: Measured,
    published: Sequence[Shown] = (),
    stay_hidden: Collection[str] = (),
) -> dict[str, Kind]:
    """The areas to hide by code: primary where they are too small.

    published: what the public has of the same month; stay_hidden: the areas to hide in any case.
    """
    linked = measured.linked
    least = parameters().smallest_area
    hidden = hidden_within(linked, stay_hidden, measured.room)
    if published:
        hidden |= told_with_others(measured, published, hidden)
    kinds: dict[str, Kind] = {}
    for area in sorted(hidden):
        kinds[area] = "primary" if linked[area] < least else "secondary"
    return kinds


def told_with_others(
    measured: Measured,
    published: Sequence[Shown],
    hidden: Collection[str],
) -> set[str]:
    """The areas whose figures, with those of the other editions, would tell of few unions.

    hidden: the areas that are hidden anyway.
    """
    linked = measured.linked
    editions = [each.measured for each in published]
    (*sums_before, sums), sizes = sums_of([*editions, measured])
    known = Known(sizes, parameters().smallest_area)
    for edition, sums_of_area in zip(published, sums_before, strict=True):
        for area in sorted(edition.areas, key=smallest_area_first):
            known.add(sums_of_area[area])
    refused = set()
    for area in sorted(linked, key=lambda code: (len(code), -linked[code], code)):
        if area in hidden:
            continue
        if known.would_give_away(sums[area]):
            refused.add(area)
        else:
            known.add(sums[area])
    return {area for area in refused if known.rest(sums[area])}


def smallest_area_first(code: str) -> tuple[int, str]:
    """The place of an area among others: townships, counties and the city, each by code."""
    return -len(code), code


def hidden_within(
    linked: Mapping[str, int],
    stay_hidden: Collection[str] = (),
    room: Mapping[str, Room] = NO_ROOM,
) -> set[str]:
    """The areas to hide in an edition that is the only one of its month.

    linked: linked unions of each area of the city; stay_hidden: the areas to hide in any case;
    room: how far the unions of each area are from the bounds of their figures.
    """
    least = parameters().smallest_area
    hidden = {code for code, unions in linked.items() if unions < least}
    hidden |= linked.keys() & set(stay_hidden)
    areas = Areas(linked, parts_by_area(linked), hidden, room)
    more = areas.unprotected()
    while more:
        hidden |= more
        more = areas.unprotected()
    return hidden


def hidden_for_bounds(
    linked: Mapping[str, int],
    hidden: Collection[str],
    room: Mapping[str, Room],
) -> set[str]:
    """The areas whose counts are to be hidden, so that no bounds tell hidden ones of few unions.

    linked: linked unions of each area of the city; hidden: the areas that are hidden anyway, so
    that no sum over few unions is known; room: how far the counts of each area are from theirs.
    """
    areas = Areas(linked, parts_by_area(linked), set(hidden), room)
    while more := areas.bounded():
        areas.hidden.update(more)
    return areas.hidden


def parts_by_area(codes: Collection[str]) -> dict[str, list[str]]:
    """Of each area that holds others, those that it holds directly."""
    parts: defaultdict[str, list[str]] = defaultdict(list)
    for code in codes:
        *outer, _ = holders(codes, code)
        if outer:
            parts[outer[-1]].append(code)
    return dict(parts)


@dataclass(frozen=True)
class Areas:
    """The areas of a city, those that are hidden, and what can be found out about these.

    linked: linked unions of each area; parts: of each area those that it holds directly; room: how
    far its unions are from the bounds of their figures.
    """

    linked: Mapping[str, int]
    parts: Mapping[str, list[str]]
    hidden: set[str]
    room: Mapping[str, Room]

    def unprotected(self) -> set[str]:
        """What must be hidden next, counties before the city.

        Empty where nothing hidden can be found by difference any more.
        """
        for area in sorted(self.parts, key=smallest_area_first):
            is_hidden = area in self.hidden
            more = self.lone_part(area) if is_hidden else self.cover(area) or self.widen(area)
            if more:
                return more
        return set()

    def bounded(self) -> set[str]:
        """What must be hidden next for bounds alone, counties before the city; empty as above."""
        for area in sorted(self.parts, key=smallest_area_first):
            more = set() if area in self.hidden else self.widen(area)
            if more:
                return more
        return set()

    def lone_part(self, area: str) -> set[str]:
        """The part to hide besides, where a hidden area has fewer than two hidden ones."""
        held = set(self.parts[area])
        count = len(held & self.hidden)
        if count >= min(2, len(held)):
            return set()
        return {self.smallest(held - self.hidden)}

    def cover(self, area: str) -> set[str]:
        """What to hide where a shown area tells of its one hidden part, or of few unions.

        It is the smallest area that is shown in it; without one, the area and those that hold it.
        """
        hidden_parts = self.hidden.intersection(self.parts[area])
        is_lone = len(hidden_parts) == 1
        if not hidden_parts:
            return set()
        if not is_lone and self.sum_hidden(area) >= parameters().smallest_area:
            return set()
        shown = set(self.shown_parts(area))
        if not shown:
            return {area, *holders(self.linked, area)}
        return {self.smallest(shown)}

    def widen(self, area: str) -> set[str]:
        """What to hide where a shown area bounds a hidden figure of few unions too nearly.

        It is the smallest area shown in it whose unions leave more room; without one, the area.
        """
        if not self.room:
            return set()
        parts = list(self.hidden_parts(area))
        few = [self.linked[code] for code in self.hidden_within_reach(area)]
        most = max((unions for unions in few if unions < parameters().smallest_area), default=0)
        due = most * Decimal(parameters().least_interval) / 100
        shown = list(self.shown_parts(area))
        for side, of_city in enumerate(self.room[min(self.linked, key=len)]):
            found = sum(self.room[code][side] for code in parts)
            if found >= due or not of_city:
                continue
            helpful = [code for code in shown if self.room[code][side]]
            return {self.smallest(helpful)} if helpful else {area}
        others = sum(self.linked[code] for code in parts) - most
        if others >= due:
            return set()
        return {self.smallest(shown)} if shown else {area}

    def hidden_within_reach(self, area: str) -> Iterator[str]:
        """The hidden areas that are reached from an area through hidden ones."""
        for code in self.parts.get(area, ()):
            if code in self.hidden:
                yield code
                yield from self.hidden_within_reach(code)

    def smallest(self, codes: Collection[str]) -> str:
        """The area with the fewest linked unions, of equals the first by code."""
        return min(codes, key=lambda code: (self.linked[code], code))

    def sum_hidden(self, area: str) -> int:
        """How many linked unions the hidden areas of an area have in all.

        That number can be found by difference.
        """
        return sum(self.linked[code] for code in self.hidden_parts(area))

    def hidden_parts(self, area: str) -> Iterator[str]:
        """The hidden areas without areas of their own that are reached through hidden ones."""
        for code in self.parts[area]:
            if code not in self.hidden:
                continue
            if code in self.parts:
                yield from self.hidden_parts(code)
            else:
                yield code

    def shown_parts(self, area: str) -> Iterator[str]:
        """The shown areas that are reached from an area through hidden ones."""
        for code in self.parts.get(area, ()):
            if code in self.hidden:
                yield from self.shown_parts(code)
            else:
                yield code
