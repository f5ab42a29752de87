-- over cases closed in the window: 100 * (settled + withdrawn + award) / closed; none closed: not applicable
select
    union_id,
    origin,
    outcome as counts_as,
    case when outcome in ('settled', 'withdrawn', 'award') then 1 else 0 end as numerator,
    1 as denominator
from labour_dispute
where in_window(closed_on)
