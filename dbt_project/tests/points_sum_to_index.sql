{{ config(meta={'dagster': {'ref': {'name': 'union_index'}}}) }}
-- A union's dimension points sum to its index.
select
    indices.union_id,
    indices.health_index,
    sum(dimensions.points) as points
from {{ ref('union_index') }} as indices
inner join {{ ref('union_dimension') }} as dimensions on indices.union_id = dimensions.union_id
group by indices.union_id, indices.health_index
having sum(dimensions.points) <> indices.health_index
