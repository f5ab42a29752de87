-- source tables without a row
select source_table as fault
from row_balance
where landed = 0
