-- alerts that do not continue those of the month before
select found.union_id || ' ' || found.rule as fault
from alert as found
left join before_alert as earlier
    on
        found.union_id = earlier.union_id
        and found.rule = earlier.rule
        and found.dimension is not distinct from earlier.dimension
where
    found.months_open <> coalesce(earlier.months_open, 0) + 1
    or found.opened_period <> coalesce(earlier.opened_period, found.period)
