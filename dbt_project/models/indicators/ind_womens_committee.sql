with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

memberships as (
    select * from {{ ref('int_membership') }}
),

period as (
    select * from {{ ref('int_period') }}
)

select
    linked_unions.union_id,
    case
        when coalesce(memberships.female_members, 0) < period.womens_committee_threshold then 'not_applicable' else 'observed'
    end as status,
    case when linked_unions.womens_committee then 1 else 0 end as numerator,
    cast(null as integer) as denominator,
    1 as factor
from linked_unions
cross join period
left join memberships on linked_unions.union_id = memberships.union_id
