-- columns whose mean grew or shrank by a factor of more than {{ threshold }} since the month before
select movement as fault
from source_drift
where measure = 'mean' and row_count >= {{ smallest }} and (found > {{ threshold }} * earlier or found * {{ threshold }} < earlier)
