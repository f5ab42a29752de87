-- source tables whose rows are not accepted, refused or merged
select source_table as fault
from row_balance
where landed <> accepted + refused + merged
