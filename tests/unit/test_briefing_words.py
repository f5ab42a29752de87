"""The words of the documents: words by thresholds, signs, and groups by rule."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orchestration.documents import figures
from orchestration.documents.briefing.comparison import indistinct
from orchestration.documents.briefing.wording import judged, wording
from quality.check_entries import check_words
from quality.verdict import overridable_checks, required_lists


@pytest.mark.parametrize(
    ("judgement", "value", "word"),
    [
        ("index_change", "-3.1", "fell markedly"),
        ("index_change", "-3.0", "fell markedly"),
        ("index_change", "-2.9", "fell"),
        ("index_change", "-0.5", "fell"),
        ("index_change", "-0.4", "was little changed"),
        ("index_change", "0.0", "was little changed"),
        ("index_change", "0.4", "was little changed"),
        ("index_change", "0.5", "rose"),
        ("index_change", "2.9", "rose"),
        ("index_change", "3.0", "rose markedly"),
        ("dimension_gap", "2.99", "balanced"),
        ("dimension_gap", "3.00", "uneven"),
        ("dimension_gap", "9.99", "uneven"),
        ("dimension_gap", "10.00", "far apart"),
        ("against_city", "-5.00", "well below"),
        ("against_city", "-4.99", "below"),
        ("against_city", "-1.00", "below"),
        ("against_city", "-0.99", "close to"),
        ("against_city", "0.99", "close to"),
        ("against_city", "1.00", "above"),
        ("against_city", "4.99", "above"),
        ("against_city", "5.00", "well above"),
    ],
)
def test_a_word_of_judgement_follows_its_thresholds(judgement, value, word):
    assert judged(judgement, Decimal(value)).en == word


@given(st.decimals(-100, 100, places=4))
def test_a_change_is_judged_as_it_is_published(change):
    shown = Decimal(figures.change(change).replace(figures.MINUS, "-"))
    word = judged("index_change", shown).zh
    assert ("升" in word, "降" in word) == (shown >= Decimal("0.5"), shown <= Decimal("-0.5"))


@pytest.mark.parametrize(
    ("change", "shown"),
    [("0.05", "+0.1"), ("0.0499", "0.0"), ("-0.0499", "0.0"), ("-0.05", "−0.1"), ("0", "0.0")],
)
def test_a_change_that_rounds_to_nothing_has_no_sign(change, shown):
    assert figures.change(Decimal(change)) == shown


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("-0.0499", ("0.0", "−0.05")),
        ("-0.0049", ("0.0", "0.00")),
        ("0.0049", ("0.0", "0.00")),
        ("-1234.5", ("−1,234.5", "−1,234.50")),
    ],
)
def test_a_figure_that_rounds_to_zero_has_no_sign(value, shown):
    assert (figures.index(Decimal(value)), figures.rate(Decimal(value))) == shown


def test_every_threshold_has_its_reason_and_every_sentence_both_languages():
    judgements = wording()["judgements"].values()
    reasoned = [*(step for steps in judgements for step in steps), *wording()["shown"].values()]
    assert all(step["reason"].endswith(".") for step in reasoned)
    assert all(
        [step["from"] for step in steps] == sorted({0.0, *(step["from"] for step in steps)})
        for steps in judgements
    )
    sentences = wording()["text"].values()
    assert all(
        sentence.keys() == {"zh", "en"} and sentence["zh"] and sentence["en"]
        for sentence in sentences
    )


def test_every_check_that_a_release_can_carry_failed_has_its_words():
    assert set(check_words()) == set(required_lists()["warn"]) | overridable_checks()


def ranked(*intervals):
    rows = sorted(intervals, key=sum)
    return [
        {"area_code": number, "rank_low": low, "rank_high": high}
        for number, (low, high) in enumerate(rows)
    ]


@pytest.mark.parametrize(
    ("intervals", "groups"),
    [
        ([(1, 1), (2, 2), (3, 3)], {}),
        ([(1, 2), (2, 3), (4, 4)], {0: "A", 1: "A"}),
        ([(1, 2), (1, 3), (3, 4), (5, 5)], {0: "A", 1: "A", 2: "A"}),
        ([(1, 2), (1, 2), (3, 4), (3, 4)], {0: "A", 1: "A", 2: "B", 3: "B"}),
        ([(1, 1), (1, 1), (3, 3)], {0: "A", 1: "A"}),
    ],
)
def test_counties_whose_intervals_share_a_rank_are_a_group(intervals, groups):
    assert indistinct(ranked(*intervals)) == groups


@given(
    st.lists(
        st.tuples(st.integers(1, 30), st.integers(0, 4)).map(lambda pair: (pair[0], sum(pair))),
        max_size=30,
    )
)
def test_groups_are_the_chains_of_overlapping_intervals(intervals):
    rows = ranked(*intervals)
    groups = indistinct(rows)
    for one in rows:
        for other in rows:
            overlap = (
                one["rank_low"] <= other["rank_high"] and other["rank_low"] <= one["rank_high"]
            )
            if one is not other and overlap:
                assert groups[one["area_code"]] == groups[other["area_code"]]
    for letter in set(groups.values()):
        ranks = [
            set(range(row["rank_low"], row["rank_high"] + 1))
            for row in rows
            if groups.get(row["area_code"]) == letter
        ]
        joined = set.union(*ranks)
        assert len(ranks) > 1
        assert joined == set(range(min(joined), max(joined) + 1))


def test_a_county_without_an_interval_is_in_no_group():
    assert indistinct(
        [{"area_code": "a", "rank_low": None, "rank_high": None}, *ranked((1, 2), (2, 2))]
    ) == {0: "A", 1: "A"}
