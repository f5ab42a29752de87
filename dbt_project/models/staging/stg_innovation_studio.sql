{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'innovation_studio') }}
),

refused as (
    select landing_row from {{ ref('refused_innovation_studio') }}
)

select
    source.studio_id,
    source.union_id,
    source.level,
    source.opened_on,
    source.closed_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
