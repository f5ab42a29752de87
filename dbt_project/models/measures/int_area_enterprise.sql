with areas as (
    select * from {{ ref('int_area') }}
),

enterprises as (
    select * from {{ ref('stg_enterprise') }}
),

frame as (
    select * from {{ ref('int_frame') }}
)

select
    areas.area_code,
    enterprises.enterprise_id,
    frame.union_id,
    frame.union_id is not null as in_frame,
    coalesce(frame.linked, false) as linked
from enterprises
inner join areas
    on
        areas.area_code in (
            enterprises.region_code, substr(enterprises.region_code, 1, 6), substr(enterprises.region_code, 1, 4)
        )
left join frame on enterprises.enterprise_id = frame.enterprise_id
