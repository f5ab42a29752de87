-- source tables of which more than {{ threshold * 100 }} % of the rows are gone since the month before
select found.source_table || ' ' || earlier.landed || ' to ' || found.landed as fault
from row_balance as found
inner join before_row_balance as earlier on found.source_table = earlier.source_table
where earlier.landed >= {{ smallest }} and found.landed < earlier.landed * (1 - {{ threshold }})
