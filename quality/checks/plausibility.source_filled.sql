-- columns whose share of filled cells moved by more than {{ threshold }} points since the month before
select movement as fault
from source_drift
where measure = 'filled' and row_count >= {{ smallest }} and abs(change) > {{ threshold }}
