-- Per source table: in = out + refused + merged.
select *
from {{ ref('row_balance') }}
where landed <> accepted + refused + merged
