-- areas whose Chinese name is not Chinese, or whose English name is
select area_code as fault
from area_index
where not is_chinese_name(name_zh, {{ threshold }}) or regexp_matches(name_en, '\p{Han}')
