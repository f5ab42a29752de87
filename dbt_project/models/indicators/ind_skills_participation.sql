with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

events as (
    select * from {{ ref('stg_skills_event') }}
),

period as (
    select * from {{ ref('int_period') }}
),

sums as (
    select
        events.union_id,
        sum(events.participants) as total
    from events
    cross join period
    where {{ in_window('events.held_on') }}
    group by events.union_id
)

select
    linked_unions.union_id,
    {{ status_by_employees('linked_unions.employee_count') }} as status,
    coalesce(sums.total, 0) as numerator,
    linked_unions.employee_count as denominator,
    100 as factor
from linked_unions
left join sums on linked_unions.union_id = sums.union_id
