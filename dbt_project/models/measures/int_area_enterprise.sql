with areas as (
    select * from {{ ref('int_area') }}
),

enterprises as (
    select * from {{ ref('stg_enterprise') }}
),

frame as (
    select * from {{ ref('int_frame') }}
),

places as (
    select distinct region_code from enterprises
),

area_places as (
    select
        areas.area_code,
        places.region_code
    from areas
    inner join places
        on areas.area_code in (places.region_code, {{ county_of('places.region_code') }}, {{ city_of('places.region_code') }})
)

select
    area_places.area_code,
    enterprises.enterprise_id,
    frame.union_id,
    frame.union_id is not null as in_frame,
    coalesce(frame.linked, false) as linked
from enterprises
inner join area_places on enterprises.region_code = area_places.region_code
left join frame on enterprises.enterprise_id = frame.enterprise_id
