-- over cases registered in the window: 100 * assisted by the as-of date / all; none: not applicable
select
    union_id,
    origin,
    case when assisted_on <= as_of() then 'assisted' else 'not assisted' end as counts_as,
    case when assisted_on <= as_of() then 1 else 0 end as numerator,
    1 as denominator
from hardship_case
where in_window(registered_on);

select
    union_id,
    case when row_count = 0 then 'not_applicable' else 'observed' end as status,
    coalesce(numerator_sum, 0) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
