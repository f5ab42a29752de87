with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

contracts as (
    select * from {{ ref('int_contract') }}
)

select
    linked_unions.union_id,
    'observed' as status,
    coalesce(contracts.wage, 0) as numerator,
    cast(null as integer) as denominator,
    1 as factor
from linked_unions
left join contracts on linked_unions.union_id = contracts.union_id
