-- areas whose counts are not those of their unions
with counted as (
    select
        area_code,
        count(*) as linked,
        count(*) filter (where health_code = 'green') as green,
        count(*) filter (where health_code = 'yellow') as yellow,
        count(*) filter (where health_code = 'red') as red
    from area_unions
    group by area_code
)

select areas.area_code as fault
from area_index as areas
left join counted on areas.area_code = counted.area_code
where
    areas.linked > areas.frame
    or areas.linked <> coalesce(counted.linked, 0)
    or areas.green <> coalesce(counted.green, 0)
    or areas.yellow <> coalesce(counted.yellow, 0)
    or areas.red <> coalesce(counted.red, 0)
