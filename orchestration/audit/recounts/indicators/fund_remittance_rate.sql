-- over months in the window: 100 * min(paid by the as-of date, due) / due; no rows: missing; nothing due: not applicable
select
    union_id,
    origin,
    strftime(month, '%Y-%m') as counts_as,
    case when paid_on <= as_of() then amount_paid else 0 end as numerator,
    amount_due as denominator
from fund_remittance
where in_window(month);

select
    union_id,
    case
        when row_count = 0 then 'missing'
        when denominator_sum = 0 then 'not_applicable'
        else 'observed'
    end as status,
    least(coalesce(numerator_sum, 0), denominator_sum) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
