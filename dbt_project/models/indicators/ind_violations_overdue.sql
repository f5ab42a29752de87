with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

violations as (
    select * from {{ ref('stg_violation') }}
),

period as (
    select * from {{ ref('int_period') }}
),

counts as (
    select
        violations.enterprise_id,
        count(*) as overdue
    from violations
    cross join period
    where
        violations.found_on <= period.as_of_date
        and violations.due_on < period.as_of_date
        and (violations.rectified_on is null or violations.rectified_on > period.as_of_date)
    group by violations.enterprise_id
)

select
    linked_unions.union_id,
    'observed' as status,
    coalesce(counts.overdue, 0) as numerator,
    cast(null as integer) as denominator,
    1 as factor
from linked_unions
left join counts on linked_unions.enterprise_id = counts.enterprise_id
