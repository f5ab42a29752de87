-- columns of which more than {{ threshold }} % of the dates are one single day; rows may all be changed on the day of an export
select source_table || '.' || column_name || ' ' || commonest_cells || ' of ' || filled || ' are ' || commonest as fault
from source_dates
where not is_watermark and filled >= {{ smallest }} and 100 * commonest_cells > {{ threshold }} * filled
