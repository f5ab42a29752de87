-- columns whose moments moved by more than {{ threshold }} hours, on average, since the month before
select movement as fault
from source_drift
where measure = 'mean_hour' and row_count >= {{ smallest }} and abs(change) > {{ threshold }}
