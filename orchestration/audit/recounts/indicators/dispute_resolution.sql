-- over cases closed in the window: 100 * (settled + withdrawn + award) / closed; none closed: not applicable
select
    union_id,
    origin,
    outcome as counts_as,
    case when outcome in ('settled', 'withdrawn', 'award') then 1 else 0 end as numerator,
    1 as denominator
from labour_dispute
where in_window(closed_on);

select
    union_id,
    case when row_count = 0 then 'not_applicable' else 'observed' end as status,
    coalesce(numerator_sum, 0) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
