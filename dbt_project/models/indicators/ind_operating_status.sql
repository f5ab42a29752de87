with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

period as (
    select * from {{ ref('int_period') }}
),

grades as (
    select
        grade,
        value
    from {{ current_methodology('grades') }}
    where indicator = 'operating_status'
),

graded as (
    select
        linked_unions.union_id,
        case
            when
                linked_unions.operating_event in ('converted', 'relocated')
                and linked_unions.operating_event_on <= period.window_start
                then 'opened'
            else linked_unions.operating_event
        end as grade
    from linked_unions
    cross join period
)

select
    graded.union_id,
    'observed' as status,
    grades.value as numerator,
    cast(null as integer) as denominator,
    1 as factor
from graded
left join grades on graded.grade = grades.grade
