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
    source.id_pseudonym,
    source.phone_pseudonym,
    source.id_placeholder,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
