with events as (
    select * from {{ ref('stg_operating_event') }}
),

period as (
    select * from {{ ref('int_period') }}
),

ordered as (
    select
        events.enterprise_id,
        events.event,
        events.occurred_on,
        row_number() over (
            partition by events.enterprise_id order by events.occurred_on desc, events.updated_at desc, events.event_id desc
        ) as recency
    from events
    cross join period
    where events.occurred_on <= period.as_of_date
)

select
    enterprise_id,
    event,
    occurred_on
from ordered
where recency = 1
