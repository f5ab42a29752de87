-- dimensions whose rate or points are not those of their scores
with scores as (
    select
        found.union_id,
        indicators.dimension,
        sum(cast(indicators.weight as decimal(9, 4)) * found.score) as scored,
        sum(cast(indicators.weight as decimal(9, 4))) as weighed
    from union_indicator as found
    inner join methodology_indicators as indicators on found.indicator = indicators.indicator
    where found.status <> 'not_applicable'
    group by all
),

rated as (
    select
        found.*,
        cast(dimensions.weight as decimal(9, 4)) as weight,
        scores.scored,
        scores.weighed,
        sum(case when scores.weighed is not null then cast(dimensions.weight as decimal(9, 4)) * found.rate end) over others as other_rates,
        sum(case when scores.weighed is not null then cast(dimensions.weight as decimal(9, 4)) end) over others as other_weights
    from union_dimension as found
    inner join methodology_dimensions as dimensions on found.dimension = dimensions.dimension
    left join scores on found.union_id = scores.union_id and found.dimension = scores.dimension
    window others as (partition by found.union_id)
)

select union_id || ' ' || dimension as fault
from rated
where
    (rate is null) <> (coalesce(weighed, other_weights) is null)
    or (points is null) <> (rate is null)
    or abs(rate * coalesce(weighed, other_weights) - coalesce(scored, other_rates)) > 0.00005 * coalesce(weighed, other_weights)
    or abs(100 * points - weight * rate) > 0.005
