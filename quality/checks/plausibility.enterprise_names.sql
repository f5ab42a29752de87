-- linked unions whose enterprise's Chinese name is not Chinese
select union_id as fault
from union_index
where not is_chinese_name(name_zh, {{ threshold }})
