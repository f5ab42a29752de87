-- The unions' remittances to the trade-union fund, month by month.

create table fund_remittance as
with
    city as (select * from behaviour_city),
    b as (select * from behaviour_fund),
    months as (
        select
            cast(unnest(generate_series(first_month, last_day, interval 1 month)) as date) as month,
            first_month
        from city
    ),
    due as (
        select
            office.serial * 1000 + cast(date_diff('month', months.first_month, months.month) as bigint) as number,
            office.union_id,
            office.laxity_organization,
            months.month,
            cast(office.employees as bigint)
            * (b.cents_per_employee + whole(draw(office.serial, 60) * b.cents_spread)) as cents,
            case
                when slips(office.serial, 61, b.pays_short * office.laxity_organization)
                    then b.short_least + (b.short_most - b.short_least) * draw(office.serial, 62)
                else 1.0
            end as share
        from office
        cross join b
        join months on months.month >= date_trunc('month', office.union_on) and months.month <= office.active_until
        where not slips(office.serial, 63, b.never_reported * office.laxity_organization)
    ),
    paid as (
        select
            due.*,
            case
                when not slips(due.number, 64, b.unpaid * due.laxity_organization)
                    then known(
                        due.month + 12 + whole(draw(due.number, 65) * 15)
                        + case
                            when slips(due.number, 66, b.late * due.laxity_organization)
                                then 30 + whole(draw(due.number, 67) * 30)
                            else 0
                        end
                    )
            end as paid_on
        from due
        cross join b
    )
select
    union_id,
    month,
    yuan(cents) as amount_due,
    yuan(case when paid_on is not null then floor(cents * share) else 0 end) as amount_paid,
    paid_on,
    touched(coalesce(paid_on, month + 27), number) as updated_at
from paid;
