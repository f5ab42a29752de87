-- tables of remittances of which more than {{ threshold * 100 }} % are paid beyond what was due
with counted as (
    select
        count(*) as remittances,
        count(*) filter (where amount_paid > amount_due) as overpaid
    from accepted_fund_remittance
)

select overpaid || ' of ' || remittances as fault
from counted
where overpaid > {{ threshold }} * remittances
