{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'violation') }}
),

refused as (
    select landing_row from {{ ref('refused_violation') }}
)

select
    source.violation_id,
    source.enterprise_id,
    source.kind,
    source.found_on,
    source.due_on,
    source.rectified_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
