-- number of different kinds of venue open on the as-of date: the first of each kind adds 1
select
    union_id,
    origin,
    kind as counts_as,
    case when row_number() over (partition by union_id, kind order by opened_on, venue_id) = 1 then 1 else 0 end as numerator,
    null as denominator
from venue
where opened_on <= as_of() and not coalesce(closed_on <= as_of(), false);

select
    union_id,
    'observed' as status,
    coalesce(numerator_sum, 0) as numerator,
    null as denominator,
    1 as factor
from sums
