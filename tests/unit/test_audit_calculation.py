"""Scores, rates and rounding of the audit, against exact fractions."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.audit import calculation

KNOTS = [(0, 0), (60, 50), (90, 100)]


@pytest.mark.parametrize(
    ("value", "score"),
    [
        ("-1", "0"),
        ("0", "0"),
        ("30", "25"),
        ("59.9999", "49.9999"),
        ("60", "50"),
        ("60.0001", "50.0002"),
        ("90", "100"),
        ("300", "100"),
    ],
)
def test_scores_are_linear_between_knots_and_flat_beyond(value, score):
    knots = [(calculation.units(str(at)), calculation.units(str(worth))) for at, worth in KNOTS]
    assert calculation.figure(calculation.score(knots, calculation.units(value))) == Decimal(score)


@given(st.integers(-(10**12), 10**12), st.integers(1, 10**9))
def test_quotients_round_half_away_from_zero(dividend, divisor):
    exact = Fraction(dividend, divisor)
    rounded = calculation.quotient(dividend, divisor)
    assert abs(rounded - exact) <= Fraction(1, 2)
    if abs(rounded - exact) == Fraction(1, 2):
        assert abs(rounded) > abs(exact)


def test_means_leave_out_what_is_not_there():
    weights = {"a": 1, "b": 3, "c": 100}
    assert calculation.weighted_mean({"a": 10, "b": 20, "c": None}, weights) == 18
    assert calculation.weighted_mean({"a": None}, weights) is None
    assert calculation.weighted_mean({}, weights) is None


def test_points_are_the_weights_share_of_the_rate():
    assert calculation.figure(
        calculation.points(calculation.units("30"), calculation.units("96.8889"))
    ) == Decimal("29.0667")
    assert calculation.points(calculation.units("30"), None) is None
