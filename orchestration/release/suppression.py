"""Which areas the public edition hides: small ones, and those that would give them away by difference (contract, Editions of a release).

Every count of an area is the sum over the areas in it, and a mean times its count is one; so all figures of an area are hidden, or none.
An area is its code: a county's begins with the code of its city, a township's with that of its county.

Within a release. A hidden area is worth its hidden townships plus what is shown, so of a shown area that holds hidden ones one thing is
known: the sum of the hidden townships reached from it through hidden areas. Where that sum has 10 linked unions or more, and of the areas
that an area directly holds none, or at least two (or the only one of a hidden area), are hidden, no other sum is known and no rank is the
missing one. What is hidden for this is the smallest by linked unions, then by code.

Against earlier revisions of the period. Figures of areas that did not change carry over. What an earlier revision hides stays hidden: then
each sum shown is one over areas that were as free before. An area that becomes small only now has no such cover, for the revision before
shows what is beside it; so all areas that hold it are hidden too, the city included, and likewise where a sum becomes too small.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Literal

Kind = Literal["primary", "secondary"]

SMALLEST_AREA = 10
CODE_LENGTHS = (4, 6, 9)


def suppressed_areas(linked: Mapping[str, int], earlier: Sequence[Collection[str]] = ()) -> dict[str, Kind]:
    """The areas to hide by code: primary where they have fewer than 10 linked unions, else secondary.

    linked: linked unions of each area of the city; earlier: of each earlier revision of the period the codes that it hides.
    """
    small = {code for code, unions in linked.items() if unions < SMALLEST_AREA}
    hidden_before = {code for codes in earlier for code in codes}
    hidden = small | (hidden_before & set(linked))
    if earlier:
        hidden |= {holder for code in small - hidden_before for holder in holders(linked, code)}
    children: dict[str, list[str]] = {}
    for code in linked:
        for holder in holders(linked, code)[-1:]:
            children.setdefault(holder, []).append(code)
    while more := unprotected(linked, children, hidden, revision=bool(earlier)):
        hidden |= more
    return {code: "primary" if code in small else "secondary" for code in sorted(hidden)}


def holders(linked: Mapping[str, int], code: str) -> list[str]:
    """The areas that hold an area, largest first."""
    return [code[:length] for length in CODE_LENGTHS if length < len(code) and code[:length] in linked]


def unprotected(linked: Mapping[str, int], children: Mapping[str, list[str]], hidden: set[str], *, revision: bool) -> set[str]:
    """What must be hidden next, counties before the city; empty where nothing hidden can be found by difference any more."""
    for area in sorted(children, key=lambda code: (-len(code), code)):
        held = children[area]
        count = len(hidden.intersection(held))
        if area in hidden:
            if count < min(2, len(held)):
                return {smallest(linked, set(held) - hidden)}
        elif count == 1 or (count and sum(linked[code] for code in hidden_parts(children, hidden, area)) < SMALLEST_AREA):
            cover = set(shown_parts(children, hidden, area))
            return {area, *holders(linked, area)} if revision or not cover else {smallest(linked, cover)}
    return set()


def smallest(linked: Mapping[str, int], codes: Collection[str]) -> str:
    """The area with the fewest linked unions, of equals the first by code."""
    return min(codes, key=lambda code: (linked[code], code))


def hidden_parts(children: Mapping[str, list[str]], hidden: set[str], area: str) -> Iterator[str]:
    """The hidden areas without areas of their own that are reached from an area through hidden ones."""
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
