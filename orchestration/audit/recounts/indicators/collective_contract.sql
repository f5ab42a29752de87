-- grade of the best general contract that was signed by the as-of date and is in force on it: registered by then, or in force only
with in_force as (
    select
        union_id,
        origin,
        case when registered_on <= as_of() then 'registered' else 'in_force' end as counts_as
    from collective_contract
    where kind = 'general' and signed_on <= as_of() and as_of() between effective_from and effective_to
)

select
    union_id,
    origin,
    counts_as,
    grade('collective_contract', counts_as) as numerator,
    null as denominator
from in_force;

select
    union_id,
    'observed' as status,
    coalesce(highest_numerator, grade('collective_contract', 'none')) as numerator,
    null as denominator,
    1 as factor
from sums
