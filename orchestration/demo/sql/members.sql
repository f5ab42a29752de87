-- The members of the unions.  `roll` keeps their numbers and days for those who later rate.

create table roll as
with
    city as (select * from behaviour_city),
    b as (select * from behaviour_member),
    counted as (
        select
            office.*,
            cast(
                greatest(
                    1,
                    round(
                        office.employees
                        * short_of(1, b.unenrolled, office.laxity_organization, draw(office.serial, 40))
                    )
                ) as integer
            ) as present,
            -- young unions enrol everyone at once and have lost nobody
            office.union_on >= city.first_month as young,
            case
                when office.union_on >= city.first_month then 0
                else cast(round(office.employees * b.turnover * 2 * draw(office.serial, 41)) as integer)
            end as former
        from office
        cross join b
        cross join city
    ),
    numbered as (
        select *, sum(present + former) over (order by serial) - (present + former) as members_before from counted
    ),
    people as (
        select *, unnest(range(present + former)) as position from numbered
    ),
    joined as (
        select
            people.serial,
            people.union_id,
            people.county_code,
            people.laxity_organization,
            people.women_share,
            people.position,
            people.ended_on,
            people.crisis_on,
            people.position >= people.present as is_former,
            cast(people.members_before + people.position as bigint) as number,
            greatest(people.union_on, city.register_begins) as opens_on,
            people.young,
            people.present
        from people
        cross join city
    ),
    timed as (
        select
            joined.*,
            case
                when joined.young or joined.position < joined.present * b.founding_share
                    then joined.opens_on + whole(draw(joined.number, 42) * 12)
                when joined.is_former then day_between(joined.opens_on, b.former_joined_until, draw(joined.number, 42))
                else day_between(joined.opens_on, city.last_day, draw(joined.number, 42))
            end as joined_on
        from joined
        cross join b
        cross join city
    )
select
    timed.serial,
    timed.union_id,
    timed.county_code,
    timed.position,
    timed.number,
    timed.joined_on,
    case
        when timed.is_former then day_between(timed.joined_on + 30, city.handed_over, draw(timed.number, 43))
        when timed.crisis_on is not null and draw(timed.number, 44) < b.leaves_in_crisis
            then known(greatest(timed.joined_on, timed.crisis_on + whole(draw(timed.number, 43) * 8)))
        when timed.ended_on is not null then greatest(timed.joined_on, timed.ended_on)
    end as left_on,
    draw(timed.number, 45) < timed.women_share as woman,
    slips(timed.number, 46, b.unverified * timed.laxity_organization) as unverified
from timed
cross join b
cross join city
where timed.joined_on <= city.handed_over;

create table member as
with
    b as (select * from behaviour_member),
    city as (select * from behaviour_city),
    words as (select * from word_lists),
    described as (
        select
            roll.*,
            -- each number has a birthday and a place in that day's sequence of its own; men have odd ones
            cast(
                roll.county_code
                || strftime(b.born_from + cast(roll.number * 7919 % 12000 as integer), '%Y%m%d')
                || label('', 2 * (roll.number // 12000) + case when roll.woman then 0 else 1 end, 3) as bigint
            ) as identity_stem,
            greatest(roll.joined_on, city.platform_begins) + whole(pow(draw(roll.number, 47), 2) * 90)
                as verified_day,
            words.surnames[1 + whole(pow(draw(roll.number, 48), 1.6) * len(words.surnames))] as surname,
            case when roll.woman then words.given_women else words.given_men end as given
        from roll
        cross join b
        cross join city
        cross join words
    )
select
    label('M', described.number + 1, 7) as member_id,
    described.union_id,
    described.surname
    || pick(described.given, draw(described.number, 49))
    || case
        when draw(described.number, 50) < 0.6 then pick(described.given, draw(described.number, 51)) else ''
    end as name,
    case
        when not (described.unverified and draw(described.number, 52) < b.identity_unknown)
            then described.identity_stem || identity_check(described.identity_stem)
    end as id_number,
    -- no mobile number begins with 100
    label('100', described.number + 1, 8) as phone,
    case when described.woman then 'f' else 'm' end as gender,
    described.joined_on,
    described.left_on,
    case when not described.unverified then known(described.verified_day) end as verified_on,
    touched(greatest(described.joined_on, described.left_on, described.verified_day), described.number) as updated_at
from described
cross join b;
