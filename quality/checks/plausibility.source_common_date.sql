-- columns of which more than {{ threshold }} % of the dates are one single day
select source_table || '.' || column_name || ' ' || commonest_cells || ' of ' || filled || ' are ' || commonest as fault
from source_dates
where filled >= {{ smallest }} and 100 * commonest_cells > {{ threshold }} * filled
