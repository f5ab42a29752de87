"""Rank intervals of the counties under varied weights (contract, results: rank_low and rank_high).

The one model that is not SQL. Under given weights a dimension's rate is linear in the scores of
unions that share the same applicable indicators, so the draws need only the sums of scores by
county and pattern of applicability, not the unions one by one. How many draws there are, how far
they spread and which percentiles count is in seeds/parameters.csv.
"""

import numpy as np
import pandas as pd


def scaled(weights, factors):
    """Weights (k,) times factors (draws, k), each draw scaled back to the weights' sum."""
    drawn = weights * factors
    return drawn * (weights.sum() / drawn.sum(axis=1, keepdims=True))


def index_sums_of_pattern(score_sums, applicable, indicator_draws, dimension_draws, dimension_of):
    """Sums over unions of one pattern of their indices, by draw and county: (draws, counties).

    score_sums: (counties, indicators). A dimension without an applicable indicator takes the mean
    rate of the others, which is the same as weighing the others alone.
    """
    weighted, present = 0.0, 0.0
    for dimension, dimension_weight in enumerate(dimension_draws.T):
        used = (dimension_of == dimension) & applicable
        if used.any():
            weights = indicator_draws[:, used]
            rates = (weights @ score_sums[:, used].T) / weights.sum(axis=1, keepdims=True)
            weighted = weighted + dimension_weight[:, None] * rates
            present = present + dimension_weight
    return weighted / present[:, None]


def county_ranks(
    scores, county_of, weights, dimension_of, dimension_weights, *, seed, draws, spread
):
    """Rank of each county in each draw: (draws, counties).

    scores: (unions, indicators), nan where not applicable; county_of: (unions,) positions of
    counties, each with a union; weights, dimension_of: (indicators,), the latter positions in
    dimension_weights: (dimensions,). spread: percent by which a weight goes up and down at most.
    An undefined index raises ValueError.
    """
    generator = np.random.Generator(np.random.PCG64(seed))
    lowest, highest = 1 - spread / 100, 1 + spread / 100
    indicator_factors = generator.uniform(lowest, highest, (draws, len(weights)))
    dimension_factors = generator.uniform(lowest, highest, (draws, len(dimension_weights)))
    indicator_draws = np.empty_like(indicator_factors)
    for dimension, weight in enumerate(dimension_weights):
        members = dimension_of == dimension
        shares = weights[members] * (weight / weights[members].sum())
        indicator_draws[:, members] = scaled(shares, indicator_factors[:, members])
    dimension_draws = scaled(dimension_weights, dimension_factors)

    unions = np.bincount(county_of)
    bits = 1 << np.arange(scores.shape[1], dtype="int64")
    pattern_codes, pattern_of = np.unique(~np.isnan(scores) @ bits, return_inverse=True)
    index_sums = np.zeros((draws, len(unions)))
    for position, code in enumerate(pattern_codes):
        applicable = (code & bits) > 0
        chosen = pattern_of == position
        score_sums = np.zeros((len(unions), scores.shape[1]))
        np.add.at(score_sums, county_of[chosen], np.nan_to_num(scores[chosen]))
        index_sums += index_sums_of_pattern(
            score_sums, applicable, indicator_draws, dimension_draws, dimension_of
        )
    means = np.round(index_sums / unions, 4)
    if not np.isfinite(means).all():
        message = "A draw of the weights gave no index for a county."
        raise ValueError(message)
    return 1 + (means[:, None, :] > means[:, :, None]).sum(axis=2)


def nearest_rank(draws, percent):
    """Percentile of the draws by nearest rank, for each column."""
    return np.sort(draws, axis=0)[-(-percent * len(draws) // 100) - 1]


def model(dbt, session):
    """One row per county with linked unions that have an index: area_code, rank_low, rank_high."""
    dbt.config(materialized="table")
    scores = (
        dbt.ref("int_indicator_score")
        .order("union_id, indicator")
        .project("cast(score as double) as score")
        .fetchnumpy()["score"]
    )
    unions = dbt.ref("int_linked_union").order("union_id").project("union_id, county_code").df()
    areas = dbt.ref("int_area").df()
    period = dbt.ref("int_period").df().iloc[0]
    indicators = dbt.ref("indicators").df()
    dimensions = dbt.ref("dimensions").df()
    parameters = dbt.ref("parameters").df().set_index("parameter")["value"]

    indicators = (
        indicators[indicators["methodology"] == period["methodology"]]
        .sort_values("indicator")
        .reset_index(drop=True)
    )
    dimensions = dimensions[dimensions["methodology"] == period["methodology"]].sort_values(
        "position"
    )
    by_position = indicators.sort_values("position")
    matrix = np.ma.filled(scores, np.nan).reshape(len(unions), len(indicators))[
        :, by_position.index
    ]
    counties = areas.loc[areas["level"] == "county", "area_code"]
    is_ranked = unions["county_code"].isin(counties).to_numpy() & ~np.isnan(matrix).all(axis=1)
    if not is_ranked.any():
        return pd.DataFrame(
            {
                "area_code": pd.Series(dtype="str"),
                "rank_low": pd.Series(dtype="int32"),
                "rank_high": pd.Series(dtype="int32"),
            }
        )
    county_of, county_codes = pd.factorize(unions.loc[is_ranked, "county_code"], sort=True)
    ranks = county_ranks(
        matrix[is_ranked],
        county_of,
        by_position["weight"].to_numpy(dtype="float64"),
        by_position["dimension"]
        .map({name: place for place, name in enumerate(dimensions["dimension"])})
        .to_numpy(),
        dimensions["weight"].to_numpy(dtype="float64"),
        seed=int(period["period"].replace("-", "")),
        draws=int(parameters["rank_draws"]),
        spread=int(parameters["rank_spread"]),
    )
    low, high = (
        nearest_rank(ranks, int(parameters[name])).astype("int32")
        for name in ("rank_low_percentile", "rank_high_percentile")
    )
    return pd.DataFrame(
        {
            "area_code": county_codes,
            "rank_low": low,
            "rank_high": high,
        }
    )
