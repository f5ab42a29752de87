with indices as (
    select * from {{ ref('int_index') }}
),

linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

months_yellow as (
    select * from {{ ref('int_months_yellow') }}
),

health_codes as (
    select * from {{ ref('int_health_code') }}
),

period as (
    select period from {{ ref('int_period') }}
)

select
    period.period,
    indices.union_id,
    linked_unions.enterprise_id,
    linked_unions.name_zh,
    indices.township_code,
    indices.county_code,
    indices.health_index,
    indices.index_change,
    cast(indices.city_rank as integer) as city_rank,
    cast(indices.county_rank as integer) as county_rank,
    cast(months_yellow.observed as integer) as months_yellow,
    health_codes.health_code
from indices
cross join period
inner join linked_unions on indices.union_id = linked_unions.union_id
inner join months_yellow on indices.union_id = months_yellow.union_id
inner join health_codes on indices.union_id = health_codes.union_id
order by indices.union_id
