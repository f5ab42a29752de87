with indices as (
    select * from {{ ref('int_index') }}
),

levels as (
    select
        union_id,
        max(case when level = 'red' then 1 else 0 end) as red
    from {{ ref('int_alert') }}
    group by union_id
)

select
    indices.union_id,
    case when levels.red = 1 then 'red' when levels.red = 0 then 'yellow' else 'green' end as health_code
from indices
left join levels on indices.union_id = levels.union_id
