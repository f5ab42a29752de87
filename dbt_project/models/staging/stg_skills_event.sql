{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'skills_event') }}
),

refused as (
    select landing_row from {{ ref('refused_skills_event') }}
)

select
    source.event_id,
    source.union_id,
    source.kind,
    source.held_on,
    source.participants,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
