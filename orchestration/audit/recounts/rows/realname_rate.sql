-- 100 * members verified by the as-of date / members; no members: missing
select
    union_id,
    origin,
    case when verified_on <= as_of() then 'verified member' else 'member' end as counts_as,
    case when verified_on <= as_of() then 1 else 0 end as numerator,
    1 as denominator
from member
where joined_on <= as_of() and not coalesce(left_on <= as_of(), false)
