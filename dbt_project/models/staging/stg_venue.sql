{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'venue') }}
),

refused as (
    select landing_row from {{ ref('refused_venue') }}
)

select
    source.venue_id,
    source.union_id,
    source.kind,
    source.opened_on,
    source.closed_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
