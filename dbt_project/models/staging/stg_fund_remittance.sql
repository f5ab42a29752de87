{#- Generated from models/sources.yml by `make models`: change that file, not this one. -#}
with source as (
    select * from {{ source('platform', 'fund_remittance') }}
),

refused as (
    select landing_row from {{ ref('refused_fund_remittance') }}
)

select
    source.union_id,
    source.month,
    source.amount_due,
    source.amount_paid,
    source.paid_on,
    source.updated_at,
    source.landing_row
from source
left join refused on source.landing_row = refused.landing_row
where refused.landing_row is null
