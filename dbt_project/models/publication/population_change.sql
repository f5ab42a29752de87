with areas as (
    select * from {{ ref('int_area') }}
),

enterprises as (
    select * from {{ ref('int_area_enterprise') }}
),

events as (
    select * from {{ ref('stg_operating_event') }}
),

period as (
    select * from {{ ref('int_period') }}
),

changes as (
    select distinct
        enterprises.area_code,
        events.enterprise_id,
        events.event
    from events
    cross join period
    inner join enterprises on events.enterprise_id = enterprises.enterprise_id
    where events.occurred_on >= period.month_start and events.occurred_on <= period.as_of_date
)

select
    period.period,
    areas.area_code,
    cast(count(case when changes.event = 'opened' then 1 end) as integer) as opened,
    cast(count(case when changes.event = 'resumed' then 1 end) as integer) as resumed,
    cast(count(case when changes.event = 'converted' then 1 end) as integer) as converted,
    cast(count(case when changes.event = 'relocated' then 1 end) as integer) as relocated,
    cast(count(case when changes.event = 'suspended' then 1 end) as integer) as suspended,
    cast(count(case when changes.event = 'merged' then 1 end) as integer) as merged,
    cast(count(case when changes.event = 'closed' then 1 end) as integer) as closed
from areas
cross join period
left join changes on areas.area_code = changes.area_code
group by period.period, areas.area_code
order by areas.area_code
