"""What is said of an intake that is held against published months."""

import pytest

from orchestration.home.records.revisions import RevisedMonth, Revisions
from orchestration.revisions.text import month_lines, revised_lines

NOVEMBER = RevisedMonth(
    period="2020-11",
    release="r1",
    sha256sums="0" * 64,
    as_of="2020-11-30",
    rows=(),
    rows_problem=None,
    figures=(),
    figures_problem=None,
    largest_move=None,
    remarks=(),
)


@pytest.mark.parametrize(
    ("months", "said", "told"),
    [
        ((), ["no month is published yet"], []),
        (
            (NOVEMBER,),
            ["nothing in 1 published month"],
            ["Revised since published: nothing in 1 published month"],
        ),
    ],
)
def test_that_nothing_was_revised_is_said_of_published_months_alone(months, said, told):
    intake = f"20201203T000000000Z-{'a' * 12}"
    revisions = Revisions(intake=intake, digest="0" * 64, months=months, tables={})
    assert month_lines(revisions) == said
    assert revised_lines(revisions) == told


def test_a_month_that_was_corrected_since_is_told_no_more():
    december = NOVEMBER.model_copy(update={"period": "2020-12"})
    intake = f"20201203T000000000Z-{'a' * 12}"
    found = Revisions(intake=intake, digest="0" * 64, months=(NOVEMBER, december), tables={})
    assert found.of_releases({"2020-11": "r1", "2020-12": "r2"}).months == (NOVEMBER,)
    assert found.of_releases({"2020-11": "r1", "2020-12": "r1"}) == found
    assert found.of_releases({}).months == ()
