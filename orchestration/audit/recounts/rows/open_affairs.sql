-- grade congress if one was held in the window, plus grade disclosure * min(disclosures in the window, those that count at most)
select
    union_id,
    origin,
    'disclosures' as counts_as,
    disclosures as numerator,
    null as denominator
from workers_congress
where in_window(held_on)
