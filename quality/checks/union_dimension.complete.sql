-- unions without one row for each dimension
with due as (
    select
        unions.union_id,
        dimensions.dimension
    from union_index as unions
    cross join methodology_dimensions as dimensions
)

select distinct coalesce(due.union_id, found.union_id) as fault
from due
full join union_dimension as found on due.union_id = found.union_id and due.dimension = found.dimension
where due.union_id is null or found.union_id is null
