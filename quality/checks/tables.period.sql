-- tables with rows of another month
select published_periods.table_name || ' ' || published_periods.period as fault
from published_periods
cross join build
where published_periods.period is distinct from build.period
