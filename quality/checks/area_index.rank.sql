-- counties or townships of another rank among their peers
with ranked as (
    select
        area_code,
        rank,
        case
            when level <> 'city' and health_index is not null
                then rank() over (partition by level, case level when 'township' then substr(area_code, 1, 6) end order by health_index desc nulls last)
        end as due
    from area_index
)

select area_code as fault
from ranked
where rank is distinct from due
