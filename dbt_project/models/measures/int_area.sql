select
    region_code as area_code,
    level,
    name_zh,
    name_en,
    case when level = 'township' then substr(region_code, 1, 6) else level end as peers
from {{ ref('stg_region') }}
