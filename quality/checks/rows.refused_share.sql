-- source tables of which more than {{ threshold * 100 }} % of the rows were refused
select source_table || ' ' || refused || ' of ' || landed as fault
from row_balance
where refused > {{ threshold }} * landed
