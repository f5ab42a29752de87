{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'operating_event') }}
),

refused as (
    select landing_row from {{ ref('refused_operating_event') }}
)

select
    source.event_id,
    source.enterprise_id,
    source.event,
    source.occurred_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
