-- refused rows without one place, places of no refused row, and values told twice, of a row that is not refused or is about a person
with refused as (
    select
        source_table,
        landing_row
    from refused_rows
    where rule <> 'merged'
),

placed as (
    select
        source_table,
        landing_row,
        count(*) as places
    from refused_places
    group by source_table, landing_row
),

told as (
    select
        source_table,
        landing_row,
        count(*) > count(distinct column_name) as told_twice
    from refused_values
    group by source_table, landing_row
),

faults as (
    select
        coalesce(refused.source_table, placed.source_table) as source_table,
        coalesce(refused.landing_row, placed.landing_row) as landing_row
    from refused
    full join placed on refused.source_table = placed.source_table and refused.landing_row = placed.landing_row
    where refused.landing_row is null or placed.places is distinct from 1
    union all
    select
        told.source_table,
        told.landing_row
    from told
    left join refused on told.source_table = refused.source_table and told.landing_row = refused.landing_row
    left join person_tables on told.source_table = person_tables.source_table
    where refused.landing_row is null or told.told_twice or person_tables.source_table is not null
)

select concat(source_table, '/', landing_row) as fault
from faults
