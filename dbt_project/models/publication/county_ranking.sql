with areas as (
    select * from {{ ref('area_index') }}
),

intervals as (
    select * from {{ ref('int_county_rank_interval') }}
)

select
    areas.period,
    areas.rank,
    areas.previous_rank,
    areas.area_code,
    areas.name_zh,
    areas.name_en,
    areas.health_index,
    areas.sampling_rate,
    cast(intervals.rank_low as integer) as rank_low,
    cast(intervals.rank_high as integer) as rank_high
from areas
left join intervals on areas.area_code = intervals.area_code
where areas.level = 'county'
order by areas.area_code
