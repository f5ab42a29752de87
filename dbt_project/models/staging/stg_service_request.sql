{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'service_request') }}
),

refused as (
    select landing_row from {{ ref('refused_service_request') }}
)

select
    source.request_id,
    source.union_id,
    source.category,
    {{ local_date('source.opened_at') }} as opened_on,
    {{ local_date('source.closed_at') }} as closed_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
