"""Suppression against an attacker.

The attacker knows every shown figure, every sum, all earlier revisions, and which areas did not
change.
"""

from collections import Counter
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
        figures = f"{code} {linked}"
        unions |= {f"{figures} {number}": (code, figures) for number in range(linked)}
    return Measured(tree(townships), unions)


def suppressed(townships, stay_hidden=()):
    return suppressed_areas(measured(townships), stay_hidden=stay_hidden)


def hidden_in_revisions(townships):
    """The areas that each revision hides."""
    published = []
    hidden = []
    for revision in townships:
        edition = measured(revision)
        never_shown = never_shown_of(edition.areas, published)
        hidden_now = suppressed_areas(edition, published, never_shown)
        hidden.append(hidden_now)
        published.append(Shown(edition, edition.areas - hidden_now.keys()))
    return hidden


def never_shown_of(areas, published):
    """The areas that no published edition shows; none before the first is published."""
    if not published:
        return set()
    return areas.difference(*(edition.areas for edition in published))


def counties(*linked):
    """Townships with so many unions, a list for each county."""
    townships = {}
    for county, row in enumerate(linked, start=1):
        for number, unions in enumerate(row, start=1):
            townships[f"33030{county}00{number}"] = unions
    return townships


small_unions = st.integers(0, SMALLEST_AREA + 2)
large_unions = st.integers(SMALLEST_AREA, 60)
any_unions = small_unions | large_unions
rows = st.one_of(
    st.lists(small_unions, min_size=1, max_size=5),
    st.lists(large_unions, min_size=1, max_size=5),
    st.lists(any_unions, min_size=1, max_size=5),
)
cities = st.lists(rows, min_size=1, max_size=4).map(lambda rows: counties(*rows))


@st.composite
def revisions(draw):
    """Townships of two or three revisions of which each changes some."""
    townships = draw(cities)
    found = [townships]
    some_codes = st.lists(st.sampled_from(sorted(townships)), max_size=3)
    for _ in range(draw(st.integers(1, 2))):
        changed = {code: draw(any_unions) for code in draw(some_codes)}
        found.append(found[-1] | changed)
    return found


def rank(rows):
    """Exact rank of a matrix."""
    left = [list(map(Fraction, row)) for row in rows]
    columns = len(left[0]) if left else 0
    found = 0
    for column in range(columns):
        pivots = [row for row in left if row[column]]
        if not pivots:
            continue
        found += 1
        pivot = pivots[0]
        left.remove(pivot)
        left = [without(row, pivot, column) for row in left]
    return found


def without(row, pivot, column):
    """A row less so much of another that it has a zero in a column."""
    factor = row[column] / pivot[column]
    return [value - factor * other for value, other in zip(row, pivot, strict=True)]


class Attacker:
    """What follows from the shown figures of several revisions.

    A township that did not change is one unknown; one that changed is a new one.
    """

    def __init__(self, townships, hidden):
        self.townships = townships
        unknowns = set()
        for revision in townships:
            unknowns.update(revision.items())
        self.unknowns = sorted(unknowns)
        self.known = []
        for number, revision in enumerate(townships):
            shown = [area for area in tree(revision) if area not in hidden[number]]
            self.known += [self.row(number, [area]) for area in shown]
        self.rank = rank(self.known)

    def row(self, number, areas):
        """The sum over areas of a revision: how often it has each unknown."""
        counts = Counter()
        for area in areas:
            for code, linked in self.townships[number].items():
                if code.startswith(area):
                    counts[code, linked] += 1
        return [counts[unknown] for unknown in self.unknowns]

    def finds(self, areas, number=0):
        """Whether the sum over areas of a revision is determined."""
        return rank([*self.known, self.row(number, areas)]) == self.rank


LENGTH_OF_PARTS = {4: 6, 6: 9, 9: None}


def siblings(areas, hidden):
    """The hidden areas that each area directly holds; no area that holds none."""
    found = {}
    for area in areas:
        length = LENGTH_OF_PARTS[len(area)]
        held = [code for code in areas if len(code) == length and code.startswith(area)]
        if held:
            found[area] = [code for code in held if code in hidden]
    return found


def assert_not_found(attacker, areas, few, number=0):
    """Some areas of a revision are not few unions, or their sum is not determined."""
    if sum(areas[code] for code in few) < SMALLEST_AREA:
        assert not attacker.finds(few, number)


@given(cities)
def test_no_hidden_area_is_found_by_difference(townships):
    areas = tree(townships)
    hidden = suppressed(townships)
    small = {code for code, linked in areas.items() if linked < SMALLEST_AREA}
    primary = {code for code, kind in hidden.items() if kind == "primary"}
    assert primary == small
    attacker = Attacker([townships], [hidden])
    for code in hidden:
        assert not attacker.finds([code])
    for codes in siblings(areas, hidden).values():
        for size in range(2, len(codes) + 1):
            for some in combinations(codes, size):
                assert_not_found(attacker, areas, some)


@given(cities)
def test_no_area_is_hidden_alone_among_others(townships):
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
        hidden_now = hidden[number]
        assert hidden[0].keys() <= hidden_now.keys()
        primary = [code for code, kind in hidden_now.items() if kind == "primary"]
        for code in primary:
            assert not attacker.finds([code], number)
        for codes in siblings(areas, hidden_now).values():
            small = [code for code in codes if areas[code] < SMALLEST_AREA]
            for pair in combinations(small, 2):
                assert_not_found(attacker, areas, pair, number)


@given(cities, st.randoms(use_true_random=False))
def test_the_order_of_areas_does_not_matter(townships, random):
    codes = random.sample(sorted(townships), len(townships))
    shuffled = {code: townships[code] for code in codes}
    assert suppressed(shuffled) == suppressed(townships)


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
    grown = counties([80, 12, 30], [40, 40])
    hidden, still_hidden = hidden_in_revisions([before, grown])
    assert set(hidden) == {"330301001", "330301002"}
    assert still_hidden == {"330301001": "secondary", "330301002": "secondary"}
    smaller = counties([8, 12, 9], [40, 40])
    _, shrunk = hidden_in_revisions([before, smaller])
    assert {CITY, "330301", "330301003"} <= set(shrunk)


def test_what_an_earlier_revision_hid_alone_is_not_found():
    townships = counties([80, 30], [40, 40])
    hidden = suppressed(townships, {"330301001"})
    attacker = Attacker([townships], [hidden])
    assert not attacker.finds(["330301001"])
