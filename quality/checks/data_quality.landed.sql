-- counties with fewer rows handed over than are refused or counted of the month, and tables of rows that are fewer than those of the counties
select area_code as fault
from data_quality
where landed < refused + conflicting + dated
union all
select 'rows of the counties' as fault
from data_quality
having sum(data_quality.landed) > (select sum(row_balance.landed) from row_balance)
