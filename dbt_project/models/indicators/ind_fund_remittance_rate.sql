with linked_unions as (
    select * from {{ ref('int_linked_union') }}
),

remittances as (
    select * from {{ ref('stg_fund_remittance') }}
),

period as (
    select * from {{ ref('int_period') }}
),

sums as (
    select
        remittances.union_id,
        sum(remittances.amount_due) as due,
        sum(case when remittances.paid_on <= period.as_of_date then remittances.amount_paid else 0 end) as paid
    from remittances
    cross join period
    where {{ in_window('remittances.month') }}
    group by remittances.union_id
)

select
    linked_unions.union_id,
    case when sums.due is null then 'missing' when sums.due = 0 then 'not_applicable' else 'observed' end as status,
    least(sums.paid, sums.due) as numerator,
    sums.due as denominator,
    100 as factor
from linked_unions
left join sums on linked_unions.union_id = sums.union_id
