with dimensions as (
    select * from {{ ref('int_dimension') }}
),

linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

predecessor as (
    select * from {{ source('predecessor', 'union_index') }}
),

period as (
    select * from {{ ref('int_period') }}
),

indices as (
    select
        union_id,
        cast(sum(points) as {{ figure_type() }}) as health_index
    from dimensions
    group by union_id
)

select
    indices.union_id,
    indices.health_index,
    linked_unions.township_code,
    linked_unions.county_code,
    case
        when period.same_methodology
            then cast(indices.health_index - predecessor.health_index as {{ figure_type() }})
    end as index_change,
    {{ rank_of('indices.health_index') }} as city_rank,
    {{ rank_of('indices.health_index', among='linked_unions.county_code') }} as county_rank
from indices
inner join linked_unions on indices.union_id = linked_unions.union_id
cross join period
left join predecessor on indices.union_id = predecessor.union_id
