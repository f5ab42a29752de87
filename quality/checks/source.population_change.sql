-- areas whose enterprises opened, suspended or closed are not those recounted from the landing
with events as (
    select distinct
        enterprises.region_code,
        events.enterprise_id,
        events.event
    from accepted_operating_event as events
    inner join accepted_enterprise as enterprises on events.enterprise_id = enterprises.enterprise_id
    cross join build
    where events.occurred_on between build.first_day and build.as_of
),

counted as (
    select
        area.area_code,
        count(*) filter (where events.event = 'opened') as opened,
        count(*) filter (where events.event = 'resumed') as resumed,
        count(*) filter (where events.event = 'converted') as converted,
        count(*) filter (where events.event = 'relocated') as relocated,
        count(*) filter (where events.event = 'suspended') as suspended,
        count(*) filter (where events.event = 'merged') as merged,
        count(*) filter (where events.event = 'closed') as closed
    from events, unnest([events.region_code, substr(events.region_code, 1, 6), substr(events.region_code, 1, 4)]) as area (area_code)
    group by area.area_code
)

select coalesce(areas.area_code, found.area_code) as fault
from area_index as areas
full join population_change as found on areas.area_code = found.area_code
left join counted on areas.area_code = counted.area_code
where
    (found.opened, found.resumed, found.converted, found.relocated, found.suspended, found.merged, found.closed)
    is distinct from (
        coalesce(counted.opened, 0),
        coalesce(counted.resumed, 0),
        coalesce(counted.converted, 0),
        coalesce(counted.relocated, 0),
        coalesce(counted.suspended, 0),
        coalesce(counted.merged, 0),
        coalesce(counted.closed, 0)
    )
