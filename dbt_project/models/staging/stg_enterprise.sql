{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'enterprise') }}
),

refused as (
    select landing_row from {{ ref('refused_enterprise') }}
)

select
    source.enterprise_id,
    source.name_zh,
    source.region_code,
    source.industry_code,
    source.employee_count,
    source.established_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
