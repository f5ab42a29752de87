-- unions without one row for each indicator
with due as (
    select
        unions.union_id,
        indicators.indicator
    from union_index as unions
    cross join methodology_indicators as indicators
)

select distinct coalesce(due.union_id, found.union_id) as fault
from due
full join union_indicator as found on due.union_id = found.union_id and due.indicator = found.indicator
where due.union_id is null or found.union_id is null
