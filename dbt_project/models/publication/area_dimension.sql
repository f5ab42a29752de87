with areas as (
    select * from {{ ref('int_area') }}
),

area_unions as (
    select * from {{ ref('int_area_linked') }}
),

dimension_weights as (
    select * from {{ current_methodology('dimensions') }}
),

dimensions as (
    select * from {{ ref('int_dimension') }}
),

period as (
    select period from {{ ref('int_period') }}
),

means as (
    select
        area_unions.area_code,
        dimensions.dimension,
        {{ mean('dimensions.rate') }} as rate,
        {{ mean('dimensions.points') }} as points
    from area_unions
    inner join dimensions on area_unions.union_id = dimensions.union_id
    group by area_unions.area_code, dimensions.dimension
)

select
    period.period,
    areas.area_code,
    dimension_weights.dimension,
    means.rate,
    means.points,
    case
        when areas.level = 'county'
            then cast({{ rank_of('means.rate', among='areas.peers, dimension_weights.dimension') }} as integer)
    end as rank
from areas
cross join period
cross join dimension_weights
left join means on areas.area_code = means.area_code and dimension_weights.dimension = means.dimension
order by areas.area_code, dimension_weights.dimension
