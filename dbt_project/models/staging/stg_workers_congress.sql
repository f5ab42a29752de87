{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'workers_congress') }}
),

refused as (
    select landing_row from {{ ref('refused_workers_congress') }}
)

select
    source.meeting_id,
    source.union_id,
    source.held_on,
    source.disclosures,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
