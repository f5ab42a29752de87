-- over inspections in the window: none: 0; no hazards found: 100; else 100 * min(rectified, found) / found
select
    union_id,
    origin,
    'inspection' as counts_as,
    hazards_rectified as numerator,
    hazards_found as denominator
from safety_inspection
where in_window(inspected_on);

select
    union_id,
    'observed' as status,
    case
        when row_count = 0 then 0
        when denominator_sum = 0 then 100
        else least(coalesce(numerator_sum, 0), denominator_sum)
    end as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
