-- columns whose dates moved by more than {{ threshold }} days, on average, since the month before
select movement as fault
from source_drift
where measure = 'mean_day' and row_count >= {{ smallest }} and abs(change) > {{ threshold }}
