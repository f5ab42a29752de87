-- Rights and assistance: contracts, inspections, disputes, requests, hardship.  Violations belong to the enterprise.

-- Contracts follow one another backwards from one that has yet to run out, or that ran out without a successor at hand;
-- in that case generations -2 and -1 are belated successors.
create table collective_contract as
with
    city as (select * from behaviour_city),
    b as (select * from behaviour_rights),
    kinds as (
        select
            'general' as kind,
            70 as salt,
            general_never as never,
            general_lapsed as lapsed,
            3 as longest,
            1.0 as chance
        from b
        union all select 'wage', 80, wage_never, wage_lapsed, 1, 1.0 from b
        union all select 'womens', 90, general_never, general_lapsed, 3, other_contract from b
        union all select 'safety', 100, general_never, general_lapsed, 2, other_contract from b
    ),
    series as (
        select
            office.*,
            kinds.kind,
            kinds.salt,
            365 * (1 + whole(draw(office.serial, kinds.salt) * kinds.longest)) as days,
            slips(office.serial, kinds.salt + 1, kinds.lapsed * office.laxity_rights) as has_lapsed,
            draw(office.serial, kinds.salt + 2) as chance,
            pick(['enterprise', 'enterprise', 'regional', 'industry'], draw(office.serial, kinds.salt + 3)) as scope
        from office
        cross join kinds
        where
            draw(office.serial, kinds.salt + 4) < kinds.chance
            and not slips(office.serial, kinds.salt + 5, kinds.never * office.laxity_rights)
    ),
    generations as (
        select
            series.*,
            generation,
            series.serial * 1000 + series.salt + generation + 2 as number,
            case
                when series.has_lapsed then day_between(city.first_month, city.last_day, series.chance)
                else city.handed_over - 3 + whole(series.chance * series.days)
            end - cast(series.days * generation as integer) + case
                when generation < 0
                    then day_between(b.gap_least, b.gap_most, draw(series.serial, series.salt + 6))
                else 0
            end as ends_on
        from series
        cross join range(-2, 5) as numbers(generation)
        cross join b
        cross join city
        where generation >= 0 or series.has_lapsed
    ),
    bounded as (
        select
            generations.*,
            least(
                generations.ends_on, coalesce(generations.crisis_on, generations.ended_on, generations.ends_on)
            ) as effective_to,
            greatest(
                generations.ends_on - generations.days + 1 + case
                    when slips(generations.number, 110, b.renewal_late * generations.laxity_rights)
                        then 10 + whole(draw(generations.number, 111) * 50)
                    else 0
                end,
                generations.union_on + 10 + whole(draw(generations.serial, 112) * 40)
            ) as effective_from
        from generations
        cross join b
    ),
    signed as (
        select *, greatest(union_on, effective_from - whole(draw(number, 113) * 15)) as signed_on
        from bounded
    )
select
    label('K', signed.number, 8) as contract_id,
    signed.union_id,
    signed.kind,
    signed.scope,
    signed.signed_on,
    signed.effective_from,
    signed.effective_to,
    case
        when not slips(signed.number, 114, b.unregistered * signed.laxity_rights)
            then known(signed.signed_on + 10 + whole(draw(signed.number, 115) * 25))
    end as registered_on,
    touched(signed.signed_on + 10 + whole(draw(signed.number, 115) * 25), signed.number) as updated_at
from signed
cross join b
cross join city
where
    signed.effective_from < signed.effective_to
    and signed.effective_to >= city.platform_begins
    and signed.signed_on <= city.handed_over;

create table safety_inspection as
with
    b as (select * from behaviour_rights),
    inspected as (
        select
            office.*,
            office.serial * 1000 + slot as number,
            slot_day(slot, 122, draw(office.serial * 1000 + slot, 120)) as inspected_on
        from office
        cross join range(8) as numbers(slot)
        cross join b
        where
            not slips(office.serial, 121, b.uninspected * office.laxity_rights)
            and draw(office.serial * 1000 + slot, 122) < b.inspection
    ),
    found as (
        select
            inspected.*,
            case
                when draw(inspected.number, 123) < b.hazards
                    then 1 + whole(draw(inspected.number, 124) * b.hazards_most)
                else 0
            end as hazards_found,
            slips(inspected.number, 125, b.hazard_left * inspected.laxity_rights) as one_left
        from inspected
        cross join b
        where inspected.inspected_on between inspected.active_from and inspected.active_until
    )
select
    label('I', number, 8) as inspection_id,
    union_id,
    inspected_on,
    hazards_found,
    hazards_found - case when one_left and hazards_found > 0 then 1 else 0 end as hazards_rectified,
    touched(inspected_on + 10, number) as updated_at
from found;

create table labour_dispute as
with
    b as (select * from behaviour_rights),
    opened as (
        select
            office.*,
            office.serial * 1000 + slot as number,
            slot_day(slot, 92, draw(office.serial * 1000 + slot, 130)) as opened_on
        from office
        cross join range(10) as numbers(slot)
        cross join b
        where draw(office.serial * 1000 + slot, 131) < least(b.dispute_most, office.employees * b.dispute_per_employee)
    ),
    closed as (
        select *, known(opened_on + 15 + whole(draw(number, 132) * 100)) as closed_on
        from opened
        where opened_on between active_from and active_until
    )
select
    label('D', closed.number, 8) as case_id,
    closed.union_id,
    pick(['mediation', 'mediation', 'legal_aid', 'arbitration'], draw(closed.number, 133)) as route,
    closed.opened_on,
    closed.closed_on,
    case
        when closed.closed_on is null then null
        when slips(closed.number, 134, b.dispute_failed * closed.laxity_rights) then 'failed'
        else pick(['settled', 'settled', 'settled', 'withdrawn', 'award'], draw(closed.number, 135))
    end as outcome,
    case
        when closed.closed_on is not null
            then yuan(floor(pow(draw(closed.number, 136), 2) * 6000000))
    end as recovered,
    case
        when draw(closed.number, 137) < 0.6
            then known(closed.closed_on + 20 + whole(draw(closed.number, 138) * 40))
    end as revisited_on,
    touched(coalesce(closed.closed_on + 20, closed.opened_on), closed.number) as updated_at
from closed
cross join b;
