with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

studios as (
    select * from {{ ref('stg_innovation_studio') }}
),

period as (
    select * from {{ ref('int_period') }}
),

grades as (
    select
        grade,
        value
    from {{ current_methodology('grades') }}
    where indicator = 'innovation_studio'
),

best as (
    select
        studios.union_id,
        max(grades.value) as best_value
    from studios
    cross join period
    inner join grades on studios.level = grades.grade
    where
        studios.opened_on <= period.as_of_date
        and (studios.closed_on is null or studios.closed_on > period.as_of_date)
    group by studios.union_id
)

select
    linked_unions.union_id,
    case
        when linked_unions.employee_count < period.small_union_employees then 'not_applicable'
        else {{ status_by_employees('linked_unions.employee_count') }}
    end as status,
    coalesce(best.best_value, grades.value) as numerator,
    cast(null as integer) as denominator,
    1 as factor
from linked_unions
cross join period
left join grades on grades.grade = 'none'
left join best on linked_unions.union_id = best.union_id
