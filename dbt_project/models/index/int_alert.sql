with alerts as (
    select * from {{ ref('int_immediate_alert') }}
    union all
    select * from {{ ref('int_persistent_alert') }}
),

predecessor as (
    select * from {{ source('predecessor', 'alert') }}
),

period as (
    select * from {{ ref('int_period') }}
)

select
    alerts.union_id,
    alerts.rule,
    alerts.level,
    alerts.dimension,
    alerts.observed,
    alerts.threshold,
    coalesce(predecessor.opened_period, period.period) as opened_period,
    1 + coalesce(predecessor.months_open, 0) as months_open
from alerts
cross join period
left join predecessor
    on
        alerts.union_id = predecessor.union_id
        and alerts.rule = predecessor.rule
        and coalesce(alerts.dimension, '') = coalesce(predecessor.dimension, '')
