with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

memberships as (
    select * from {{ ref('int_membership') }}
)

select
    linked_unions.union_id,
    {{ status_by_employees('linked_unions.employee_count') }} as status,
    least(coalesce(memberships.members, 0), linked_unions.employee_count) as numerator,
    linked_unions.employee_count as denominator,
    100 as factor
from linked_unions
left join memberships on linked_unions.union_id = memberships.union_id
