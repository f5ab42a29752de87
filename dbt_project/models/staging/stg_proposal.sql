{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'proposal') }}
),

refused as (
    select landing_row from {{ ref('refused_proposal') }}
)

select
    source.proposal_id,
    source.union_id,
    source.submitted_on,
    source.adopted_on,
    source.benefit,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
