-- regions refused
select concat_ws(' ', source_key, rule, detail) as fault
from refused_rows
where source_table = 'region' and rule <> 'merged'
