{#
  An indicator that is measured per employee: 100 * amount / employees, over the rows of `facts` whose `day` lies in the window.
  `amount` is an aggregate over the rows; columns are named facts.<column>. Unknown employees make it missing, none make it not applicable.
#}
{% macro per_employee(facts, day, amount) %}
with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

facts as (
    select * from {{ facts }}
),

period as (
    select * from {{ ref('int_period') }}
),

sums as (
    select
        facts.union_id,
        {{ amount }} as total
    from facts
    cross join period
    where {{ in_window(day) }}
    group by facts.union_id
)

select
    linked_unions.union_id,
    {{ status_by_employees('linked_unions.employee_count') }} as status,
    coalesce(sums.total, 0) as numerator,
    linked_unions.employee_count as denominator,
    100 as factor
from linked_unions
left join sums on linked_unions.union_id = sums.union_id
{% endmacro %}

{#
  An indicator that is a share of cases: 100 * those of which `good` holds / all, over the rows of `cases` whose `day` lies in the window.
  Columns are named cases.<column> and period.<column>. No case makes it not applicable.
#}
{% macro share_of_cases(cases, day, good) %}
with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

cases as (
    select * from {{ cases }}
),

period as (
    select * from {{ ref('int_period') }}
),

counts as (
    select
        cases.union_id,
        count(*) as all_cases,
        count(case when {{ good }} then 1 end) as good_cases
    from cases
    cross join period
    where {{ in_window(day) }}
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
{% endmacro %}
