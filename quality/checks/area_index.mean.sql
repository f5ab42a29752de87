-- areas whose index is not the mean of their unions'
with means as (
    select
        area_code,
        sum(health_index) as total,
        nullif(count(health_index), 0) as unions
    from area_unions
    group by area_code
)

select areas.area_code as fault
from area_index as areas
left join means on areas.area_code = means.area_code
where
    (areas.health_index is null) <> (means.unions is null)
    or abs(areas.health_index * means.unions - means.total) > 0.00005 * means.unions
