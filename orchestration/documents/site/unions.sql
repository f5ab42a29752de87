-- Points lost of each union and indicator. The weight of an indicator that does not apply is spread over the rest of its dimension, that of
-- a dimension of which none applies over the other dimensions, whose weighted mean its rate is; so a union's index and its points lost sum to
-- 100. Rounded once, half away from zero, from integers in units of 0.0001, of which 100 points are 1,000,000.
with scored as (
    select
        judged.union_id,
        judged.status,
        judged.numerator,
        judged.denominator,
        judged.value,
        judged.score,
        indicators.dimension,
        indicators.position,
        dimensions.units as dimension_units,
        case when judged.status <> 'not_applicable' then indicators.units end as units,
        cast(cast(judged.score as decimal(38, 4)) * 10000 as hugeint) as score_units
    from read_parquet($judged) as judged
    inner join indicators on judged.indicator = indicators.indicator
    inner join dimensions on indicators.dimension = dimensions.dimension
),

applicable as (
    select union_id, dimension, sum(units) as units, any_value(dimension_units) as dimension_units
    from scored
    group by union_id, dimension
    having sum(units) is not null
),

applicable_whole as (
    select union_id, sum(dimension_units) as units
    from applicable
    group by union_id
),

weighed as (
    select
        scored.*,
        scored.dimension_units * scored.units as share,
        applicable_whole.units * applicable.units as whole
    from scored
    left join applicable on scored.union_id = applicable.union_id and scored.dimension = applicable.dimension
    left join applicable_whole on scored.union_id = applicable_whole.union_id
)

select
    union_id,
    position,
    status,
    numerator,
    denominator,
    value,
    score,
    cast((2 * 1000000 * share + whole) // (2 * whole) as decimal(14, 0)) * 0.0001 as weight,
    cast((2 * (1000000 - score_units) * share + whole) // (2 * whole) as decimal(14, 0)) * 0.0001 as points_lost
from weighed
