"""Random small cities, released month after month and revised.

Each can be released, and none gives away the figures of few unions.
"""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.contract.parameters import parameters
from orchestration.release.sums import Measured
from orchestration.release.suppression import Shown, suppressed_areas
from quality.few_unions import Edition, given_away
from tests.support.lanes import everyday

SMALLEST_AREA = parameters().smallest_area

CITY = "3303"
COUNTIES = ("330301", "330302", "330303")
TOWNSHIPS = (
    "330301001",
    "330301002",
    "330301003",
    "330302001",
    "330302002",
    "330303001",
)
AREAS = frozenset({CITY, *COUNTIES, *TOWNSHIPS})

counts = st.one_of(st.integers(0, 12), st.integers(9, 40))
few = st.one_of(st.integers(1, 3), st.integers(1, 12))
acts = st.tuples(
    st.sampled_from(["join", "leave", "correct", "move"]),
    st.sampled_from(TOWNSHIPS),
    st.sampled_from(TOWNSHIPS),
    few,
)


class City:
    """The unions of a city: of each its township and its figures."""

    def __init__(self, counts):
        self.number = 0
        self.unions = {}
        for township, count in zip(TOWNSHIPS, counts, strict=True):
            self.join(township, count)

    def join(self, township, count):
        for _ in range(count):
            self.number += 1
            self.unions[f"U{self.number}"] = (township, "as first measured")

    def change(self, act, township, other, count):
        """Let so many unions join a township, leave it, be corrected, or move to another."""
        if act == "join":
            self.join(township, count)
            return
        of_township = [union for union, (place, _) in self.unions.items() if place == township]
        for union in of_township[:count]:
            _, figures = self.unions[union]
            self.number += 1
            if act == "leave":
                del self.unions[union]
            elif act == "correct":
                self.unions[union] = (township, f"corrected {self.number}")
            else:
                self.unions[union] = (other, figures)


@st.composite
def revisions(draw):
    """The unions of two to four revisions of a month."""
    of_each_township = st.tuples(*[counts] * len(TOWNSHIPS))
    city = City(draw(of_each_township))
    found = [dict(city.unions)]
    for _ in range(draw(st.integers(1, 3))):
        for act in draw(st.lists(acts, max_size=4)):
            city.change(*act)
        found.append(dict(city.unions))
    return found


def measured_of(unions):
    linked = dict.fromkeys(AREAS, 0)
    for township, _ in unions.values():
        for area in (CITY, township[:6], township):
            linked[area] += 1
    return Measured(linked, dict(unions))


def never_shown_of(published):
    """The areas that no published edition shows; none before the first is published."""
    if not published:
        return set()
    return AREAS.difference(*(edition.areas for edition in published))


def released(unions, published):
    """A further edition of a month: what it shows."""
    measured = measured_of(unions)
    hidden = suppressed_areas(measured, published, never_shown_of(published))
    return Shown(measured, AREAS - hidden.keys())


def as_seen(edition):
    return Edition(
        townships=frozenset(TOWNSHIPS),
        unions=edition.measured.unions,
        shown=frozenset(edition.areas),
    )


def given_away_by(edition, published):
    """How many sums over few unions an edition gives away beside those published."""
    before = [as_seen(each) for each in published]
    return given_away(before, as_seen(edition))


@settings(deadline=None, max_examples=300)
@given(revisions())
def test_no_few_unions_are_given_away_by_revisions(found):
    published = []
    for unions in found:
        edition = released(unions, published)
        linked = edition.measured.linked
        assert all(linked[area] >= SMALLEST_AREA for area in edition.areas)
        assert given_away_by(edition, published) == 0
        published.append(edition)


class Month:
    """A month's editions: what is public of it.

    They are its own releases, and what those of the month after tell of it.
    """

    def __init__(self):
        self.releases = []
        self.told = []

    def public(self):
        return [*self.releases, *self.told]

    def show(self, unions):
        """Release the month as its unions are then; returns whether few unions are given away."""
        measured = measured_of(unions)
        hidden = suppressed_areas(measured, self.public(), never_shown_of(self.releases))
        edition = Shown(measured, AREAS - hidden.keys())
        found = given_away_by(edition, self.public())
        self.releases.append(edition)
        return found

    def tell(self, unions, shown):
        """Tell of it by the changes of the month after.

        Returns whether few unions are given away.
        """
        measured = measured_of(unions)
        hidden_then = AREAS - self.releases[-1].areas if self.releases else set()
        hidden = suppressed_areas(measured, self.public(), hidden_then)
        edition = Shown(measured, set(shown) - hidden.keys())
        found = given_away_by(edition, self.public())
        assert not edition.areas & hidden_then
        self.told.append(edition)
        return found


def released_month_by_month(first, second, order):
    """Two months, released and revised in an order.

    Returns how many sums over few unions are given away.

    first, second: the unions of each revision of the months; what the second is built on is the
    first month as it stands when the second is released, published or not.
    """
    month_before, month = Month(), Month()
    left_before, left = list(first), list(second)
    standing = first[0]
    found = 0
    for number in order:
        if number == 0 and left_before:
            standing = left_before.pop(0)
            found += month_before.show(standing)
        elif number == 1 and left:
            found += month.show(left.pop(0))
            shown = month.releases[-1].areas
            found += month_before.tell(standing, shown)
    return found


@settings(deadline=None, max_examples=100)
@given(revisions(), revisions(), st.lists(st.integers(0, 1), max_size=8))
def test_no_few_unions_are_given_away_by_the_month_after(first, second, order):
    assert released_month_by_month(first, second, order) == 0


def test_one_union_that_joins_is_not_given_away():
    city = City([20, 30, 40, 50, 60, 70])
    first = released(dict(city.unions), [])
    assert first.areas == AREAS
    city.join(TOWNSHIPS[0], 1)
    second = released(dict(city.unions), [first])
    assert AREAS - second.areas == {CITY, "330301", TOWNSHIPS[0]}
    everything = Shown(measured_of(city.unions), AREAS)
    assert given_away_by(everything, [first]) == 1


def test_few_corrected_unions_are_not_given_away_and_many_are_shown():
    city = City([20, 30, 40, 50, 60, 70])
    first = released(dict(city.unions), [])
    city.change("correct", TOWNSHIPS[0], None, 9)
    few = released(dict(city.unions), [first])
    assert AREAS - few.areas == {CITY, "330301", TOWNSHIPS[0]}
    city.change("correct", TOWNSHIPS[0], None, 20)
    many = released(dict(city.unions), [first])
    assert many.areas == AREAS


def test_what_one_revision_hid_for_few_unions_a_later_one_shows_with_others():
    city = City([20, 30, 40, 50, 60, 70])
    published = [released(dict(city.unions), [])]
    city.change("correct", TOWNSHIPS[0], None, 1)
    published.append(released(dict(city.unions), published))
    city.change("correct", TOWNSHIPS[3], None, 15)
    third = released(dict(city.unions), published)
    assert CITY in third.areas
    assert not {"330301", TOWNSHIPS[0]} & third.areas
    assert not {"330302", TOWNSHIPS[3]} <= third.areas, (
        "the city less that county would be the one union"
    )


def test_a_revision_that_takes_an_area_below_ten_can_be_released():
    city = City([12, 30, 40, 50, 60, 70])
    first = released(dict(city.unions), [])
    city.change("leave", TOWNSHIPS[0], None, 3)
    second = released(dict(city.unions), [first])
    assert TOWNSHIPS[0] not in second.areas
    assert {"330302", "330303"} <= second.areas
    assert given_away_by(second, [first]) == 0


def test_a_release_that_gave_unions_away_does_not_stop_the_next():
    city = City([12, 30, 40, 50, 60, 70])
    leaky = [Shown(measured_of(city.unions), AREAS)]
    city.join(TOWNSHIPS[0], 1)
    leaky.append(Shown(measured_of(city.unions), AREAS))
    again = released(dict(city.unions), leaky)
    assert again.areas == AREAS, "an unchanged edition tells nothing that was not told before"


@pytest.mark.fault
@pytest.mark.parametrize("cities", everyday([100, 1_000], 100))
def test_random_cities_give_no_few_unions_away(cities):
    """As the tests above, from a fixed seed; `make drill` tries many more cities."""
    draft = random.Random(20201231)
    for _ in range(cities):
        first = random_revisions(draft)
        second = random_revisions(draft)
        order = [draft.randint(0, 1) for _ in range(6)]
        assert released_month_by_month(first, second, order) == 0


def few_or_many(draft):
    """A number of unions, about as often below the smallest area as above."""
    few = draft.randint(0, 12)
    many = draft.randint(9, 40)
    return draft.choice((few, many))


def random_revisions(draft):
    """The unions of one to four revisions of a month."""
    city = City([few_or_many(draft) for _ in TOWNSHIPS])
    found = [dict(city.unions)]
    for _ in range(draft.randint(0, 3)):
        for _ in range(draft.randint(0, 4)):
            act = draft.choice(("join", "leave", "correct", "move"))
            count = draft.choice((draft.randint(1, 3), draft.randint(1, 12)))
            township = draft.choice(TOWNSHIPS)
            other = draft.choice(TOWNSHIPS)
            city.change(act, township, other, count)
        found.append(dict(city.unions))
    return found
