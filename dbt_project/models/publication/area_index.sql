with areas as (
    select * from {{ ref('int_area') }}
),

enterprises as (
    select * from {{ ref('int_area_enterprise') }}
),

indices as (
    select * from {{ ref('int_index') }}
),

health_codes as (
    select * from {{ ref('int_health_code') }}
),

predecessor as (
    select * from {{ source('predecessor', 'area_index') }}
),

period as (
    select * from {{ ref('int_period') }}
),

counted as (
    select
        areas.area_code,
        count(case when enterprises.in_frame then 1 end) as frame,
        count(case when enterprises.linked then 1 end) as linked,
        count(case when health_codes.health_code = 'green' then 1 end) as green,
        count(case when health_codes.health_code = 'yellow' then 1 end) as yellow,
        count(case when health_codes.health_code = 'red' then 1 end) as red,
        {{ mean('indices.health_index') }} as health_index
    from areas
    left join enterprises on areas.area_code = enterprises.area_code
    left join indices on enterprises.union_id = indices.union_id
    left join health_codes on indices.union_id = health_codes.union_id
    group by areas.area_code
)

select
    period.period,
    areas.area_code,
    areas.level,
    areas.name_zh,
    areas.name_en,
    cast(counted.frame as integer) as frame,
    cast(counted.linked as integer) as linked,
    {{ ratio('counted.linked', 'nullif(counted.frame, 0)', factor=100) }} as sampling_rate,
    counted.health_index,
    case
        when period.same_methodology
            then cast(counted.health_index - predecessor.health_index as {{ figure_type() }})
    end as index_change,
    case
        when areas.level <> 'city' then cast({{ rank_of('counted.health_index', among='areas.peers') }} as integer)
    end as rank,
    predecessor.rank as previous_rank,
    cast(counted.green as integer) as green,
    cast(counted.yellow as integer) as yellow,
    cast(counted.red as integer) as red
from areas
cross join period
inner join counted on areas.area_code = counted.area_code
left join predecessor on areas.area_code = predecessor.area_code
order by areas.area_code
