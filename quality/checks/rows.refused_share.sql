-- source tables of which more than {{ threshold * 100 }} % of the rows were refused
with causes as (
    select
        source_table,
        count(*) as refused,
        concat_ws(' ', rule, detail) as cause,
        list(source_key order by source_key, landing_row)[:5] as examples
    from refused_rows
    where rule <> 'merged'
    group by source_table, rule, detail
),

named as (
    select
        source_table,
        list(
            cause || ' ' || refused || ' (' || array_to_string(examples, ', ') || ')'
            order by refused desc, cause asc
        )[:5] as causes
    from causes
    group by source_table
)

select
    row_balance.source_table || ' ' || row_balance.refused || ' of ' || row_balance.landed
    || ' by ' || coalesce(array_to_string(named.causes, '; '), 'no rule') as fault
from row_balance
left join named on row_balance.source_table = named.source_table
where row_balance.refused > {{ threshold }} * row_balance.landed
