-- areas whose previous rank is not that of the month before
select found.area_code as fault
from area_index as found
left join before_area_index as earlier on found.area_code = earlier.area_code
where found.previous_rank is distinct from earlier.rank
