with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

contracts as (
    select * from {{ ref('int_contract') }}
),

grades as (
    select
        grade,
        value
    from {{ current_methodology('grades') }}
    where indicator = 'collective_contract'
),

graded as (
    select
        linked_unions.union_id,
        case
            when contracts.registered_general = 1 then 'registered'
            when contracts.general = 1 then 'in_force'
            else 'none'
        end as grade
    from linked_unions
    left join contracts on linked_unions.union_id = contracts.union_id
)

select
    graded.union_id,
    'observed' as status,
    grades.value as numerator,
    cast(null as integer) as denominator,
    1 as factor
from graded
left join grades on graded.grade = grades.grade
