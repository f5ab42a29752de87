-- counties whose sampling rate moved by more than {{ threshold }} points within the month
select found.area_code || ' ' || (found.sampling_rate - earlier.sampling_rate) as fault
from area_index as found
inner join before_area_index as earlier on found.area_code = earlier.area_code
where found.level = 'county' and abs(found.sampling_rate - earlier.sampling_rate) > {{ threshold }}
