"""What moved an index is told as a sum: each term with its sign, and the terms add up."""

import re
from decimal import Decimal

import pytest

from orchestration.audit import why_report
from orchestration.audit.text import change_text

TERM = re.compile(r"(?:^|(?P<sign>[+-]) )(?P<term>-?[0-9.]+) (?:by|as)")
PART = {"dimension": "rights", "points": Decimal("0.8618")}


def moved(of_stayed, of_members, joined):
    """A movement by hand: of the unions that stayed, and by those that joined."""
    change = (of_stayed or Decimal(0)) + of_members
    return {
        "health_index_before": Decimal("47.1544"),
        "health_index": Decimal("47.1544") + change,
        "change": change,
        "stayed": 0 if of_stayed is None else 25,
        "joined": ["U1", "U2", "U3"][:joined],
        "left": 0,
        "of_stayed": of_stayed,
        "of_members": of_members,
        "dimensions": [] if of_stayed is None else [PART],
    }


@pytest.mark.parametrize(
    ("of_stayed", "of_members", "joined"),
    [
        (Decimal("-0.2029"), Decimal("1.4783"), 3),
        (Decimal("0.2029"), Decimal("-1.4783"), 3),
        (Decimal("0.2029"), Decimal("0.0000"), 0),
        (None, Decimal("1.4783"), 3),
    ],
)
def test_the_terms_of_a_movement_have_signs_and_add_up(of_stayed, of_members, joined):
    line = why_report.parts_of(moved(of_stayed, of_members, joined))
    stated, terms = line.split(" = ")
    signs, figures = zip(*TERM.findall(terms), strict=True)
    assert signs[0] == ""
    assert len(signs) == 2
    total = Decimal(figures[0]) + Decimal(signs[1] + figures[1])
    assert total == Decimal(stated.rpartition(", ")[2])


def test_a_movement_reads_as_a_sum():
    line = why_report.parts_of(moved(Decimal("-0.2029"), Decimal("1.4783"), 3))
    assert line == (
        "index 47.1544 -> 48.4298, +1.2754 = "
        "-0.2029 by 25 unions that stayed (rights +0.8618) + 1.4783 by 3 joined and 0 left"
    )


def test_zero_has_no_sign():
    line = why_report.parts_of(moved(Decimal("0.0000"), Decimal("0.0000"), 0))
    assert ", 0.0000 = 0.0000 by 25 unions" in line
    assert change_text(Decimal("0.0000")) == "0.0000"


def test_an_index_that_was_not_there_before_has_no_sum():
    row = moved(None, Decimal(0), 0) | {"health_index_before": None, "change": None}
    assert why_report.parts_of(row) == "index – -> 47.1544"
