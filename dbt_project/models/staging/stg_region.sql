{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'region') }}
),

refused as (
    select landing_row from {{ ref('refused_region') }}
)

select
    source.region_code,
    source.name_zh,
    source.name_en,
    source.level,
    source.parent_code,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
