-- over months in the window: 100 * min(paid by the as-of date, due) / due; no rows: missing; nothing due: not applicable
select
    union_id,
    origin,
    strftime(month, '%Y-%m') as counts_as,
    case when paid_on <= as_of() then amount_paid else 0 end as numerator,
    amount_due as denominator
from fund_remittance
where in_window(month)
