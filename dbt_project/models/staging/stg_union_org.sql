{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'union_org') }}
),

refused as (
    select landing_row from {{ ref('refused_union_org') }}
)

select
    source.union_id,
    source.enterprise_id,
    source.established_on,
    source.committee_elected_on,
    source.committee_term_years,
    source.womens_committee,
    source.linked_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
