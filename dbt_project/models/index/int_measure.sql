with indices as (
    select * from {{ ref('int_index') }}
),

dimensions as (
    select * from {{ ref('int_dimension') }}
),

indicator_values as (
    select * from {{ ref('int_indicator_value') }}
),

rules as (
    select distinct measure from {{ current_methodology('alert_rules') }}
)

select
    union_id,
    'index' as measure,
    cast(null as varchar) as dimension,
    health_index as observed
from indices
union all
select
    union_id,
    'index_change' as measure,
    cast(null as varchar) as dimension,
    index_change as observed
from indices
union all
select
    union_id,
    'dimension_rate' as measure,
    dimension,
    rate as observed
from dimensions
union all
select
    indicator_values.union_id,
    rules.measure,
    cast(null as varchar) as dimension,
    indicator_values.value as observed
from indicator_values
inner join rules on indicator_values.indicator = rules.measure
