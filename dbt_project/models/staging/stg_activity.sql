{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'activity') }}
),

refused as (
    select landing_row from {{ ref('refused_activity') }}
)

select
    source.activity_id,
    source.union_id,
    source.held_on,
    source.participants,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
