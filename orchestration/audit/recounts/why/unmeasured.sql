-- Why unions whose rows count are not measured: every reason that holds, in the order of the frame's conditions, with its day.
with latest as (
    select
        enterprise_id,
        max_by({ 'event': event, 'occurred_on': occurred_on }, (occurred_on, updated_at, event_id)) as latest_event
    from operating_event
    where occurred_on <= as_of()
    group by enterprise_id
),

facts as (
    select
        union_org.union_id,
        union_org.enterprise_id,
        enterprise.name_zh,
        enterprise.region_code as township_code,
        enterprise.enterprise_id is not null as has_enterprise,
        enterprise.established_on as enterprise_established_on,
        union_org.established_on as union_established_on,
        union_org.linked_on,
        latest.latest_event['event'] as latest_kind,
        latest.latest_event['occurred_on'] as latest_on
    from union_org
    left join enterprise on union_org.enterprise_id = enterprise.enterprise_id
    left join latest on union_org.enterprise_id = latest.enterprise_id
),

reasons as (
    select
        union_id,
        1 as place,
        'no_enterprise' as reason,
        cast(null as date) as happened_on
    from facts
    where not has_enterprise
    union all
    select
        union_id,
        2 as place,
        'enterprise_established_later' as reason,
        enterprise_established_on as happened_on
    from facts
    where enterprise_established_on > as_of()
    union all
    select
        union_id,
        3 as place,
        'union_established_later' as reason,
        union_established_on as happened_on
    from facts
    where union_established_on > as_of()
    union all
    select
        union_id,
        4 as place,
        concat('enterprise_', latest_kind) as reason,
        latest_on as happened_on
    from facts
    where latest_kind in ('closed', 'merged')
    union all
    select
        union_id,
        5 as place,
        'never_linked' as reason,
        cast(null as date) as happened_on
    from facts
    where linked_on is null
    union all
    select
        union_id,
        6 as place,
        'linked_later' as reason,
        linked_on as happened_on
    from facts
    where linked_on > as_of()
)

select
    facts.union_id,
    facts.enterprise_id,
    facts.name_zh,
    facts.township_code,
    reasons.reason,
    reasons.happened_on
from reasons
inner join facts on reasons.union_id = facts.union_id
order by facts.union_id, reasons.place
