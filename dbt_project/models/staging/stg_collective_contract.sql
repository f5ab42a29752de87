{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'collective_contract') }}
),

refused as (
    select landing_row from {{ ref('refused_collective_contract') }}
)

select
    source.contract_id,
    source.union_id,
    source.kind,
    source.scope,
    source.signed_on,
    source.effective_from,
    source.effective_to,
    source.registered_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
