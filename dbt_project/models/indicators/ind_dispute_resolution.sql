with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

disputes as (
    select * from {{ ref('stg_labour_dispute') }}
),

period as (
    select * from {{ ref('int_period') }}
),

counts as (
    select
        disputes.union_id,
        count(*) as all_cases,
        count(case when disputes.outcome in ('settled', 'withdrawn', 'award') then 1 end) as good_cases
    from disputes
    cross join period
    where {{ in_window('disputes.closed_on') }}
    group by disputes.union_id
)

select
    linked_unions.union_id,
    case when counts.all_cases > 0 then 'observed' else 'not_applicable' end as status,
    counts.good_cases as numerator,
    counts.all_cases as denominator,
    100 as factor
from linked_unions
left join counts on linked_unions.union_id = counts.union_id
