-- grade of the latest event; without one, and where the enterprise converted or relocated before the window, grade opened
with latest as (
    select
        union_id,
        latest_event['origin'] as origin,
        latest_event['event'] as grade,
        latest_event['occurred_on'] as occurred_on
    from linked
    where latest_event is not null
)

select
    union_id,
    origin,
    concat(grade, ' ', occurred_on) as counts_as,
    grade('operating_status', case when grade in ('converted', 'relocated') and not in_window(occurred_on) then 'opened' else grade end)
        as numerator,
    null as denominator
from latest;

select
    union_id,
    'observed' as status,
    coalesce(highest_numerator, grade('operating_status', 'opened')) as numerator,
    null as denominator,
    1 as factor
from sums
