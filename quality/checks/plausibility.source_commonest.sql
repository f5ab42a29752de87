-- columns whose commonest value holds more than {{ threshold }} points more of the cells than in the month before
select movement as fault
from source_drift
where measure = 'commonest' and row_count >= {{ smallest }} and change > {{ threshold }}
