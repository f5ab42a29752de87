-- columns that exceed another more often, by more than {{ threshold }} points, than in the month before
select movement as fault
from source_drift
where measure = 'above' and row_count >= {{ smallest }} and change > {{ threshold }}
