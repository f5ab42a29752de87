-- 100 * sum of participants in the window / employees
select
    union_id,
    origin,
    'participants' as counts_as,
    participants as numerator,
    null as denominator
from activity
where in_window(held_on)
union all
select * from employees
