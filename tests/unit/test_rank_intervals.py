"""The rank intervals: seeded, and the same for any order of unions.

They equal a draw-by-draw calculation.
"""

import numpy as np

from tests.support.rank_intervals import rank_interval

WEIGHTS = np.array([20.0, 10.0, 30.0, 40.0])
DIMENSION_OF = np.array([0, 0, 1, 2])
DIMENSION_WEIGHTS = np.array([30.0, 30.0, 40.0])


def city(unions=40, counties=4):
    generator = np.random.default_rng(1)
    scores = np.round(generator.uniform(0, 100, (unions, 4)), 4)
    scores[generator.random((unions, 4)) < 0.3] = np.nan
    scores[:, 0] = np.where(np.isnan(scores).all(axis=1), 50, scores[:, 0])
    return scores, np.arange(unions) % counties


def ranks(scores, county_of, seed=202012, **changed):
    drawn = {"draws": 1000, "spread": 25} | changed
    return rank_interval.county_ranks(
        scores, county_of, WEIGHTS, DIMENSION_OF, DIMENSION_WEIGHTS, seed=seed, **drawn
    )


def test_the_seed_settles_the_draws():
    scores, county_of = city()
    assert (ranks(scores, county_of) == ranks(scores, county_of)).all()
    assert (ranks(scores, county_of) != ranks(scores, county_of, seed=202011)).any()


def test_the_order_of_unions_does_not_matter():
    scores, county_of = city()
    shuffled = np.random.default_rng(2).permutation(len(scores))
    assert (ranks(scores, county_of) == ranks(scores[shuffled], county_of[shuffled])).all()


def test_draws_equal_a_calculation_union_by_union():
    scores, county_of = city()
    generator = np.random.Generator(np.random.PCG64(202012))
    indicator_factors = generator.uniform(0.75, 1.25, (1000, 4))
    dimension_factors = generator.uniform(0.75, 1.25, (1000, 3))
    found = ranks(scores, county_of)
    for draw in (0, 499, 999):
        weights = WEIGHTS * indicator_factors[draw]
        dimensions = DIMENSION_WEIGHTS * dimension_factors[draw]
        dimensions *= 100 / dimensions.sum()
        indices = []
        for union in scores:
            rates = []
            for dimension in range(3):
                used = (dimension == DIMENSION_OF) & ~np.isnan(union)
                rates.append(
                    (weights[used] @ union[used]) / weights[used].sum() if used.any() else np.nan
                )
            rates = np.array(rates)
            known = ~np.isnan(rates)
            rates[~known] = (dimensions[known] @ rates[known]) / dimensions[known].sum()
            indices.append(dimensions @ rates / 100)
        means = np.array(
            [np.round(np.mean(np.array(indices)[county_of == county]), 4) for county in range(4)]
        )
        assert (found[draw] == [1 + (means > mean).sum() for mean in means]).all()


def test_equal_counties_share_a_rank():
    scores, _ = city(unions=10)
    doubled = np.vstack([scores, scores])
    assert (ranks(doubled, np.repeat([0, 1], 10)) == 1).all()


def test_nearest_rank():
    draws = np.arange(1, 1001)[:, None]
    assert rank_interval.nearest_rank(draws, 5)[0] == 50
    assert rank_interval.nearest_rank(draws, 95)[0] == 950
