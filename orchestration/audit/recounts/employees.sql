-- What the employees of each linked union's enterprise add to indicators that are measured by them.
select
    union_id,
    enterprise_origin as origin,
    'employees' as counts_as,
    null as numerator,
    employee_count as denominator
from linked
