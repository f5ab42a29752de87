-- Rights and assistance, continued: what workers ask for, hardship, and the violations of the enterprise.

create table service_request as
with
    b as (select * from behaviour_rights),
    asked as (
        select
            office.*,
            office.serial * 1000 + slot as number,
            slot_day(slot, 30, draw(office.serial * 1000 + slot, 140)) as opened_on
        from office
        cross join range(31) as numbers(slot)
        cross join b
        where
            draw(office.serial * 1000 + slot, 141)
            < least(b.request_most, b.request_base + office.employees * b.request_per_employee)
    ),
    closed as (
        select
            asked.*,
            moment(asked.opened_on, 8, 12, draw(asked.number, 142)) as opened_at,
            -- the next day is in time whatever the holidays; three weeks later never is
            asked.opened_on + case
                when slips(asked.number, 143, b.request_late * asked.laxity_rights)
                    then 22 + whole(draw(asked.number, 144) * 20)
                else 1
            end as closed_on
        from asked
        cross join b
        where asked.opened_on between asked.active_from and asked.active_until
    )
select
    label('Q', number, 8) as request_id,
    union_id,
    pick(
        ['wages', 'benefits', 'injury', 'leave', 'working_hours', 'housing', 'schooling'], draw(number, 145)
    ) as category,
    opened_at,
    case when known(closed_on) is not null then moment(closed_on, 8, 10, draw(number, 146)) end as closed_at,
    case
        when known(closed_on) is not null then moment(closed_on, 18, 4, draw(number, 147)) else opened_at
    end as updated_at
from closed;

create table hardship_case as
with
    b as (select * from behaviour_rights),
    registered as (
        select
            office.*,
            office.serial * 1000 + slot as number,
            slot_day(slot, 92, draw(office.serial * 1000 + slot, 150)) as registered_on
        from office
        cross join range(10) as numbers(slot)
        cross join b
        where draw(office.serial * 1000 + slot, 151) < least(0.5, office.employees * b.hardship_per_employee)
    ),
    assisted as (
        select
            registered.*,
            case
                when not slips(registered.number, 152, b.hardship_unassisted * registered.laxity_rights)
                    then known(registered.registered_on + 3 + whole(draw(registered.number, 153) * 25))
            end as assisted_on
        from registered
        cross join b
        where registered.registered_on between registered.active_from and registered.active_until
    )
select
    label('H', number, 8) as case_id,
    union_id,
    registered_on,
    assisted_on,
    case
        when draw(number, 154) < 0.5 then known(assisted_on + 90 + whole(draw(number, 155) * 300))
    end as lifted_on,
    touched(greatest(registered_on, assisted_on), number) as updated_at
from assisted;

-- Enterprises without a union have violations too; a crisis brings one with a short term that nobody corrects.
create table violation as
with
    b as (select * from behaviour_rights),
    city as (select * from behaviour_city),
    habits as (
        select
            employer.serial,
            employer.enterprise_id,
            employer.established_on,
            coalesce(office.laxity_rights, 1) as laxity_rights,
            office.crisis_on
        from employer
        left join office on employer.serial = office.serial
    ),
    inspections as (
        select
            habits.serial,
            habits.enterprise_id,
            habits.laxity_rights,
            habits.serial * 1000 + slot * 2 as number,
            slot_day(slot, 92, draw(habits.serial * 1000 + slot, 160)) as found_on,
            habits.established_on,
            15 * cast(pow(2, whole(draw(habits.serial * 1000 + slot, 161) * 3)) as integer) as term
        from habits
        cross join range(10) as numbers(slot)
        cross join b
        where slips(habits.serial * 1000 + slot, 162, b.violation * habits.laxity_rights)
    ),
    ordinary as (
        select
            inspections.*,
            slips(inspections.number, 163, b.violation_never * inspections.laxity_rights) as never,
            draw(inspections.number, 164) < b.violation_late as late
        from inspections
        cross join b
        cross join city
        where inspections.found_on between inspections.established_on and city.handed_over
    ),
    found as (
        select serial, enterprise_id, number, found_on, term, never, late, 0 as companion from ordinary
        union all
        select
            ordinary.serial,
            ordinary.enterprise_id,
            ordinary.number + 1,
            ordinary.found_on,
            ordinary.term,
            ordinary.never,
            ordinary.late,
            1
        from ordinary
        cross join b
        where draw(ordinary.number, 165) < b.violation_companion
        union all
        select
            habits.serial,
            habits.enterprise_id,
            habits.serial * 1000 + 900 + copy,
            habits.crisis_on - 6,
            7,
            true,
            false,
            copy
        from habits
        cross join range(2) as numbers(copy)
        cross join b
        where habits.crisis_on is not null and draw(habits.serial * 1000 + copy, 166) < b.violation_in_crisis
    )
select
    label('V', number, 8) as violation_id,
    enterprise_id,
    -- the companion's kind is the next one, so that the two differ
    ['wage_arrears', 'social_insurance', 'overtime', 'safety', 'contract'][
        1 + (whole(draw(number - companion, 167) * 5) + companion) % 5
    ] as kind,
    found_on,
    found_on + term as due_on,
    case
        when not never
            then known(
                found_on + case
                    when late then term + 10 + whole(draw(number - companion, 168) * 90)
                    else whole(draw(number, 168) * term)
                end
            )
    end as rectified_on,
    touched(greatest(found_on, rectified_on), number) as updated_at
from found;
