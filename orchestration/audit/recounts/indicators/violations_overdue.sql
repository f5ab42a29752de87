-- the enterprise's violations found by the as-of date, due before it and not rectified by it
select
    linked.union_id,
    violation.origin,
    concat('due ', violation.due_on) as counts_as,
    1 as numerator,
    null as denominator
from violation
inner join linked on violation.enterprise_id = linked.enterprise_id
where violation.found_on <= as_of() and violation.due_on < as_of() and not coalesce(violation.rectified_on <= as_of(), false);

select
    union_id,
    'observed' as status,
    coalesce(numerator_sum, 0) as numerator,
    null as denominator,
    1 as factor
from sums
