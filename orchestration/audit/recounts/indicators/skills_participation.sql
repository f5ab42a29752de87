-- 100 * sum of participants in the window / employees
select
    union_id,
    origin,
    'participants' as counts_as,
    participants as numerator,
    null as denominator
from skills_event
where in_window(held_on)
union all
select * from employees;

select
    union_id,
    status_by_employees(denominator_sum) as status,
    coalesce(numerator_sum, 0) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
