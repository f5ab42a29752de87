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
select * from employees;

select
    union_id,
    status_by_employees(denominator_sum) as status,
    coalesce(numerator_sum, 0) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
