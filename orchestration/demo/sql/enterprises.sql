-- Places, enterprises and what happens to them.  `employer` has what the other scripts need to know of an enterprise.

create table region as
select region_code, name_zh, name_en, level, parent_code
from place;

-- Every operating event that starts from an ordinary month, numbered; each will befall another enterprise.
create table turning_point as
with
    city as (select * from behaviour_city),
    kinds as (select * from behaviour_turning_points),
    months as (
        select
            cast(unnest(generate_series(first_month, handed_over, interval 1 month)) as date) as month_start,
            last_quarter,
            handed_over
        from city
    ),
    quotas as (
        select
            months.month_start,
            kinds.kind,
            least(cast(months.month_start + interval 1 month as date) - 1, months.handed_over) as last_day,
            -- the last, unfinished month has its part only
            kinds.per_month * getvariable('scale')
            * least(1.0, (months.handed_over - months.month_start + 1) / 30.0) as quota,
            months.month_start >= months.last_quarter as recent
        from months
        cross join kinds
    ),
    whole as (
        select *, cast(case when recent then ceil(quota) else round(quota) end as integer) as points from quotas
    ),
    expanded as (select month_start, last_day, kind, unnest(range(points)) as position, points from whole)
select
    row_number() over (order by month_start desc, kind asc, position asc) - 1 as turn,
    kind,
    month_start,
    last_day,
    position,
    points
from expanded;

-- Where townships lie on the line from 0 to 1; those named first in a county are the larger ones.
create table township as
with
    places as (select * from place where level = 'township'),
    counties as (select * from behaviour_county),
    weighted as (
        select
            places.region_code,
            places.parent_code as county_code,
            counties.share
            / (2 + cast(substr(places.region_code, length(places.parent_code) + 1) as integer))
            / sum(1.0 / (2 + cast(substr(places.region_code, length(places.parent_code) + 1) as integer))) over (partition by places.parent_code)
            as weight
        from places
        join counties on places.parent_code = counties.county_code
    )
select
    region_code,
    county_code,
    row_number() over (order by region_code) - 1 as position,
    sum(weight) over (order by region_code) - weight as begins,
    case
        when row_number() over (order by region_code desc) = 1 then 2.0 else sum(weight) over (order by region_code)
    end as ends
from weighted;

create table employer as
with
    enterprise as (select * from behaviour_enterprise),
    words as (select * from word_lists),
    serials as (
        select
            unnest(range(getvariable('enterprises'))) as serial
    ),
    placed as (
        -- every township has an enterprise, however small the city
        select
            serials.serial,
            row_number() over (order by draw(serials.serial, 2), serials.serial) - 1 as lot,
            township.region_code,
            township.county_code
        from serials
        join township on
            case when serials.serial < (select count(*) from township)
                then serials.serial = township.position
                else draw(serials.serial, 3) >= township.begins and draw(serials.serial, 3) < township.ends
            end
    ),
    turned as (
        select
            placed.*,
            turning_point.kind as turn,
            turning_point.position < turning_point.points * enterprise.crisis_share as hard,
            day_between(turning_point.month_start, turning_point.last_day, draw(placed.serial, 4)) as turned_on
        from placed
        left join turning_point on placed.lot = turning_point.turn
        cross join enterprise
    ),
    named as (
        select
            turned.*,
            turned.serial * 7919 % (len(words.trade_names) * len(words.trade_names)) as pair,
            turned.serial // (len(words.trade_names) * len(words.trade_names)) as round
        from turned
        cross join words
    )
select
    named.serial,
    named.county_code,
    named.region_code,
    named.turn,
    named.turned_on,
    coalesce(named.turn = 'suspended' and named.hard, false) as in_crisis,
    '91' || named.county_code || label('', (named.serial * 7919 + 10000019) % 100000000, 8) as credit_stem,
    place.name_zh
    || words.trade_names[1 + named.pair // len(words.trade_names)]
    || words.trade_names[1 + named.pair % len(words.trade_names)]
    || words.trades[1 + (named.round + named.pair) % len(words.trades)].text
    || '有限公司' as name_zh,
    words.trades[1 + (named.round + named.pair) % len(words.trades)].industry as industry_code,
    cast(
        greatest(
            enterprise.employees_least,
            least(
                enterprise.employees_most,
                round(
                    enterprise.employees_median
                    * exp(
                        enterprise.employees_sigma
                        * sqrt(-2 * ln(1 - draw(named.serial, 5)))
                        * cos(2 * pi() * draw(named.serial, 6))
                    )
                )
            )
        ) as integer
    ) as employees,
    case
        when named.turn = 'opened' then named.turned_on
        else day_between(
            enterprise.founded_from, enterprise.founded_until, pow(draw(named.serial, 7), enterprise.founding_skew)
        )
    end as established_on
from named
join place on named.county_code = place.region_code
cross join enterprise
cross join words;

-- The code's stem is completed step by step: first the organization's own check character, then that of the whole.
alter table employer add column enterprise_id varchar;
update employer set enterprise_id = credit_stem || organization_check(substr(credit_stem, 9, 8));
update employer set enterprise_id = enterprise_id || credit_check(enterprise_id);

create table operating_event as
with
    city as (select * from behaviour_city),
    enterprise as (select * from behaviour_enterprise),
    turns as (
        select serial, enterprise_id, turn as event, turned_on as occurred_on, 0 as position
        from employer
        where turn is not null
    ),
    openings as (
        select
            employer.serial,
            employer.enterprise_id,
            'opened' as event,
            employer.established_on as occurred_on,
            1 as position
        from employer
        cross join city
        where coalesce(employer.turn, '') <> 'opened' and employer.established_on >= city.platform_begins
    ),
    suspensions_before as (
        select
            serial,
            enterprise_id,
            'suspended' as event,
            turned_on - 20 - whole(draw(serial, 8) * 120) as occurred_on,
            2 as position
        from employer
        where turn = 'resumed'
    ),
    resumptions_after as (
        select
            employer.serial,
            employer.enterprise_id,
            'resumed' as event,
            employer.turned_on + 30 + whole(draw(employer.serial, 9) * 150) as occurred_on,
            3 as position
        from employer
        cross join enterprise
        where
            employer.turn = 'suspended'
            and employer.turned_on <= enterprise.resumes_again_until
            and draw(employer.serial, 10) < enterprise.resumes_again
    ),
    events as (
        select * from turns
        union all select * from openings
        union all select * from suspensions_before
        union all select * from resumptions_after
    )
select
    label('E', serial * 10 + position, 7) as event_id,
    enterprise_id,
    event,
    occurred_on,
    touched(occurred_on, serial * 1000 + position) as updated_at
from events;
