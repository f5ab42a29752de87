-- regions refused
select source_key || ' ' || rule as fault
from refused_rows
where source_table = 'region' and rule <> 'merged'
