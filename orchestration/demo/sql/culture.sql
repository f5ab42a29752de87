-- Cultural leadership: congresses, venues, activities, members' ratings.

create table workers_congress as
with
    b as (select * from behaviour_culture),
    years as (
        -- a union keeps to its season, give or take a week
        select
            office.*,
            office.serial * 1000 + held_year * 2 + again as number,
            again,
            make_date(2018 + cast(held_year as integer), 1, 1)
            + cast((whole(draw(office.serial, 200) * 358) + again * 180) % 358 as integer)
            + whole(draw(office.serial * 1000 + held_year * 2 + again, 201) * 7) as held_on
        from office
        cross join range(4) as years(held_year)
        cross join range(2) as meetings(again)
    ),
    held as (
        select years.*
        from years
        cross join b
        where
            years.held_on between years.active_from and years.active_until
            and not slips(years.serial, 202, b.congress_idle * years.laxity_culture)
            and case
                when years.again = 1 then draw(years.serial, 203) < b.congress_again
                else not slips(years.number, 204, b.congress_skipped * years.laxity_culture)
            end
    )
select
    label('C', held.number, 8) as meeting_id,
    held.union_id,
    held.held_on,
    case
        when slips(held.number, 205, b.undisclosed * held.laxity_culture)
            then cast(draw(held.number, 206) >= b.silent as integer)
        else 2 + whole(draw(held.number, 206) * 4)
    end as disclosures,
    touched(held.held_on + 5, held.number) as updated_at
from held
cross join b;

create table venue as
with
    b as (select * from behaviour_culture),
    city as (select * from behaviour_city),
    kinds as (
        select 'home' as kind, 0 as position, venue_home as lacking from b
        union all select 'reading', 1, venue_reading from b
        union all select 'sports', 2, venue_sports from b
    ),
    opened as (
        select
            office.*,
            office.serial * 10 + kinds.position as number,
            kinds.kind,
            greatest(office.union_on, city.register_begins) + 15
            + whole(
                pow(draw(office.serial * 10 + kinds.position, 210), 3)
                * least(1500, city.handed_over - greatest(office.union_on, city.register_begins) - 15)
            ) as opened_on
        from office
        cross join kinds
        cross join city
        where not slips(office.serial * 10 + kinds.position, 211, kinds.lacking * office.laxity_culture)
    )
select
    label('N', opened.number, 7) as venue_id,
    opened.union_id,
    opened.kind,
    opened.opened_on,
    case
        when slips(opened.number, 212, b.venue_closed * opened.laxity_culture)
            then day_between(greatest(opened.opened_on, city.first_month), city.handed_over, draw(opened.number, 213))
    end as closed_on,
    touched(greatest(opened.opened_on, city.history_begins), opened.number * 100 + 30) as updated_at
from opened
cross join b
cross join city
where opened.opened_on <= opened.active_until;

create table activity as
with
    b as (select * from behaviour_culture),
    held as (
        select
            office.*,
            office.serial * 1000 + slot as number,
            slot_day(slot, 92, draw(office.serial * 1000 + slot, 220)) as held_on
        from office
        cross join range(10) as numbers(slot)
        cross join b
        where
            not slips(office.serial, 221, b.activity_idle * office.laxity_culture)
            and draw(office.serial * 1000 + slot, 222) < b.activity
    )
select
    label('A', held.number, 8) as activity_id,
    held.union_id,
    held.held_on,
    cast(
        greatest(
            1,
            round(
                held.employees
                * short_of(b.activity_most, b.activity_loss, held.laxity_culture, draw(held.number, 223))
            )
        ) as integer
    ) as participants,
    touched(held.held_on + 2, held.number) as updated_at
from held
cross join b
where held.held_on between held.active_from and held.active_until;

-- The members longest on the roll rate, most of them once in a year or not at all.
create table member_rating as
with
    b as (select * from behaviour_culture),
    raters as (
        select roll.union_id, roll.number, roll.joined_on, roll.left_on, office.laxity_culture, office.active_until
        from roll
        join office on roll.serial = office.serial
        cross join b
        where roll.position < b.raters
    ),
    rated as (
        select
            raters.*,
            raters.number * 10 + half_year as rating_number,
            slot_day(half_year, 184, draw(raters.number * 10 + half_year, 230)) as rated_on
        from raters
        cross join range(5) as halves(half_year)
        cross join b
        where draw(raters.number * 10 + half_year, 231) < b.rating / 2
    )
select
    label('R', rated.rating_number, 8) as rating_id,
    rated.union_id,
    label('M', rated.number + 1, 7) as member_id,
    rated.rated_on,
    5
    - case when slips(rated.rating_number, 232, b.displeased * rated.laxity_culture) then 1 else 0 end
    - case when slips(rated.rating_number, 233, b.annoyed * rated.laxity_culture) then 1 else 0 end
    - case when slips(rated.rating_number, 234, b.angry * rated.laxity_culture) then 2 else 0 end as stars,
    touched(rated.rated_on, rated.rating_number) as updated_at
from rated
cross join b
where
    rated.rated_on >= rated.joined_on
    and rated.rated_on <= rated.active_until
    and coalesce(rated.left_on > rated.rated_on, true);
