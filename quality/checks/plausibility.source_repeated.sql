-- columns whose share of repeated values grew by more than {{ threshold }} points since the month before
select movement as fault
from source_drift
where measure = 'repeated' and row_count >= {{ smallest }} and change > {{ threshold }}
