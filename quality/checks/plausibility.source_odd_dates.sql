-- columns with dates that none could know of
select source_table || '.' || column_name || ' ' || impossible || ' of ' || filled || ', most of them ' || example as fault
from source_dates
where impossible > 0
