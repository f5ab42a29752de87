{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'member') }}
),

refused as (
    select landing_row from {{ ref('refused_member') }}
)

select
    source.member_id,
    source.union_id,
    source.gender,
    source.joined_on,
    source.left_on,
    source.verified_on,
    source.updated_at,
    source.id_pseudonym,
    source.id_valid,
    source.id_placeholder,
    source.phone_pseudonym,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
