with dimensions as (
    select * from {{ ref('int_dimension') }}
),

period as (
    select period from {{ ref('int_period') }}
)

select
    period.period,
    dimensions.union_id,
    dimensions.dimension,
    dimensions.rate,
    dimensions.points
from dimensions
cross join period
order by dimensions.union_id, dimensions.dimension
