with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

memberships as (
    select * from {{ ref('int_membership') }}
)

select
    linked_unions.union_id,
    case when memberships.members > 0 then 'observed' else 'missing' end as status,
    memberships.verified_members as numerator,
    memberships.members as denominator,
    100 as factor
from linked_unions
left join memberships on linked_unions.union_id = memberships.union_id
