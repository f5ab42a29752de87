-- over inspections in the window: none: 0; no hazards found: 100; else 100 * min(rectified, found) / found
select
    union_id,
    origin,
    'inspection' as counts_as,
    hazards_rectified as numerator,
    hazards_found as denominator
from safety_inspection
where in_window(inspected_on)
