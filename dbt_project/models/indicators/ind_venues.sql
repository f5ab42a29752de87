with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

venues as (
    select * from {{ ref('stg_venue') }}
),

period as (
    select * from {{ ref('int_period') }}
),

kinds as (
    select
        venues.union_id,
        count(distinct venues.kind) as kinds
    from venues
    cross join period
    where
        venues.opened_on <= period.as_of_date
        and (venues.closed_on is null or venues.closed_on > period.as_of_date)
    group by venues.union_id
)

select
    linked_unions.union_id,
    'observed' as status,
    coalesce(kinds.kinds, 0) as numerator,
    cast(null as integer) as denominator,
    1 as factor
from linked_unions
left join kinds on linked_unions.union_id = kinds.union_id
