-- areas whose rates or points are not the means of their unions'
with means as (
    select
        unions.area_code,
        found.dimension,
        sum(found.rate) as rate,
        sum(found.points) as points,
        nullif(count(found.rate), 0) as unions
    from area_unions as unions
    inner join union_dimension as found on unions.union_id = found.union_id
    group by all
)

select areas.area_code || ' ' || areas.dimension as fault
from area_dimension as areas
left join means on areas.area_code = means.area_code and areas.dimension = means.dimension
where
    (areas.rate is null) <> (means.unions is null)
    or abs(areas.rate * means.unions - means.rate) > 0.00005 * means.unions
    or abs(areas.points * means.unions - means.points) > 0.00005 * means.unions
