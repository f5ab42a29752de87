-- levels whose areas do not sum to the city; beside the counties stand the townships of none
with counties as (
    select area_code
    from area_index
    where level = 'county'
),

placed as (
    select
        areas.*,
        counties.area_code is null as in_no_county
    from area_index as areas
    left join counties on substr(areas.area_code, 1, 6) = counties.area_code
),

levels as (
    select
        parts.level,
        sum(placed.frame) as frame,
        sum(placed.linked) as linked,
        sum(placed.green) as green,
        sum(placed.yellow) as yellow,
        sum(placed.red) as red
    from placed
    inner join (values ('city'), ('county'), ('township')) as parts (level)
        on
            placed.level = parts.level
            or (parts.level = 'county' and placed.level = 'township' and placed.in_no_county)
    group by parts.level
)

select levels.level as fault
from levels
inner join levels as city on city.level = 'city'
where
    (levels.frame, levels.linked, levels.green, levels.yellow, levels.red)
    is distinct from
    (city.frame, city.linked, city.green, city.yellow, city.red)
