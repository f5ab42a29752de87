with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

cases as (
    select * from {{ ref('stg_hardship_case') }}
),

period as (
    select * from {{ ref('int_period') }}
),

counts as (
    select
        cases.union_id,
        count(*) as all_cases,
        count(case when cases.assisted_on <= period.as_of_date then 1 end) as good_cases
    from cases
    cross join period
    where {{ in_window('cases.registered_on') }}
    group by cases.union_id
)

select
    linked_unions.union_id,
    case when counts.all_cases > 0 then 'observed' else 'not_applicable' end as status,
    counts.good_cases as numerator,
    counts.all_cases as denominator,
    100 as factor
from linked_unions
left join counts on linked_unions.union_id = counts.union_id
