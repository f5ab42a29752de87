-- unions whose points do not sum to their index
select unions.union_id as fault
from union_index as unions
left join union_dimension as dimensions on unions.union_id = dimensions.union_id
group by unions.union_id, unions.health_index
having unions.health_index is distinct from sum(dimensions.points)
