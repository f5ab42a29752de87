-- areas whose Chinese name is not Chinese, or whose English name is
select area_code as fault
from area_index
where not regexp_matches(name_zh, '\p{Han}') or regexp_matches(name_en, '\p{Han}')
