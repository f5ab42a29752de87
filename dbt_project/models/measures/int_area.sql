select
    region_code as area_code,
    level,
    name_zh,
    name_en,
    case when level = 'township' then {{ county_of('region_code') }} else level end as peers
from {{ ref('stg_region') }}
