-- counties of another rank in a dimension
with ranked as (
    select
        found.area_code,
        found.dimension,
        found.rank,
        case
            when areas.level = 'county' and found.rate is not null
                then rank() over (partition by areas.level, found.dimension order by found.rate desc nulls last)
        end as due
    from area_dimension as found
    inner join area_index as areas on found.area_code = areas.area_code
)

select area_code || ' ' || dimension as fault
from ranked
where rank is distinct from due
