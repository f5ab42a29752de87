-- The frame: enterprises with a union, both there at the as-of date, whose latest event is not that they closed or merged.
with latest as (
    select
        enterprise_id,
        max_by({ 'origin': origin, 'event': event, 'occurred_on': occurred_on }, (occurred_on, updated_at, event_id)) as latest_event
    from operating_event
    where occurred_on <= as_of()
    group by enterprise_id
)

select
    union_org.union_id,
    union_org.enterprise_id,
    enterprise.region_code as township_code,
    enterprise.employee_count,
    union_org.womens_committee,
    union_org.committee_elected_on,
    union_org.committee_term_years,
    enterprise.origin as enterprise_origin,
    union_org.origin as union_origin,
    latest.latest_event,
    coalesce(union_org.linked_on <= as_of(), false) as is_linked
from enterprise
inner join union_org on enterprise.enterprise_id = union_org.enterprise_id
left join latest on enterprise.enterprise_id = latest.enterprise_id
where
    greatest(enterprise.established_on, union_org.established_on) <= as_of()
    and coalesce(latest.latest_event['event'], 'opened') not in ('closed', 'merged')
