-- cities whose index moved by more than {{ threshold }} points within the month
select area_code || ' ' || index_change as fault
from area_index
where level = 'city' and abs(index_change) > {{ threshold }}
