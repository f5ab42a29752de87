-- Innovation and enterprise: training and competitions, proposals, studios.

create table skills_event as
with
    b as (select * from behaviour_innovation),
    held as (
        select
            office.*,
            office.serial * 1000 + slot as number,
            slot_day(slot, 92, draw(office.serial * 1000 + slot, 170)) as held_on
        from office
        cross join range(10) as numbers(slot)
        cross join b
        where
            not slips(office.serial, 171, b.skills_idle * office.laxity_innovation)
            and draw(office.serial * 1000 + slot, 172) < b.skills_event
    )
select
    label('S', held.number, 8) as event_id,
    held.union_id,
    case when draw(held.number, 173) < 0.75 then 'training' else 'competition' end as kind,
    held.held_on,
    cast(
        greatest(
            1,
            round(
                held.employees
                * short_of(b.skills_most, b.skills_loss, held.laxity_innovation, draw(held.number, 174))
            )
        ) as integer
    ) as participants,
    touched(held.held_on + 3, held.number) as updated_at
from held
cross join b
where held.held_on between held.active_from and held.active_until;

create table proposal as
with
    b as (select * from behaviour_innovation),
    quarters as (
        select
            office.*,
            slot,
            least(
                90,
                whole(
                    b.proposals_base
                    + office.employees * b.proposals_per_employee
                    + draw(office.serial * 1000 + slot, 180)
                )
            ) as proposals
        from office
        cross join range(10) as numbers(slot)
        cross join b
        where not slips(office.serial, 181, b.proposals_idle * office.laxity_innovation)
    ),
    numbered as (
        select quarters.*, quarters.serial * 1000 + quarters.slot * 100 + unnest(range(quarters.proposals)) as number
        from quarters
    ),
    submitted as (
        select
            numbered.*,
            slot_day(numbered.slot, 92, draw(numbered.number, 182)) as submitted_on
        from numbered
    ),
    adopted as (
        select
            submitted.*,
            case
                when draw(submitted.number, 183) < b.adopted
                    then known(submitted.submitted_on + 5 + whole(draw(submitted.number, 184) * 50))
            end as adopted_on
        from submitted
        cross join b
        where submitted.submitted_on between submitted.active_from and submitted.active_until
    )
select
    label('P', number, 8) as proposal_id,
    union_id,
    submitted_on,
    adopted_on,
    case
        when adopted_on is not null and draw(number, 185) < 0.7
            then yuan(floor(pow(draw(number, 186), 3) * 20000000))
    end as benefit,
    touched(greatest(submitted_on, adopted_on), number) as updated_at
from adopted;

create table innovation_studio as
with
    b as (select * from behaviour_innovation),
    city as (select * from behaviour_city),
    studios as (
        select
            office.*,
            greatest(office.union_on, city.register_begins) as earliest,
            draw(office.serial, 190) < case when office.employees >= 50 then b.studio else b.studio_small end
            and not slips(office.serial, 191, b.studio_idle * office.laxity_innovation) as has_studio,
            -- larger enterprises reach higher levels
            draw(office.serial, 192) + least(0.25, office.employees / 4000) as standing
        from office
        cross join b
        cross join city
    ),
    opened as (
        select
            studios.*,
            day_between(
                studios.earliest + 30, greatest(studios.earliest + 30, city.handed_over - 1), draw(studios.serial, 193)
            ) as opened_on
        from studios
        cross join city
        where studios.has_studio
    )
select
    label('O', opened.serial, 7) as studio_id,
    opened.union_id,
    case
        when opened.standing < 0.35 then 'enterprise'
        when opened.standing < 0.75 then 'county'
        when opened.standing < 1.0 then 'city'
        when opened.standing < 1.2 then 'province'
        else 'national'
    end as level,
    opened.opened_on,
    case
        when draw(opened.serial, 194) < b.studio_closed
            then day_between(opened.opened_on, greatest(opened.opened_on, city.handed_over), draw(opened.serial, 195))
    end as closed_on,
    touched(greatest(opened.opened_on, city.history_begins), opened.serial * 1000 + 20) as updated_at
from opened
cross join b
cross join city
where opened.opened_on <= opened.active_until;
