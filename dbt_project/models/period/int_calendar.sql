with holidays as (
    select * from {{ ref('public_holidays') }}
),

span as (
    select {{ days("make_date(min(extract(year from date)), 1, 1)", "make_date(max(extract(year from date)), 12, 31)") }} as date
    from holidays
),

marked as (
    select
        span.date,
        coalesce(holidays.kind = 'working_day', extract(dow from span.date) not in (0, 6)) as is_working_day
    from span
    left join holidays on span.date = holidays.date
)

select
    date,
    is_working_day,
    sum(case when is_working_day then 1 else 0 end) over (order by date) as working_days
from marked
