with indices as (
    select * from {{ ref('int_index') }}
),

alerted as (
    select distinct union_id from {{ ref('int_immediate_alert') }}
),

predecessor as (
    select * from {{ source('predecessor', 'union_index') }}
)

select
    indices.union_id,
    'months_yellow' as measure,
    cast(null as varchar) as dimension,
    cast(case when alerted.union_id is null then 0 else 1 + coalesce(predecessor.months_yellow, 0) end as {{ figure_type() }}) as observed
from indices
left join alerted on indices.union_id = alerted.union_id
left join predecessor on indices.union_id = predecessor.union_id
