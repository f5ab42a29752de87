with areas as (
    select * from {{ ref('int_area') }}
),

area_unions as (
    select * from {{ ref('int_area_linked') }}
),

indicators as (
    select * from {{ current_methodology('indicators') }}
),

scores as (
    select * from {{ ref('int_indicator_score') }}
),

period as (
    select period from {{ ref('int_period') }}
),

counted as (
    select
        area_unions.area_code,
        scores.indicator,
        count(case when scores.status = 'observed' then 1 end) as observed,
        count(case when scores.status = 'missing' then 1 end) as missing,
        count(case when scores.status = 'not_applicable' then 1 end) as not_applicable,
        {{ mean('scores.score') }} as mean_score
    from area_unions
    inner join scores on area_unions.union_id = scores.union_id
    group by area_unions.area_code, scores.indicator
)

select
    period.period,
    areas.area_code,
    indicators.indicator,
    cast(coalesce(counted.observed, 0) as integer) as observed,
    cast(coalesce(counted.missing, 0) as integer) as missing,
    cast(coalesce(counted.not_applicable, 0) as integer) as not_applicable,
    counted.mean_score
from areas
cross join period
cross join indicators
left join counted on areas.area_code = counted.area_code and indicators.indicator = counted.indicator
order by areas.area_code, indicators.indicator
