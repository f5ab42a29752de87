-- unions or areas whose change is not the difference of the two indices
with indices as (
    select
        found.union_id as code,
        found.index_change,
        found.health_index - earlier.health_index as due
    from union_index as found
    left join before_union_index as earlier on found.union_id = earlier.union_id
    union all
    select
        found.area_code as code,
        found.index_change,
        found.health_index - earlier.health_index as due
    from area_index as found
    left join before_area_index as earlier on found.area_code = earlier.area_code
)

select indices.code as fault
from indices
cross join build
where indices.index_change is distinct from case when build.same_methodology then indices.due end
