-- unions of another rank in the city
with ranked as (
    select
        union_id,
        city_rank,
        rank() over (order by health_index desc) as due
    from union_index
)

select union_id as fault
from ranked
where due is distinct from city_rank
