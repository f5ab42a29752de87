-- cities of which less than {{ threshold }} % of the frame is linked
select area_code || ' ' || sampling_rate as fault
from area_index
where level = 'city' and sampling_rate < {{ threshold }}
