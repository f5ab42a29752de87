-- source tables without a change in the last {{ threshold }} days of the closed month
select row_balance.source_table || ' ' || row_balance.latest_change as fault
from row_balance
cross join build
where not build.provisional and row_balance.latest_change < build.last_day - cast({{ threshold }} as integer)
