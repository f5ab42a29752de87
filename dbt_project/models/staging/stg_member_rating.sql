{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'member_rating') }}
),

refused as (
    select landing_row from {{ ref('refused_member_rating') }}
)

select
    source.rating_id,
    source.union_id,
    source.member_id,
    source.rated_on,
    source.stars,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
