with alerts as (
    select * from {{ ref('int_alert') }}
),

period as (
    select period from {{ ref('int_period') }}
)

select
    period.period,
    alerts.union_id,
    alerts.rule,
    alerts.level,
    alerts.dimension,
    alerts.observed,
    alerts.threshold,
    alerts.opened_period,
    cast(alerts.months_open as integer) as months_open
from alerts
cross join period
order by alerts.union_id, alerts.rule, alerts.dimension
