-- unions of another rank in the city
with ranked as (
    select
        union_id,
        city_rank,
        case when health_index is not null then rank() over (order by health_index desc nulls last) end as due
    from union_index
)

select union_id as fault
from ranked
where due is distinct from city_rank
