-- 1 with a women's committee, else 0; fewer female members than the threshold: not applicable
select
    union_id,
    union_origin as origin,
    case when womens_committee then 'committee' else 'no committee' end as counts_as,
    case when womens_committee then 1 else 0 end as numerator,
    null as denominator
from linked
union all
select
    union_id,
    origin,
    'female member' as counts_as,
    null as numerator,
    1 as denominator
from member
where gender = 'f' and joined_on <= as_of() and not coalesce(left_on <= as_of(), false);

select
    union_id,
    case
        when coalesce(denominator_sum, 0) < parameter('womens_committee_threshold') then 'not_applicable'
        else 'observed'
    end as status,
    coalesce(numerator_sum, 0) as numerator,
    null as denominator,
    1 as factor
from sums
