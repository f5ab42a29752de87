with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

requests as (
    select * from {{ ref('int_request') }}
),

period as (
    select * from {{ ref('int_period') }}
),

counts as (
    select
        requests.union_id,
        count(*) as all_cases,
        count(case when requests.closed_on <= requests.due_on then 1 end) as good_cases
    from requests
    cross join period
    where {{ in_window('requests.due_on') }}
    group by requests.union_id
)

select
    linked_unions.union_id,
    case when counts.all_cases > 0 then 'observed' else 'not_applicable' end as status,
    counts.good_cases as numerator,
    counts.all_cases as denominator,
    100 as factor
from linked_unions
left join counts on linked_unions.union_id = counts.union_id
