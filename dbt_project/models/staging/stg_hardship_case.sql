{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'hardship_case') }}
),

refused as (
    select landing_row from {{ ref('refused_hardship_case') }}
)

select
    source.case_id,
    source.union_id,
    source.registered_on,
    source.assisted_on,
    source.lifted_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
