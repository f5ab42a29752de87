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
select
    union_id,
    enterprise_origin as origin,
    'employees' as counts_as,
    null as numerator,
    employee_count as denominator
from linked
