-- columns of which the share of dates after the row's own change grew by more than {{ threshold }} points since the month before
select movement as fault
from source_drift
where measure = 'ahead' and row_count >= {{ smallest }} and change > {{ threshold }}
