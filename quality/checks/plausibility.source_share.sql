-- codes whose share of a column moved by more than {{ threshold }} points since the month before
select movement as fault
from source_drift
where measure = 'share' and row_count >= {{ smallest }} and abs(change) > {{ threshold }}
