-- 100 * members verified by the as-of date / members; no members: missing
select
    union_id,
    origin,
    case when verified_on <= as_of() then 'verified member' else 'member' end as counts_as,
    case when verified_on <= as_of() then 1 else 0 end as numerator,
    1 as denominator
from member
where joined_on <= as_of() and not coalesce(left_on <= as_of(), false);

select
    union_id,
    case when row_count = 0 then 'missing' else 'observed' end as status,
    coalesce(numerator_sum, 0) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
