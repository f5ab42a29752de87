select *
from {{ ref('int_frame') }}
where linked
order by union_id
