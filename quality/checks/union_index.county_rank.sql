-- unions of another rank in their county
with ranked as (
    select
        union_id,
        county_rank,
        case
            when health_index is not null
                then rank() over (partition by county_code order by health_index desc nulls last)
        end as due
    from union_index
)

select union_id as fault
from ranked
where due is distinct from county_rank
