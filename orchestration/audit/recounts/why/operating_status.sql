-- Which event of an enterprise gives its grade: the latest one by the as-of date; earlier and later ones do not.
select
    linked.union_id,
    operating_event.origin,
    operating_event.key,
    case
        when operating_event.occurred_on > as_of() then 'occurred_later'
        when operating_event.origin = linked.latest_event['origin'] then operating_event.event
        else 'superseded'
    end as outcome,
    operating_event.occurred_on as happened_on
from operating_event
inner join linked on operating_event.enterprise_id = linked.enterprise_id
