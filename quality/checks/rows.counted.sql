-- source tables whose rows in the landing or among the refused are others than counted
with landed as (
    select
        row_balance.source_table,
        row_balance.landed,
        row_balance.refused,
        row_balance.merged,
        count(refused_rows.landing_row) filter (where refused_rows.rule <> 'merged') as refused_found,
        count(refused_rows.landing_row) filter (where refused_rows.rule = 'merged') as merged_found
    from row_balance
    left join refused_rows on row_balance.source_table = refused_rows.source_table
    group by all
)

select landed.source_table as fault
from landed
left join landing_rows on landed.source_table = landing_rows.source_table
where
    landed.landed is distinct from landing_rows.landed
    or landed.refused <> landed.refused_found
    or landed.merged <> landed.merged_found
