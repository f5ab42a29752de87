-- areas whose sampling rate is not linked per frame
select area_code as fault
from area_index
where (frame = 0) <> (sampling_rate is null) or abs(sampling_rate * frame - 100.0 * linked) > 0.00005 * frame
