with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

proposals as (
    select * from {{ ref('stg_proposal') }}
),

period as (
    select * from {{ ref('int_period') }}
),

sums as (
    select
        proposals.union_id,
        count(*) as total
    from proposals
    cross join period
    where {{ in_window('proposals.adopted_on') }}
    group by proposals.union_id
)

select
    linked_unions.union_id,
    {{ status_by_employees('linked_unions.employee_count') }} as status,
    coalesce(sums.total, 0) as numerator,
    linked_unions.employee_count as denominator,
    100 as factor
from linked_unions
left join sums on linked_unions.union_id = sums.union_id
