-- counties whose frame changed by more than {{ threshold * 100 }} % within the month
select found.area_code || ' ' || earlier.frame || ' to ' || found.frame as fault
from area_index as found
inner join before_area_index as earlier on found.area_code = earlier.area_code
where found.level = 'county' and earlier.frame >= {{ smallest }} and abs(found.frame - earlier.frame) > {{ threshold }} * earlier.frame
