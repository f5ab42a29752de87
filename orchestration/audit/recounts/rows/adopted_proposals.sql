-- 100 * proposals adopted in the window / employees
select
    union_id,
    origin,
    'adopted' as counts_as,
    1 as numerator,
    null as denominator
from proposal
where in_window(adopted_on)
union all
select * from employees
