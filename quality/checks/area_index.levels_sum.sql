-- levels whose areas do not sum to the city
with levels as (
    select
        level,
        sum(frame) as frame,
        sum(linked) as linked,
        sum(green) as green,
        sum(yellow) as yellow,
        sum(red) as red
    from area_index
    group by level
)

select levels.level as fault
from levels
inner join levels as city on city.level = 'city'
where (levels.frame, levels.linked, levels.green, levels.yellow, levels.red) is distinct from (city.frame, city.linked, city.green, city.yellow, city.red)
