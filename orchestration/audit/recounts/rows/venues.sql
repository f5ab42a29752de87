-- number of different kinds of venue open on the as-of date
select
    union_id,
    origin,
    kind as counts_as,
    null as numerator,
    null as denominator
from venue
where opened_on <= as_of() and not coalesce(closed_on <= as_of(), false)
