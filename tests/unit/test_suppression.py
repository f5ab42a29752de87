"""Suppression against an attacker.

The attacker knows every shown figure, every sum, all earlier revisions, and which areas did not
change.
"""

from fractions import Fraction
from itertools import combinations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from orchestration.contract.parameters import parameters
from orchestration.release.sums import Measured
from orchestration.release.suppression import Shown, suppressed_areas

SMALLEST_AREA = parameters().smallest_area

CITY = "3303"


def tree(townships):
    """Linked unions of every area from those of the townships."""
    areas = {}
    for code, linked in townships.items():
        for length in (4, 6, 9):
            areas[code[:length]] = areas.get(code[:length], 0) + linked
    return areas


def measured(townships):
    """Unions for the counts of the townships; another count is of other unions."""
    unions = {}
    for code, linked in townships.items():
        unions |= {
            f"{code} {linked} {number}": (code, f"{code} {linked}") for number in range(linked)
        }
    return Measured(tree(townships), unions)


def suppressed(townships, stay_hidden=()):
    return suppressed_areas(measured(townships), stay_hidden=stay_hidden)


def hidden_in_revisions(townships):
    """The areas that each revision hides."""
    published, hidden = [], []
    for revision in townships:
        edition = measured(revision)
        never_shown = (
            edition.areas.difference(*(each.areas for each in published)) if published else ()
        )
        hidden.append(suppressed_areas(edition, published, never_shown))
        published.append(Shown(edition, edition.areas - hidden[-1].keys()))
    return hidden


def counties(*linked):
    return {
        f"33030{county}00{number}": unions
        for county, row in enumerate(linked, 1)
        for number, unions in enumerate(row, 1)
    }


small_unions, large_unions = st.integers(0, SMALLEST_AREA + 2), st.integers(SMALLEST_AREA, 60)
rows = st.one_of(
    *(
        st.lists(unions, min_size=1, max_size=5)
        for unions in (small_unions, large_unions, small_unions | large_unions)
    )
)
cities = st.lists(rows, min_size=1, max_size=4).map(lambda rows: counties(*rows))


@st.composite
def revisions(draw):
    """Townships of two or three revisions of which each changes some."""
    found = [draw(cities)]
    for _ in range(draw(st.integers(1, 2))):
        changed = draw(st.lists(st.sampled_from(sorted(found[0])), max_size=3))
        found.append(found[-1] | {code: draw(small_unions | large_unions) for code in changed})
    return found


def rank(rows):
    """Exact rank of a matrix."""
    rows, found = [list(map(Fraction, row)) for row in rows], 0
    for column in range(len(rows[0]) if rows else 0):
        pivot = next((row for row in rows[found:] if row[column]), None)
        if pivot is None:
            continue
        rows.remove(pivot)
        rows.insert(found, pivot)
        for row in rows[found + 1 :]:
            factor = row[column] / pivot[column]
            row[:] = [value - factor * other for value, other in zip(row, pivot, strict=True)]
        found += 1
    return found


class Attacker:
    """What follows from the shown figures of several revisions.

    A township that did not change is one unknown; one that changed is a new one.
    """

    def __init__(self, townships, hidden):
        self.townships = townships
        self.unknowns = sorted({item for revision in townships for item in revision.items()})
        shown = [
            (number, area)
            for number, revision in enumerate(townships)
            for area in tree(revision)
            if area not in hidden[number]
        ]
        self.known = [self.row(number, [area]) for number, area in shown]
        self.rank = rank(self.known)

    def row(self, number, areas):
        held = [
            item
            for area in areas
            for item in self.townships[number].items()
            if item[0].startswith(area)
        ]
        return [held.count(unknown) for unknown in self.unknowns]

    def finds(self, areas, number=0):
        """Whether the sum over areas of a revision is determined."""
        return rank([*self.known, self.row(number, areas)]) == self.rank


def siblings(areas, hidden):
    """The hidden areas that each area directly holds."""
    lengths = {4: 6, 6: 9}
    held = {
        area: [
            code for code in areas if len(code) == lengths.get(len(area)) and code.startswith(area)
        ]
        for area in areas
    }
    return {
        area: [code for code in codes if code in hidden] for area, codes in held.items() if codes
    }


@given(cities)
def test_no_hidden_area_is_found_by_difference(townships):
    areas = tree(townships)
    hidden = suppressed(townships)
    assert {code for code, linked in areas.items() if linked < SMALLEST_AREA} == {
        c for c, kind in hidden.items() if kind == "primary"
    }
    attacker = Attacker([townships], [hidden])
    for code in hidden:
        assert not attacker.finds([code])
    for codes in siblings(areas, hidden).values():
        for some in (
            some for size in range(2, len(codes) + 1) for some in combinations(codes, size)
        ):
            assert sum(areas[code] for code in some) >= SMALLEST_AREA or not attacker.finds(some)


@given(cities)
def test_no_rank_is_the_missing_one(townships):
    areas = tree(townships)
    hidden = suppressed(townships)
    held = siblings(areas, areas)
    for area, codes in siblings(areas, hidden).items():
        assert len(codes) != 1 or len(held[area]) == 1


@given(revisions())
@example([counties([3, 8, 20], [30, 30]), counties([3, 5, 20], [30, 30])])
def test_no_small_area_is_found_by_difference_of_revisions(townships):
    hidden = hidden_in_revisions(townships)
    attacker = Attacker(townships, hidden)
    for number, revision in enumerate(townships):
        areas = tree(revision)
        assert set(hidden[0]) <= set(hidden[number])
        for code in (code for code, kind in hidden[number].items() if kind == "primary"):
            assert not attacker.finds([code], number)
        for codes in siblings(areas, hidden[number]).values():
            small = [code for code in codes if areas[code] < SMALLEST_AREA]
            for pair in combinations(small, 2):
                assert sum(areas[code] for code in pair) >= SMALLEST_AREA or not attacker.finds(
                    pair, number
                )


@given(cities, st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(townships, random):
    shuffled = random.sample(sorted(townships), len(townships))
    assert suppressed(townships) == suppressed({code: townships[code] for code in shuffled})


@given(st.lists(st.lists(large_unions, min_size=1, max_size=5), min_size=1, max_size=4))
def test_nothing_is_hidden_where_no_area_is_small(linked):
    assert suppressed(counties(*linked)) == {}


@given(cities)
def test_an_unchanged_revision_hides_the_same(townships):
    first, second = hidden_in_revisions([townships, townships])
    assert second == first


HIDDEN = {
    "a lone small township takes the smallest beside it": (
        [[3, 20, 11]],
        {"330301001", "330301003"},
    ),
    "two small townships of 10 and more take none": ([[9, 8, 20]], {"330301001", "330301002"}),
    "two that make less than 10 take a third": (
        [[0, 7, 20, 30]],
        {"330301001", "330301002", "330301003"},
    ),
    "a small county takes another, and two townships of it": (
        [[4, 4], [11, 12, 30], [60]],
        {"330301", "330301001", "330301002", "330302", "330302001", "330302002"},
    ),
    "everything of a tiny city": ([[3], [4]], {CITY, "330301", "330301001", "330302", "330302001"}),
    "an empty county": ([[0], [10], [90]], {"330301", "330301001", "330302", "330302001"}),
}


@pytest.mark.parametrize(("linked", "hidden"), HIDDEN.values(), ids=HIDDEN)
def test_what_is_hidden(linked, hidden):
    assert set(suppressed(counties(*linked))) == hidden


def test_what_was_hidden_stays_hidden_and_what_shrinks_takes_what_holds_it():
    before = counties([8, 12, 30], [40, 40])
    hidden, grown = hidden_in_revisions([before, counties([80, 12, 30], [40, 40])])
    assert set(hidden) == {"330301001", "330301002"}
    assert grown == {"330301001": "secondary", "330301002": "secondary"}
    shrunk = hidden_in_revisions([before, counties([8, 12, 9], [40, 40])])[1]
    assert {CITY, "330301", "330301003"} <= set(shrunk)


def test_what_an_earlier_revision_hid_alone_is_not_found():
    townships = counties([80, 30], [40, 40])
    hidden = suppressed(townships, {"330301001"})
    assert not Attacker([townships], [hidden]).finds(["330301001"])
