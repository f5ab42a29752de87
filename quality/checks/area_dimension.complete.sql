-- areas without one row for each dimension
with due as (
    select
        areas.area_code,
        dimensions.dimension
    from area_index as areas
    cross join methodology_dimensions as dimensions
)

select distinct coalesce(due.area_code, found.area_code) as fault
from due
full join area_dimension as found on due.area_code = found.area_code and due.dimension = found.dimension
where due.area_code is null or found.area_code is null
