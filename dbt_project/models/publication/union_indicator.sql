with scores as (
    select * from {{ ref('int_indicator_score') }}
),

period as (
    select period from {{ ref('int_period') }}
)

select
    period.period,
    scores.union_id,
    scores.indicator,
    scores.status,
    scores.numerator,
    scores.denominator,
    scores.value,
    scores.score
from scores
cross join period
order by scores.union_id, scores.indicator
