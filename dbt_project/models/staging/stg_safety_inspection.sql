{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'safety_inspection') }}
),

refused as (
    select landing_row from {{ ref('refused_safety_inspection') }}
)

select
    source.inspection_id,
    source.union_id,
    source.inspected_on,
    source.hazards_found,
    source.hazards_rectified,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
