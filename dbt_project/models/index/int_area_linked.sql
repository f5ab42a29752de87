select
    area_code,
    union_id
from {{ ref('int_area_enterprise') }}
where linked
