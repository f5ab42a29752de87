-- columns of which more than {{ threshold }} % of the dates are none that a platform could know of
select source_table || '.' || column_name || ' ' || impossible || ' of ' || filled || ', most of them ' || example as fault
from source_dates
where impossible >= {{ smallest }} and 100 * impossible > {{ threshold }} * filled
