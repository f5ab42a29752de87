with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

activities as (
    select * from {{ ref('stg_activity') }}
),

period as (
    select * from {{ ref('int_period') }}
),

sums as (
    select
        activities.union_id,
        sum(activities.participants) as total
    from activities
    cross join period
    where {{ in_window('activities.held_on') }}
    group by activities.union_id
)

select
    linked_unions.union_id,
    {{ status_by_employees('linked_unions.employee_count') }} as status,
    coalesce(sums.total, 0) as numerator,
    linked_unions.employee_count as denominator,
    100 as factor
from linked_unions
left join sums on linked_unions.union_id = sums.union_id
