-- The unions and the enterprises as handed over.  `office` has what the later scripts need to know of a union.

create table office as
with
    city as (select * from behaviour_city),
    b as (select * from behaviour_union),
    people as (select * from behaviour_member),
    counties as (select * from behaviour_county),
    with_union as (
        select
            employer.*,
            -- an exponential spread: most unions slip seldom, a few often
            least(
                b.laxity_most, b.laxity_floor - (1 - b.laxity_floor) * ln(1 - draw(employer.serial, 20))
            ) as laxity,
            case
                when employer.turn = 'opened'
                    then employer.established_on + 5 + whole(draw(employer.serial, 21) * 25)
                else greatest(
                    employer.established_on + 20,
                    least(
                        employer.established_on + 60 + whole(pow(draw(employer.serial, 21), 2) * 4000),
                        b.ordinary_until - whole(draw(employer.serial, 22) * 300)
                    )
                )
            end as union_on,
            case when employer.turn in ('closed', 'merged') then employer.turned_on end as ended_on,
            case when employer.in_crisis then employer.turned_on end as crisis_on
        from employer
        cross join b
        where draw(employer.serial, 23) >= b.without_union
    ),
    founded as (
        select
            with_union.*,
            counties.linking,
            with_union.laxity * counties.organization as laxity_organization,
            with_union.laxity * counties.rights as laxity_rights,
            with_union.laxity * counties.innovation as laxity_innovation,
            with_union.laxity * counties.culture as laxity_culture
        from with_union
        join counties on with_union.county_code = counties.county_code
        cross join city
        where with_union.union_on <= city.handed_over
    ),
    queued as (
        -- the frame at the end of the last month, in the order in which its unions are linked
        select
            founded.*,
            founded.union_on <= city.last_day and coalesce(founded.ended_on > city.last_day, true) as in_frame,
            row_number() over (
                partition by founded.union_on <= city.last_day and coalesce(founded.ended_on > city.last_day, true)
                order by -ln(1 - draw(founded.serial, 24)) / founded.linking, founded.serial
            ) as place_in_queue,
            round(city.linked * getvariable('scale')) as quota,
            round(b.linked_next * getvariable('scale')) as quota_next,
            city.handed_over,
            city.last_day
        from founded
        cross join city
        cross join b
    ),
    linked as (
        select
            queued.*,
            case
                when draw(queued.serial, 25) < b.linked_last_year
                    then day_between(b.linking_last_year, queued.last_day, draw(queued.serial, 26))
                else day_between(city.platform_begins, b.linking_last_year - 1, draw(queued.serial, 26))
            end as link_day
        from queued
        cross join b
        cross join city
    )
select
    linked.serial,
    label('U', linked.serial + 1, 7) as union_id,
    linked.enterprise_id,
    linked.county_code,
    linked.employees,
    linked.laxity_organization,
    linked.laxity_rights,
    linked.laxity_innovation,
    linked.laxity_culture,
    linked.union_on,
    linked.ended_on,
    linked.crisis_on,
    -- nothing more is held or filed after a crisis or the end
    least(linked.handed_over, coalesce(linked.crisis_on, linked.ended_on, linked.handed_over)) as active_until,
    greatest(linked.union_on, city.history_begins) as active_from,
    case
        when linked.in_frame and linked.place_in_queue <= linked.quota
            then least(greatest(linked.link_day, linked.union_on + 3), linked.last_day)
        when linked.in_frame and linked.place_in_queue <= linked.quota + linked.quota_next
            then day_between(linked.last_day + 1, linked.handed_over, draw(linked.serial, 26))
        when linked.ended_on <= linked.last_day and draw(linked.serial, 27) < b.linked_if_ended
            then known(least(greatest(linked.link_day, linked.union_on + 3), linked.ended_on))
    end as linked_on,
    cast(case when draw(linked.serial, 28) < b.term_of_five then 5 else 3 end as integer) as term_years,
    slips(linked.serial, 29, b.election_overdue * linked.laxity_organization) as overdue,
    slips(linked.serial, 30, b.election_unknown * linked.laxity_organization) as election_unknown,
    people.women_least + draw(linked.serial, 31) * (people.women_most - people.women_least) as women_share
from linked
cross join city
cross join b
cross join people;

create table union_org as
with
    city as (select * from behaviour_city),
    b as (select * from behaviour_union),
    elected as (
        select
            office.*,
            -- the term runs out between the next month and a whole term later, or ran out months ago; as only the
            -- latest election is on file, one of the last weeks hides the committee of the months before
            case
                when office.overdue
                    then cast(
                        city.last_day
                        + whole(30 * b.election_overdue_months * ln(1 - draw(office.serial, 32)))
                        - to_years(office.term_years) as date
                    )
                when draw(office.serial, 36) < b.elected_just_now
                    then city.handed_over - whole(draw(office.serial, 32) * 95)
                else city.handed_over - 100 - whole(draw(office.serial, 32) * (office.term_years * 365 - 140))
            end as last_election
        from office
        cross join city
        cross join b
    )
select
    elected.union_id,
    elected.enterprise_id,
    elected.union_on as established_on,
    case when not elected.election_unknown then greatest(elected.last_election, elected.union_on) end
        as committee_elected_on,
    elected.term_years as committee_term_years,
    draw(elected.serial, 33) < case
        when elected.employees * elected.women_share >= 9 then b.womens_committee else 0.3
    end as womens_committee,
    elected.linked_on,
    touched(
        greatest(elected.union_on, elected.linked_on, greatest(elected.last_election, elected.union_on)),
        elected.serial * 1000 + 10
    ) as updated_at
from elected
cross join b;

create table enterprise as
with
    city as (select * from behaviour_city),
    b as (select * from behaviour_enterprise)
select
    employer.enterprise_id,
    employer.name_zh,
    employer.region_code,
    employer.industry_code,
    case
        when not slips(employer.serial, 34, b.employees_unreported * coalesce(office.laxity_organization, 1))
            then employer.employees
    end as employee_count,
    employer.established_on,
    touched(
        greatest(employer.established_on, city.handed_over - whole(draw(employer.serial, 35) * 368)),
        employer.serial * 1000 + 11
    ) as updated_at
from employer
left join office on employer.serial = office.serial
cross join b
cross join city;
