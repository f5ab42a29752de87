with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

inspections as (
    select * from {{ ref('stg_safety_inspection') }}
),

period as (
    select * from {{ ref('int_period') }}
),

sums as (
    select
        inspections.union_id,
        sum(inspections.hazards_found) as found,
        sum(inspections.hazards_rectified) as rectified
    from inspections
    cross join period
    where {{ in_window('inspections.inspected_on') }}
    group by inspections.union_id
)

select
    linked_unions.union_id,
    'observed' as status,
    case
        when sums.found is null then 0
        when sums.found = 0 then 100
        else least(sums.rectified, sums.found)
    end as numerator,
    nullif(sums.found, 0) as denominator,
    case when sums.found > 0 then 100 else 1 end as factor
from linked_unions
left join sums on linked_unions.union_id = sums.union_id
