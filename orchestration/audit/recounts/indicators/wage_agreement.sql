-- 1 with a wage contract that was signed by the as-of date and is in force on it, else 0
select
    union_id,
    origin,
    'in force' as counts_as,
    1 as numerator,
    null as denominator
from collective_contract
where kind = 'wage' and signed_on <= as_of() and as_of() between effective_from and effective_to;

select
    union_id,
    'observed' as status,
    coalesce(highest_numerator, 0) as numerator,
    null as denominator,
    1 as factor
from sums
