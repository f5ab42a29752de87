-- rows whose status, value and score disagree
select union_id || ' ' || indicator as fault
from union_indicator
where
    (status = 'observed') <> (value is not null)
    or (status = 'observed') <> (numerator is not null)
    or (status = 'not_applicable') <> (score is null)
    or (status = 'missing' and score <> 0)
