with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

congresses as (
    select * from {{ ref('stg_workers_congress') }}
),

period as (
    select * from {{ ref('int_period') }}
),

grades as (
    select
        max(case when grade = 'congress' then value end) as congress,
        max(case when grade = 'disclosure' then value end) as disclosure,
        max(case when grade = 'disclosures_counted' then value end) as disclosures_counted
    from {{ current_methodology('grades') }}
    where indicator = 'open_affairs'
),

sums as (
    select
        congresses.union_id,
        sum(congresses.disclosures) as disclosures
    from congresses
    cross join period
    where {{ in_window('congresses.held_on') }}
    group by congresses.union_id
)

select
    linked_unions.union_id,
    'observed' as status,
    case
        when sums.union_id is null then 0
        else
            {{ rounded_units(
                units('grades.congress') ~ ' * 10000 + '
                ~ units('grades.disclosure') ~ ' * ' ~ units('least(sums.disclosures, grades.disclosures_counted)'),
                '10000'
            ) }}
    end as numerator,
    cast(null as integer) as denominator,
    1 as factor
from linked_unions
cross join grades
left join sums on linked_unions.union_id = sums.union_id
