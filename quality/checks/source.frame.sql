-- areas whose frame or sample is not the one recounted from the landing
with last_event as (
    select
        events.enterprise_id,
        events.event
    from accepted_operating_event as events
    cross join build
    where events.occurred_on <= build.as_of
    qualify
        row_number() over (
            partition by events.enterprise_id
            order by events.occurred_on desc, events.updated_at desc, events.event_id desc
        ) = 1
),

frame as (
    select
        enterprises.region_code,
        coalesce(unions.linked_on <= build.as_of, false) as linked
    from accepted_enterprise as enterprises
    inner join accepted_union_org as unions on enterprises.enterprise_id = unions.enterprise_id
    cross join build
    left join last_event on enterprises.enterprise_id = last_event.enterprise_id
    where
        enterprises.established_on <= build.as_of
        and unions.established_on <= build.as_of
        and coalesce(last_event.event, 'opened') not in ('closed', 'merged')
),

counted as (
    select
        area.area_code,
        count(*) as frame,
        count(*) filter (where frame.linked) as linked
    from frame, unnest([frame.region_code, substr(frame.region_code, 1, 6), substr(frame.region_code, 1, 4)]) as area (area_code)
    inner join accepted_region as regions on area.area_code = regions.region_code
    group by area.area_code
)

select coalesce(areas.area_code, counted.area_code) as fault
from area_index as areas
full join counted on areas.area_code = counted.area_code
where (areas.frame, areas.linked) is distinct from (coalesce(counted.frame, 0), coalesce(counted.linked, 0))
