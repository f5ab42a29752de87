with contracts as (
    select * from {{ ref('stg_collective_contract') }}
),

period as (
    select * from {{ ref('int_period') }}
)

select
    contracts.union_id,
    max(case when contracts.kind = 'general' and contracts.registered_on <= period.as_of_date then 1 else 0 end) as registered_general,
    max(case when contracts.kind = 'general' then 1 else 0 end) as general,
    max(case when contracts.kind = 'wage' then 1 else 0 end) as wage
from contracts
cross join period
where
    contracts.signed_on <= period.as_of_date
    and contracts.effective_from <= period.as_of_date
    and contracts.effective_to >= period.as_of_date
group by contracts.union_id
