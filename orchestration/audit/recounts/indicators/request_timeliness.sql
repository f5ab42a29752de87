-- over requests due in the window: 100 * closed by the due date / all, due some working days after the opening; none: not applicable
with requests as (
    select
        union_id,
        origin,
        city_day(opened_at) as opened_on,
        city_day(closed_at) as closed_on
    from service_request
),

opened as (
    select distinct opened_on from requests
),

due as (
    select
        opened.opened_on,
        last_day.calendar_day as due_on
    from opened
    asof join working_day as first_day on opened.opened_on < first_day.calendar_day
    inner join working_day as last_day on last_day.number = first_day.number + parameter('request_limit_working_days') - 1
)

select
    requests.union_id,
    requests.origin,
    concat('due ', due.due_on) as counts_as,
    case when requests.closed_on <= due.due_on then 1 else 0 end as numerator,
    1 as denominator
from requests
inner join due on requests.opened_on = due.opened_on
where in_window(due.due_on);

select
    union_id,
    case when row_count = 0 then 'not_applicable' else 'observed' end as status,
    coalesce(numerator_sum, 0) as numerator,
    nullif(denominator_sum, 0) as denominator,
    100 as factor
from sums
