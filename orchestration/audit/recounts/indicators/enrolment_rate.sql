-- 100 * min(members, employees) / employees
select
    union_id,
    origin,
    'member' as counts_as,
    1 as numerator,
    null as denominator
from member
where joined_on <= as_of() and not coalesce(left_on <= as_of(), false)
union all
select * from employees;

select
    union_id,
    status_by_employees(denominator_sum) as status,
    least(coalesce(numerator_sum, 0), denominator_sum) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
