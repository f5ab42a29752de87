-- grade of the best studio open on the as-of date by its level, else none; few employees: not applicable
select
    union_id,
    origin,
    level as counts_as,
    grade('innovation_studio', level) as numerator,
    null as denominator
from innovation_studio
where opened_on <= as_of() and not coalesce(closed_on <= as_of(), false)
union all
select * from employees;

select
    union_id,
    case
        when denominator_sum < parameter('small_union_employees') then 'not_applicable'
        else status_by_employees(denominator_sum)
    end as status,
    coalesce(highest_numerator, grade('innovation_studio', 'none')) as numerator,
    null as denominator,
    1 as factor
from sums
