-- cities of which more than {{ threshold * 100 }} % of the unions are in another county than in the month before
select moved || ' of ' || unions as fault
from (
    select
        count(*) as unions,
        count(*) filter (where found.county_code <> earlier.county_code) as moved
    from union_index as found
    inner join before_union_index as earlier on found.union_id = earlier.union_id
) as counted
where moved > {{ threshold }} * unions and unions >= {{ smallest }}
